"""What is asked about where a batch came from, and what came of it."""

from batchgen_app.services.questions import Questions, whole
from batchgen_app.storage.lineage import Lineage, Relative


class LineageQueries(Questions):
    """Every question raises StorageError."""

    @whole
    async def of(self, batch_id: str) -> Lineage:
        """The lineage of a batch; empty where nothing is known of it."""
        return await self._app.storage.gallery.lineage(batch_id)

    @whole
    async def proofs(self, image_id: str) -> tuple[Relative, ...]:
        """The batches in which a picture was made again, or is to be, the newest first."""
        return await self._app.storage.gallery.proofs(image_id)
