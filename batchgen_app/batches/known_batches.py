"""KnownBatches: the batches in memory, each of them once, and those that come from the log."""

from weakref import WeakValueDictionary

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import DatabaseDamaged, LifecycleError, NotFound
from batchgen_app.core.events import BatchQueued
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.storage.storage import Storage


class KnownBatches:
    """Whoever asks for a batch gets the same object. ``new_state`` makes their states: a user
    interface hands in an observable kind.
    """

    def __init__(self, storage: Storage, new_state: type[BatchState]) -> None:
        self._storage = storage
        self._new_state = new_state
        # Weak: it stays in memory as long as the queue, a page or a request holds it.
        self._known: WeakValueDictionary[str, BatchState] = WeakValueDictionary()

    def opened(self, event: BatchQueued, expected_seconds: float | None) -> BatchState:
        """Known from the moment in which it is logged. Who has read it from the log before that has
        the same object as everybody, too.
        """
        batch = self._new_state.queued(event, expected_seconds)
        return self._known.setdefault(event.batch_id, batch)

    def hold(self, batch: BatchState) -> None:
        """The batch in memory under its id is this one."""
        self._known[batch.batch_id] = batch

    async def batch(self, batch_id: str, *, even_deleted: bool = False) -> BatchState:
        """A batch, of now or of long ago; raises NotFound, unless ``even_deleted`` also for one in
        the trash, and StorageError.
        """
        batch = self._known.get(batch_id) or await self._remembered(batch_id)
        if batch is None or (batch.deleted and not even_deleted):
            raise NotFound(later("There is no batch {id}.", id=batch_id))
        return batch

    async def image(self, image_id: str) -> GeneratedImage:
        """A finished image; raises NotFound. A batch in memory is ahead of the gallery."""
        batch_id, _ = split_image_id(image_id) or ("", 0)
        if batch := self._known.get(batch_id):
            shown = () if batch.deleted else batch.pictures
            found = next((picture for picture in shown if picture.id == image_id), None)
        else:
            found = await self._storage.gallery.image(image_id)
        if found is None:
            raise NotFound(later("There is no image {id}.", id=image_id))
        return found

    async def _remembered(self, batch_id: str) -> BatchState | None:
        try:
            stored = await self._storage.log.state(batch_id, self._new_state)
        except LifecycleError as error:  # what could not be read was passed over
            self._storage.damaged.emit()
            raise DatabaseDamaged(
                later(
                    "Entries of batch {id} in the database are damaged. They come back from the "
                    "batch's folder as soon as no batch runs: try again then.",
                    id=batch_id,
                )
            ) from error
        # Another caller may have read it meanwhile: then theirs is the one.
        return stored and self._known.setdefault(batch_id, stored)

    def forget(self) -> None:
        """Read every batch anew from the log: the database was repaired."""
        self._known.clear()
