"""ApiCatalog: what there is to choose from on a server whose interface names neither models nor
nodes. What a person names is taken at their word, and the server has the last one.
"""

from collections.abc import Collection, Iterable

from batchgen_app.comfy.models import LOADERS, Model, place_in_list
from batchgen_app.core.programs.sampler_names import SAMPLERS, SCHEDULERS
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

NOT_TOLD = later("This server does not tell its models. Name one as it is called there.")
MOST = 100
"""Models that are remembered."""


class ApiCatalog:
    """Asks nothing, so nothing raises."""

    tells_models = False
    no_models = NOT_TOLD

    def __init__(self) -> None:
        self._named: dict[str, Model] = {}

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """Those that somebody has named since the start."""
        return tuple(sorted(self._named.values(), key=place_in_list))

    async def samplers(self) -> tuple[str, ...]:
        """Those that ComfyUI has had for long."""
        return tuple(dict.fromkeys(SAMPLERS.values()))

    async def schedulers(self) -> tuple[str, ...]:
        """Those that ComfyUI has had for long."""
        return tuple(dict.fromkeys(SCHEDULERS.values()))

    async def require(self, name: str) -> Model:
        """A checkpoint of that name; where the server has none, it refuses the graph."""
        if len(self._named) < MOST:
            self._named[name] = LOADERS[0].model(name)
        return LOADERS[0].model(name)

    async def hashes(self, names: Collection[str]) -> dict[str, str]:
        """None of them."""
        return {}

    async def node_types(self, class_types: Iterable[str]) -> dict[str, JsonObject | None]:
        """Of no type is anything known."""
        return dict.fromkeys(class_types)
