"""SurveyService: looks through the files of all pictures when somebody asks for it, one look at a
time, and knows what the last one came to. What it finds it leaves as it is.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.core.errors import StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.storage.housekeeping.findings import Findings, keep, kept
from batchgen_app.storage.housekeeping.survey import Cancelled, Survey
from batchgen_app.storage.recover.reindex import Restorer
from batchgen_app.storage.storage import Storage

logger = logging.getLogger(__name__)

TELL_SECONDS = 0.3
"""Between two words about how far it has come."""


@dataclass(frozen=True)
class Step:
    """What is being done, to how many things of how many."""

    what: str
    done: int
    total: int


class SurveyService:
    """An async context manager: a look that is under way ends with it. ``changed``: it has come
    further, or has ended; ``fault`` says why the last one could not end.
    """

    def __init__(
        self,
        storage: Storage,
        batch_service: BatchService,
        data_dir: Path,
        edited: Callable[[str], object],
    ) -> None:
        self.changed = Signal[[]]()
        self.findings: Findings | None = None
        self.step: Step | None = None
        self.fault = ""
        self._storage = storage
        self._batch_service = batch_service
        self._data_dir = data_dir
        self._edited = edited
        self._survey: Survey | None = None
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.findings = await asyncio.to_thread(kept, self._data_dir)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cancel()
        if self._work:
            await asyncio.wait({self._work})

    @property
    def is_running(self) -> bool:
        """Whether one is under way."""
        return self._survey is not None

    def begin(self, *, every_file: bool = False) -> None:
        """Look through all, or check every file; harmless while one of them is done."""
        if self._survey is None:
            storage, check_in = self._storage, self._data_dir if every_file else None
            self._survey = Survey(
                storage.store, storage.gallery, storage.log, self._progress, check_in
            )
            self.fault, self.step = "", None
            self._work = asyncio.create_task(self._run(self._survey), name="survey")
            self.changed.emit()

    def cancel(self) -> None:
        """What was found before stays. Harmless if nothing is under way."""
        if self._survey:
            self._survey.cancel()

    async def bring_in(self, batch_id: str) -> list[str]:
        """Take a folder up that no batch knows, as a reindex does; gives what is wrong with it, in
        words. Raises StorageError.
        """
        storage = self._storage
        restorer = Restorer(storage.log, storage.store, storage.locks)
        await restorer.restore(batch_id)
        await storage.gallery.catch_up(storage.log)
        if restorer.report.batches:
            await self._break_off(batch_id)
            await self._forget(batch_id)
            self._edited(batch_id)
        return restorer.report.problems

    async def _break_off(self, batch_id: str) -> None:
        """What was left in the middle of its work somewhere else is not at work here."""
        batch = await self._batch_service.batch(batch_id, even_deleted=True)
        if not batch.ended and await self._storage.locks.take(batch_id):
            await self._batch_service.recover(batch).break_off()

    async def _forget(self, batch_id: str) -> None:
        if self.findings and batch_id in self.findings.unknown:
            unknown = tuple(other for other in self.findings.unknown if other != batch_id)
            count = self.findings.found.unknown - 1
            found = self.findings.found.model_copy(update={"unknown": count})
            await self._keep(self.findings.model_copy(update={"unknown": unknown, "found": found}))

    async def _run(self, survey: Survey) -> None:
        telling = asyncio.create_task(self._tell(), name="survey's progress")
        try:
            await self._keep(await survey.run())
        except Cancelled:
            logger.info("The look through the files was stopped")
        except StorageError as error:
            self.fault = str(error)
        finally:
            telling.cancel()
            self._survey = self.step = None
            self.changed.emit()

    async def _keep(self, findings: Findings) -> None:
        self.findings = findings
        with suppress(StorageError):  # then they are known until the app ends
            await asyncio.to_thread(keep, self._data_dir, findings)

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            self.changed.emit()

    def _progress(self, what: str, done: int, total: int) -> None:
        self.step = Step(what, done, total)
