"""What the app does for the window: stop after this image, find a file."""

import asyncio
from pathlib import Path

from batchgen_app.core.batch import split_image_id
from batchgen_app.core.state import BatchState
from batchgen_app.services import HERE, Queries, Services
from batchgen_app.window import words

LOOK_SECONDS = 0.1


async def stop_after_image(services: Services) -> None:
    """The running batch ends with the image that is being made, those that wait end now. What is
    missing can be made later: nothing is lost, every batch can be resumed.
    """
    queries, commands = services.queries(HERE), services.commands
    for waiting in queries.waiting:
        await commands.cancel(HERE, waiting.batch_id, words.STOPPED)
    if batch := queries.running:
        await _image_made(batch)
        await commands.cancel(HERE, batch.batch_id, words.STOPPED)


async def _image_made(batch: BatchState) -> None:
    """A server in trouble is not waited for: the image may never come."""
    making = batch.current_image
    while batch.current_image == making and not (batch.ended or batch.server_trouble):  # noqa: ASYNC110 - it tells pages only
        await asyncio.sleep(LOOK_SECONDS)


async def whereabouts(queries: Queries, what: str) -> Path:
    """Where the image or the batch of this id is on the disk. Raises NotFound."""
    if split_image_id(what):
        return queries.files.path(await queries.image(what))
    batch = await queries.batch(what)
    return queries.files.folder(batch.batch_id)
