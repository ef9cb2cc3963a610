"""FileCheck: reads every file whole and compares it with the checksum that the log has of it, so
that wrong pixels show in a file of the right length, too.

That takes as long as the disk is slow. How far it has come stands in a file of the data folder:
the next check goes on there. What had other content then is compared once more.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import Field

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import Wire
from batchgen_app.storage import atomic_files, folder_pictures
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.housekeeping.batch_look import BatchLook
from batchgen_app.storage.housekeeping.findings import MOST_BYTES

NAME = "file-check.json"


class Progress(Wire):
    """The ``last`` batch that was compared, and the images, by their batches, whose files were not
    as they had been.
    """

    last: str = ""
    damaged: dict[str, tuple[int, ...]] = Field(default_factory=dict)


class FileCheck:
    """One check, from where an earlier one was stopped. ``pause`` is called after each file with
    the seconds that it took: so long, others have the disk. What it raises ends the check.
    """

    def __init__(self, log: EventLog, data_dir: Path, pause: Callable[[float], object]) -> None:
        self._log = log
        self._data_dir = data_dir
        self._pause = pause
        self._last = ""
        self._damaged: dict[str, tuple[int, ...]] = {}

    def begin(self) -> None:
        """Go on after what was compared before. Blocks."""
        with suppress(OSError, ValueError, InvalidRequest, RecursionError):
            kept = BatchFolder(self._data_dir).read(NAME, MOST_BYTES)
            before = Progress.parse(json.loads(kept))
            self._last, self._damaged = before.last, dict(before.damaged)

    def keep(self) -> None:
        """How far it has come. Blocks; raises StorageError."""
        path = self._data_dir / NAME
        progress = Progress(last=self._last, damaged=self._damaged)
        with in_words(path):
            atomic_files.write_over(path, json.dumps(progress.to_json()).encode())

    def end(self) -> None:
        """The next one begins at the beginning. Blocks; raises StorageError."""
        path = self._data_dir / NAME
        with in_words(path):
            path.unlink(missing_ok=True)

    async def checksums(self, batch_id: str) -> Mapping[int, str]:
        """Those that files of this batch are to have now, by the indexes of their images; none of
        files that were compared before and were as they should.
        """
        known = self._damaged.get(batch_id, ())
        if batch_id <= self._last and not known:
            return {}
        wanted = await self._log.checksums(batch_id)
        is_new = batch_id > self._last
        return {index: digest for index, digest in wanted.items() if is_new or index in known}

    async def compare(
        self, folder: BatchFolder, look: BatchLook, checksums: Mapping[int, str]
    ) -> None:
        """Of what seemed whole, put what has other content to what is damaged. Raises
        StorageError.
        """
        if checksums:
            await asyncio.to_thread(self._compare, folder, look, checksums)

    def note(self, batch_id: str, look: BatchLook, checksums: Mapping[int, str]) -> None:
        """All of this batch was compared."""
        self._last = max(self._last, batch_id)
        self._damaged.pop(batch_id, None)
        if damaged := tuple(index for index in look.damaged if index in checksums):
            self._damaged[batch_id] = damaged

    def _compare(self, folder: BatchFolder, look: BatchLook, checksums: Mapping[int, str]) -> None:
        for picture in [one for one in look.whole if one.image.index in checksums]:
            began = time.monotonic()
            found = folder_pictures.checksum(FolderFile(folder, picture.image.filename))
            if found != checksums[picture.image.index]:
                look.whole.remove(picture)
                look.damaged.append(picture.image.index)
            self._pause(time.monotonic() - began)
