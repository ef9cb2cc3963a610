"""What can be asked about the ComfyUI server in use."""

from batchgen_app.comfy.client import ServerStats
from batchgen_app.comfy.models import Model
from batchgen_app.core.errors import ServerError
from batchgen_app.services.questions import Questions


class ServerQueries(Questions):
    """As it was found when it was last looked at; the lists of what it offers are remembered for a
    while, and raise ServerError where it does not answer in time.
    """

    @property
    def address(self) -> str:
        """Where it is."""
        return self._app.server.client.address

    @property
    def fault(self) -> ServerError | None:
        """Why it does not answer; None while it does, or as long as that is not known."""
        return self._app.server.fault

    @property
    def stats(self) -> ServerStats | None:
        """What it last told about itself; None before it did."""
        return self._app.server.stats

    @property
    def is_demo(self) -> bool:
        """Whether it is a demo engine, which paints placeholder pictures."""
        return self._app.server.is_demo

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """All models, sorted by category and name; with ``refresh``, those of now."""
        return await self._app.server.catalog.models(refresh=refresh)

    async def samplers(self) -> tuple[str, ...]:
        """What ``samplerName`` may be, in the server's order."""
        return await self._app.server.catalog.samplers()

    async def schedulers(self) -> tuple[str, ...]:
        """What ``scheduler`` may be, in the server's order."""
        return await self._app.server.catalog.schedulers()
