"""Commands: what is done. Each is told for whom, and raises Forbidden unless they may."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.batch_service import Accepted
from batchgen_app.batches.workflow_reader import require_workflow
from batchgen_app.comfy.models import Model
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import Conflict
from batchgen_app.core.request import AnyRequest, Family
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.uploads import Upload
from batchgen_app.storage.workflow_library import KeptWorkflow, id_of
from batchgen_app.workflows.families import FAMILIES

BUILT_IN = later("A built-in workflow cannot be changed. Keep a copy under another name.")
P = ParamSpec("P")
T = TypeVar("T")


def done_at_last(
    command: Callable[Concatenate["Commands", P], Awaitable[T]],
) -> Callable[Concatenate["Commands", P], Coroutine[Any, Any, T]]:
    """Where a damaged database is in the way of ``command``, it is mended first if it can be."""

    @wraps(command)
    async def at_last(self: "Commands", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._app.live_repair.done_at_last(lambda: command(self, *args, **kwargs))

    return at_last


class Commands:
    """What can be done with batches, images and the trash. The rest of what people change is
    ``Administration`` and ``Sharing``.
    """

    def __init__(self, backend: Backend) -> None:
        self._app = backend

    @done_at_last
    async def start(self, caller: Caller, request: AnyRequest) -> Accepted:
        """Accept a batch. Raises InvalidRequest, ServerUnreachable, StorageError."""
        caller.require(Verb.MAKE)
        return await self._app.batch_service.start(request)

    @done_at_last
    async def regenerate(self, caller: Caller, batch_id: str) -> Accepted:
        """The same request again with other seeds. Raises NotFound and what ``start`` raises."""
        caller.require(Verb.MAKE)
        return await self._app.batch_service.regenerate(batch_id)

    @done_at_last
    async def resume(
        self, caller: Caller, batch_id: str, only: Sequence[int] | None = None
    ) -> Accepted:
        """Make what is missing (or ``only`` these of it) into the same batch. Raises NotFound,
        Conflict or ServerUnreachable.
        """
        caller.require(Verb.MAKE)
        return await self._app.batch_service.resume(batch_id, only)

    @done_at_last
    async def cancel(self, caller: Caller, batch_id: str, usual: str) -> BatchState:
        """Stop a batch; what is finished stays. The reason is ``usual``, or who it was, where that
        can be more than one. Harmless after its end; raises NotFound.
        """
        caller.require(Verb.CANCEL)
        return await self._app.batch_service.cancel(batch_id, caller.because(usual))

    def move(self, caller: Caller, batch_id: str, place: int) -> None:
        """Put a waiting batch at ``place``, 0 for the next one. Harmless if it no longer waits."""
        caller.require(Verb.CANCEL)
        self._app.queue.move(batch_id, place)

    @done_at_last
    async def favourite(self, caller: Caller, image_id: str, *, on: bool) -> GeneratedImage:
        """Mark an image, or take the mark away. Raises NotFound, StorageError."""
        caller.require(Verb.MARK)
        return await self._app.image_service.favourite(image_id, on=on)

    @done_at_last
    async def rate(self, caller: Caller, image_id: str, stars: int) -> GeneratedImage:
        """Give an image 1 to 5 stars, or take them away (0). Raises NotFound, StorageError."""
        caller.require(Verb.MARK)
        return await self._app.image_service.rate(image_id, stars)

    @done_at_last
    async def delete_image(self, caller: Caller, image_id: str) -> None:
        """Put an image into the trash. Raises NotFound, StorageError; Conflict while it runs."""
        caller.require(Verb.DELETE)
        await self._app.image_service.delete_image(image_id)

    @done_at_last
    async def restore_image(self, caller: Caller, image_id: str) -> GeneratedImage:
        """Take an image out of the trash. Raises NotFound, StorageError."""
        caller.require(Verb.DELETE)
        return await self._app.image_service.restore_image(image_id)

    @done_at_last
    async def delete_batch(self, caller: Caller, batch_id: str) -> None:
        """Put a whole batch into the trash. Raises what ``delete_image`` does."""
        caller.require(Verb.DELETE)
        await self._app.image_service.delete_batch(batch_id)

    @done_at_last
    async def restore_batch(self, caller: Caller, batch_id: str) -> BatchState:
        """Take a batch out of the trash. Raises NotFound, StorageError."""
        caller.require(Verb.DELETE)
        return await self._app.image_service.restore_batch(batch_id)

    @done_at_last
    async def empty_trash(self, caller: Caller) -> None:
        """Remove for good what could be had back. Raises StorageError."""
        caller.require(Verb.DELETE)
        await self._app.trash.empty()

    async def keep_picture(self, caller: Caller, content: bytes) -> Upload:
        """Keep a picture that a workflow is to start from. Raises InvalidRequest, StorageError."""
        caller.require(Verb.MAKE)
        return await self._app.pictures.keep(content)

    async def keep_workflow(self, caller: Caller, kept: KeptWorkflow) -> str:
        """Keep a workflow; gives its id. Raises InvalidRequest for what is none, Conflict where the
        name is taken, StorageError.
        """
        caller.require(Verb.MAKE)
        self._require_own(id_of(kept.name))
        await asyncio.to_thread(require_workflow, kept.workflow)
        return await self._app.library.add(kept)

    async def change_workflow(self, caller: Caller, workflow_id: str, changes: JsonObject) -> str:
        """Other values for a kept workflow; gives its id. Raises what ``keep_workflow`` does, and
        NotFound.
        """
        caller.require(Verb.MAKE)
        self._require_own(workflow_id)
        self._require_own(id_of(str(changes.get("name", ""))))
        return await self._app.library.change(workflow_id, changes)

    async def delete_workflow(self, caller: Caller, workflow_id: str) -> None:
        """Put a kept workflow away. Raises NotFound, Conflict for a built-in one, StorageError."""
        caller.require(Verb.DELETE)
        self._require_own(workflow_id)
        await self._app.library.delete(workflow_id)

    async def restore_workflow(self, caller: Caller, workflow_id: str) -> None:
        """Have a workflow back that was put away. Raises NotFound, Conflict, StorageError."""
        caller.require(Verb.DELETE)
        await self._app.library.restore(workflow_id)

    def _require_own(self, workflow_id: str) -> None:
        if workflow_id in FAMILIES:
            raise Conflict(BUILT_IN)

    async def say_family(self, caller: Caller, name: str, family: Family) -> Model:
        """To which family a model belongs, from now on. Raises InvalidRequest where the server has
        none of that name that makes pictures, ServerUnreachable, StorageError.
        """
        caller.require(Verb.MAKE)
        model = await self._app.server.catalog.require(name)
        await self._app.families.remember(model.name, family)
        return model.model_copy(update={"family": family})

    async def look_at_server(self, caller: Caller) -> None:
        """Ask it whether it is there, and let a batch that waits for it try at once."""
        caller.require(Verb.LOOK)
        self._app.queue.ask_again()
        await self._app.server.look()
