"""What the app does for the window: stop after this image, find a file."""

import asyncio
from pathlib import Path

from batchgen_app.batches.workshop import Workshop
from batchgen_app.core.batch import split_image_id
from batchgen_app.core.state import BatchState
from batchgen_app.window import words

LOOK_SECONDS = 0.1


async def stop_after_image(workshop: Workshop) -> None:
    """The running batch ends with the image that is being made, those that wait end now. What is
    missing can be made later: nothing is lost, every batch can be resumed.
    """
    for waiting in workshop.queue.waiting:
        await workshop.desk.cancel(waiting.batch_id, words.STOPPED)
    if batch := workshop.queue.running:
        await _image_made(batch)
        await workshop.desk.cancel(batch.batch_id, words.STOPPED)


async def _image_made(batch: BatchState) -> None:
    """A server in trouble is not waited for: the image may never come."""
    making = batch.current_image
    while batch.current_image == making and not (batch.ended or batch.server_trouble):  # noqa: ASYNC110 - it tells pages only
        await asyncio.sleep(LOOK_SECONDS)


async def whereabouts(workshop: Workshop, what: str) -> Path:
    """Where the image or the batch of this id is on the disk. Raises NotFound."""
    if split_image_id(what):
        image = await workshop.desk.image(what)
        return workshop.memory.store.picture_path(image.batch_id, image.filename)
    batch = await workshop.desk.batch(what)
    return workshop.memory.store.folder(batch.batch_id)
