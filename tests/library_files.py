"""The files of a library: small, whole, and each with another content."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image

from batchgen_app.core.batch_file import document
from batchgen_app.core.events import Event, ImageCompleted
from batchgen_app.storage import batch_json
from batchgen_app.storage.event_log import replay
from batchgen_app.storage.folder_pictures import thumbnail_name
from tests.storage.making import chunk, png, webp


def as_drawn(said: ImageCompleted) -> ImageCompleted:
    """The same image with the file that ``write_folders`` writes for it."""
    data = _drawn(said)
    digest = hashlib.sha256(data).hexdigest()
    return said.model_copy(update={"bytes": len(data), "sha256": digest})


def write_folders(output_dir: Path, told: Sequence[list[Event]]) -> None:
    """The folder of each batch, from its events."""
    for events in told:
        folder = output_dir / "batches" / events[0].batch_id
        (folder / "thumbnails").mkdir(parents=True)
        for event in events:
            if isinstance(event, ImageCompleted):
                (folder / event.filename).write_bytes(_drawn(event))
                (folder / event.filename).with_suffix(".txt").write_text("Steps: 20")
                (folder / thumbnail_name(event.filename)).write_bytes(_thumbnail())
        whole = batch_json.written(document(replay(events)))
        (folder / batch_json.NAME).write_bytes(whole)


def _drawn(said: ImageCompleted) -> bytes:
    assert said.width
    assert said.height
    start, end = _grey(said.width, said.height)
    told = json.dumps([said.batch_id, said.index]).encode()
    return start + chunk(b"tEXt", b"Comment\0" + told) + end


@cache
def _grey(width: int, height: int) -> tuple[bytes, bytes]:
    """A picture up to its last chunk, and that one."""
    whole = png(Image.new("L", (width, height), 99))
    end = chunk(b"IEND", b"")
    return whole.removesuffix(end), end


@cache
def _thumbnail() -> bytes:
    return webp(Image.new("RGB", (32, 32), (99, 99, 99)))
