"""What the app needs of a server, however it is spoken to: the halves of a connection, as those use
them who make batches. Every method raises ServerUnreachable where no whole answer comes, and
ServerFault where it makes no sense.
"""

from collections.abc import Collection, Iterable
from typing import Protocol, Self

from batchgen_app.comfy.arrival import Arrival, Place
from batchgen_app.comfy.client import SubmitAnswer
from batchgen_app.comfy.models import Model
from batchgen_app.comfy.prompt_status import OutputFile, PromptStatus
from batchgen_app.comfy.stats import ServerStats
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message


class ServerClient(Protocol):
    """Asks and tells; an async context manager."""

    address: str
    headers: dict[str, str]

    @property
    def makes_ids(self) -> bool:
        """Whether prompts run under the ids of its answers, whichever they were given."""

    @property
    def tells_recalls(self) -> bool:
        """Whether it is heard which results of an earlier prompt served."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def stats(self) -> ServerStats:
        """What the server tells about itself."""

    async def queue_remaining(self) -> int:
        """Prompts that wait or run, of all clients: the cheapest sign of life."""

    async def submit(
        self, nodes: JsonObject, *, prompt_id: str, client_id: str | None
    ) -> SubmitAnswer:
        """Queue a graph. Raises PromptRefused where the server's validation says no; after
        ServerUnreachable and ServerFault it may be queued or not: ask for its status.
        """

    async def prompt_status(self, prompt_id: str) -> PromptStatus:
        """Where a prompt is."""

    async def cancel(self, prompt_id: str) -> None:
        """Stop a prompt, whether it waits or runs; harmless if it does neither."""

    async def take_out(self, prompt_id: str) -> None:
        """Take a prompt that waits out of the queue; harmless to one that runs."""

    async def drop_copies(self, prompt_id: str) -> None:
        """Leave one of a prompt that is in the queue several times."""

    async def upload(self, name: str, content: bytes) -> str:
        """Give the server a picture; the same one again is the same. Gives what stands for it in a
        graph.
        """

    async def picture(
        self, file: OutputFile, *, limit: int | None = None, arrival: Arrival | None = None
    ) -> bytes:
        """The file, byte for byte; ``arrival`` knows how it comes. Raises PictureMissing where the
        server does not give it, TooLargeToHold where it is longer than ``limit`` bytes, or than
        what is held at all.
        """

    async def picture_into(self, place: Place, file: OutputFile, arrival: Arrival) -> None:
        """The same of any length, written to its ``place`` as it comes; raises also what that
        raises.
        """


class ServerListener(Protocol):
    """Hears what the server says by itself; an async context manager."""

    @property
    def client_id(self) -> str | None:
        """To post prompts with that are to be heard about; None while nothing is heard."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def connected(self) -> None:
        """Wait until the server is heard."""

    def expect_status(self, *, since: float) -> None:
        """Say that something must be heard now, because a prompt was posted at ``since`` (by
        time.monotonic(), taken before the request left).
        """

    def hurry(self) -> None:
        """Try for the next connection now instead of after a pause; harmless if there is one."""


class ServerCatalog(Protocol):
    """What the server offers to choose from. Where it ``tells_models``, it has no others; and
    ``no_models`` is what to say where none is told of.
    """

    @property
    def tells_models(self) -> bool: ...

    @property
    def no_models(self) -> Message: ...

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """All models, sorted by category and name."""

    async def samplers(self) -> tuple[str, ...]:
        """What ``sampler_name`` may be, in the server's order."""

    async def schedulers(self) -> tuple[str, ...]:
        """What ``scheduler`` may be, in the server's order."""

    async def require(self, name: str) -> Model:
        """The model of that name, asked for now. Raises InvalidRequest if the server has none that
        makes pictures under that name.
        """

    async def hashes(self, names: Collection[str]) -> dict[str, str]:
        """Of these files, by which hashes sharing sites know them, as far as they say it."""

    async def node_types(self, class_types: Iterable[str]) -> dict[str, JsonObject | None]:
        """What the server tells now about each of these: {} for one that it does not have, None
        where it cannot be asked.
        """
