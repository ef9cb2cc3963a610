"""Commands: what is done. Each is told for whom, and raises Forbidden unless they may."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.accepted import Accepted
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.image_service import Retagged
from batchgen_app.batches.import_service import GivenPicture, Taken
from batchgen_app.batches.offers import require_model
from batchgen_app.comfy.models import Model
from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.core.request import AnyRequest, Family
from batchgen_app.core.state import BatchState
from batchgen_app.core.styles import Style, StyleChanges
from batchgen_app.core.tags import TagChange
from batchgen_app.services.server_commands import ServerCommands
from batchgen_app.services.workflow_commands import WorkflowCommands
from batchgen_app.storage.uploads import Upload

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
        self.workflows = WorkflowCommands(backend)
        self.servers = ServerCommands(backend)

    @done_at_last
    async def start(self, caller: Caller, request: AnyRequest) -> Accepted:
        """Accept a batch. Raises InvalidRequest, ServerUnreachable, StorageError."""
        caller.require(Verb.MAKE)
        return await self._app.batch_service.start(request)

    @done_at_last
    async def regenerate(self, caller: Caller, batch_id: str, *, rest: float = 0.0) -> Accepted:
        """The same request again with other seeds, in ``rest`` seconds at the soonest. Raises
        NotFound and what ``start`` raises.
        """
        caller.require(Verb.MAKE)
        return await self._app.batch_service.regenerate(batch_id, rest=rest)

    @done_at_last
    async def prove(self, caller: Caller, image_id: str) -> Accepted:
        """Make a picture once more, by its own file, and compare the two. Raises NotFound, Conflict
        where it is not known how it was made, and what ``start`` raises.
        """
        caller.require(Verb.MAKE)
        return await self._app.batch_service.prove(image_id)

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

    @done_at_last
    async def pause(self, caller: Caller, batch_id: str) -> BatchState:
        """Finish the image being made, then wait; the batch keeps its turn. Harmless if paused.
        Raises NotFound, StorageError; Conflict where it is not the batch at work, or about to end.
        """
        caller.require(Verb.CANCEL)
        return await self._app.flow.pause(batch_id)

    @done_at_last
    async def go_on(self, caller: Caller, batch_id: str) -> BatchState:
        """Go on after a pause. Harmless if not paused; raises what ``pause`` does."""
        caller.require(Verb.CANCEL)
        return await self._app.flow.go_on(batch_id)

    @done_at_last
    async def skip(
        self, caller: Caller, batch_id: str, because: str, index: int | None = None
    ) -> BatchState:
        """Pass over the image being made (with ``index``, only if it is that one), and go on with
        the next. Raises what ``pause`` does, and Conflict where none is made.
        """
        caller.require(Verb.CANCEL)
        return await self._app.flow.skip(batch_id, because, index)

    @done_at_last
    async def finish(self, caller: Caller, batch_id: str, usual: str) -> BatchState:
        """Finish the image being made, then end the batch; the reason as for ``cancel``. Harmless
        if that was asked for; raises what ``pause`` does.
        """
        caller.require(Verb.CANCEL)
        return await self._app.flow.finish(batch_id, caller.because(usual))

    @done_at_last
    async def hand_over(self, caller: Caller, batch_id: str, server_id: str | None) -> BatchState:
        """Have a batch made by another server, by this one alone; with None, by any other one.
        Raises NotFound, InvalidRequest, ServerUnreachable, StorageError; Conflict where it has
        ended, or that server cannot make it.
        """
        caller.require(Verb.CANCEL)
        return await self._app.handing_over.move(batch_id, server_id)

    def move(self, caller: Caller, batch_id: str, place: int) -> None:
        """Put a waiting batch at ``place``, 0 for the next one. Harmless if it no longer waits."""
        caller.require(Verb.CANCEL)
        self._app.queue.move(batch_id, place)

    @done_at_last
    async def mark(self, caller: Caller, marks: Marks, *image_ids: str) -> list[GeneratedImage]:
        """Say what one thinks of images: all or none. Raises NotFound, StorageError."""
        caller.require(Verb.MARK)
        return await self._app.image_service.mark(marks, *image_ids)

    @done_at_last
    async def tag(
        self,
        caller: Caller,
        change: TagChange,
        image_ids: Sequence[str],
        *,
        wherever: bool = False,
    ) -> list[Retagged]:
        """Give tags to images and take tags from them: all or none, their other tags stay. Gives
        those that have others now. ``wherever`` they are: in the trash as well, and what is
        gone for good is passed over. Raises NotFound, Conflict where one would have too many,
        StorageError.
        """
        caller.require(Verb.MARK)
        service = self._app.image_service
        return await service.tag(change, *image_ids, wherever=wherever)

    @done_at_last
    async def rename_collection(self, caller: Caller, name: str, new: str) -> list[Retagged]:
        """Another name for a tag, on all pictures, also those in the trash; where some have that
        already, the two become one. Of two who rename the same one, who comes first wins, and the
        other one changes nothing. Raises InvalidRequest for what is no name, and what ``tag``
        raises.
        """
        caller.require(Verb.MARK)
        change = TagChange.asked(add=[new], remove=[name], only_with=[name])
        return await self._retag(change, name)

    @done_at_last
    async def remove_collection(self, caller: Caller, name: str) -> list[Retagged]:
        """Take a tag from all pictures, also those in the trash; they stay. Raises what ``tag``
        raises.
        """
        caller.require(Verb.MARK)
        return await self._retag(TagChange.asked(remove=[name]), name)

    async def _retag(self, change: TagChange, name: str) -> list[Retagged]:
        ids = await self._app.storage.gallery.search.tagged(name)
        ids += await self._app.trash.tagged(name)
        return await self._app.image_service.tag(change, *ids, wherever=True)

    @done_at_last
    async def delete_images(self, caller: Caller, *image_ids: str) -> None:
        """Put images into the trash: all or none. Raises NotFound, StorageError; Conflict while one
        of their batches runs.
        """
        caller.require(Verb.DELETE)
        await self._app.image_service.delete_images(*image_ids)

    @done_at_last
    async def restore_image(self, caller: Caller, image_id: str) -> GeneratedImage:
        """Take an image out of the trash. Raises NotFound, StorageError."""
        caller.require(Verb.DELETE)
        return await self._app.image_service.restore_image(image_id)

    @done_at_last
    async def delete_batch(self, caller: Caller, batch_id: str) -> None:
        """Put a whole batch into the trash. Raises what ``delete_images`` does."""
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

    @done_at_last
    async def import_pictures(self, caller: Caller, given: Sequence[GivenPicture]) -> list[Taken]:
        """Take pictures that were made elsewhere into the gallery, byte for byte; says of each, in
        order, what became of it. Raises StorageError: then what was taken before stays.
        """
        caller.require(Verb.MAKE)
        return await self._app.imports.keep(given)

    async def keep_style(self, caller: Caller, style: Style) -> Style:
        """Keep another style. Raises Conflict where the name is taken or no room is left,
        StorageError.
        """
        caller.require(Verb.MAKE)
        return await self._app.styles.add(style)

    async def change_style(self, caller: Caller, name: str, changes: StyleChanges) -> Style:
        """Other words for a style, or another name. Raises NotFound, Conflict, StorageError."""
        caller.require(Verb.MAKE)
        return await self._app.styles.edit(name, changes)

    async def delete_style(self, caller: Caller, name: str) -> Style:
        """Keep a style no longer; gives what it was. Raises NotFound, StorageError."""
        caller.require(Verb.DELETE)
        return await self._app.styles.delete(name)

    async def bring_styles(self, caller: Caller, content: bytes) -> list[Style]:
        """Keep the styles of a file; gives those that are new. Raises InvalidRequest where there
        are none in it, Conflict where no room is left, StorageError.
        """
        caller.require(Verb.MAKE)
        return await self._app.styles.bring(content)

    async def say_family(self, caller: Caller, name: str, family: Family) -> Model:
        """To which family a model belongs, from now on. Raises InvalidRequest where the server has
        none of that name that makes pictures, ServerUnreachable, StorageError.
        """
        caller.require(Verb.MAKE)
        model = await require_model(self._app.servers, name)
        await self._app.families.remember(model.name, family)
        return model.model_copy(update={"family": family})

    async def look_at_server(self, caller: Caller) -> None:
        """Ask all whether they are there, and let a batch that waits for one try at once."""
        caller.require(Verb.LOOK)
        self._app.queue.ask_again()
        await asyncio.gather(*(server.look() for server in self._app.servers.all))
