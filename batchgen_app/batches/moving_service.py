"""MovingService: copies the pictures to another folder while the app is used, and removes the old
ones once the new folder is. It goes on by itself after a start; what stands in its way is told.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from batchgen_app.core.errors import Conflict, StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.language.message import later
from batchgen_app.settings import Settings
from batchgen_app.storage.housekeeping import move_record
from batchgen_app.storage.housekeeping.move_record import MoveRecord, Phase
from batchgen_app.storage.housekeeping.moving import Left, Mover

logger = logging.getLogger(__name__)

TELL_SECONDS = 0.3
MOST_PASSES = 5
"""What is made while others are copied is copied, too; the rest of it when a start catches up."""
BUSY = later("The pictures are on their way already. Wait for that, or stop it first.")
IN_USE = later(
    "{source} is in use, so nothing is removed from it. Start BatchGen without naming it."
)
NOTHING = later("No pictures are on their way.")


class Stopped(Exception):
    """A person, or the end of the app, has stopped it."""


class MovingService:
    """An async context manager: copying ends with it, and goes on with the next start. ``changed``:
    it has come further. ``record``: what is under way; ``done`` of ``total`` bytes are copied, or
    looked at; ``fault``: why it does not go on; ``left``: what could not be removed.
    """

    def __init__(self, settings: Settings) -> None:
        self.changed = Signal[[]]()
        self.record: MoveRecord | None = None
        self.done = self.total = 0
        self.fault = ""
        self.left: Left | None = None
        self._data_dir = settings.data_dir
        self._here = settings.output_dir.absolute()
        self.is_named = settings.is_output_dir_named
        """Whether the start named the folder in use: then it does so until a start does not."""
        self._began = 0.0
        self._began_with = 0
        self._stopped = threading.Event()
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.record = await asyncio.to_thread(move_record.read, self._data_dir)
        if self.record and self.record.phase is Phase.COPYING and self.record.source == self._here:
            self._begin(self._copy)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    @property
    def is_running(self) -> bool:
        """Whether files are copied or removed just now."""
        return self._work is not None and not self._work.done()

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None before there is one."""
        took, moved = time.monotonic() - self._began, self.done - self._began_with
        if not self.is_running or moved <= 0 or took < 1.0:
            return None
        return took / moved * (self.total - self.done)

    async def move(self, target: Path) -> None:
        """Begin to copy the pictures there. Raises StorageError where that cannot be done, Conflict
        where they are on their way already.
        """
        if self.is_running or (self.record and self.record.phase is not Phase.USED):
            raise Conflict(BUSY)
        await asyncio.to_thread(Mover(self._here, target).begin)
        await self._write(MoveRecord(source=self._here, target=target))
        self._begin(self._copy)

    def resume(self) -> None:
        """Try again what did not go on. Harmless while it does; raises Conflict where there is
        nothing to go on with.
        """
        if self.record is None or self.record.phase is not Phase.COPYING:
            raise Conflict(NOTHING)
        if not self.is_running:
            self._begin(self._copy)

    async def give_up(self) -> None:
        """Leave the pictures where they are, and the copies, too. Raises StorageError; Conflict
        where the new folder is in use.
        """
        if self.record is None or self.record.phase is Phase.USED:
            raise Conflict(NOTHING)
        await self._stop()
        await self._write(None)

    async def free(self) -> None:
        """Begin to remove from the old folder what is the same in the new one. Raises Conflict."""
        if self.record is None or self.record.phase is not Phase.USED or self.is_running:
            raise Conflict(NOTHING)
        if self._here != self.record.target:
            raise Conflict(later(IN_USE, source=self.record.source))
        self._begin(self._free)

    async def leave(self) -> None:
        """Let what is in the old folder be, for good. Raises StorageError, Conflict."""
        if self.record is None or self.record.phase is not Phase.USED or self.is_running:
            raise Conflict(NOTHING)
        self.left = None
        await self._write(None)

    async def old_bytes(self) -> int:
        """What lies in the old folder. Raises StorageError."""
        record = self.record
        if record is None:
            return 0
        return await asyncio.to_thread(Mover(record.source, record.target).source_bytes)

    def _begin(self, work: Callable[[Mover], MoveRecord | None]) -> None:
        self.fault, self.left, self.done, self.total = "", None, 0, 0
        self._began, self._began_with = time.monotonic(), 0
        self._stopped.clear()
        self._work = asyncio.create_task(self._run(work), name="moving pictures")
        self.changed.emit()

    async def _run(self, work: Callable[[Mover], MoveRecord | None]) -> None:
        assert self.record
        mover = Mover(self.record.source, self.record.target, self._told)
        telling = asyncio.create_task(self._tell(), name="moving's progress")
        try:
            await self._write(await asyncio.to_thread(work, mover))
        except Stopped:
            logger.info("The pictures are not moved any further")
        except StorageError as error:
            self.fault = str(error)
            logger.warning("The pictures are not moved any further: %s", error)
        finally:
            telling.cancel()
            self._work = None
            self.changed.emit()

    def _copy(self, mover: Mover) -> MoveRecord | None:
        for _ in range(MOST_PASSES):
            if not mover.copy():
                break
        return self.record and self.record.at(Phase.COPIED)

    def _free(self, mover: Mover) -> MoveRecord | None:
        left = mover.free()
        self.left = left if left.files else None
        return self.record if left.files else None

    async def _write(self, record: MoveRecord | None) -> None:
        await asyncio.to_thread(move_record.write, self._data_dir, record)
        self.record = record
        self.changed.emit()

    async def _stop(self) -> None:
        self._stopped.set()
        if self._work:
            await asyncio.wait({self._work})

    def _told(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise Stopped
        if not self.total:
            self._began, self._began_with = time.monotonic(), done
        self.done, self.total = done, total

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            self.changed.emit()
