"""Housekeeping: how much room the pictures take, and what a look through their files came to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.survey_service import Step
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.services.questions import Questions, whole
from batchgen_app.storage.folders import free_bytes
from batchgen_app.storage.housekeeping.findings import Findings
from batchgen_app.storage.housekeeping.move_record import Phase
from batchgen_app.storage.housekeeping.moving import Left
from batchgen_app.storage.usage import Usage


@dataclass(frozen=True)
class Move:
    """The pictures on their way from ``source`` to ``target``: ``done`` of ``total`` bytes;
    ``seconds_left`` at the pace so far; ``fault``: why it does not go on; ``left``: what could not
    be removed from the old folder. ``is_named``: an option of this start names the folder in use.
    """

    source: Path
    target: Path
    phase: Phase
    done: int
    total: int
    seconds_left: float | None
    fault: str
    left: Left | None
    is_running: bool
    is_named: bool


class HousekeepingQueries(Questions):
    """What is found is for those who may set the app up: it names files of this computer."""

    @whole
    async def usage(self) -> Usage:
        """How much room the pictures take, by month and by model."""
        return await self._app.storage.gallery.usage()

    async def free_bytes(self) -> int:
        """Room on the disk of the pictures. Raises StorageError."""
        return await asyncio.to_thread(free_bytes, self._app.settings.output_dir)

    @whole
    async def still_shown(self, image_ids: Sequence[str]) -> list[GeneratedImage]:
        """Of these images, those that the gallery shows, the best first: by what people think of
        them, then the newest.
        """
        gallery = self._app.storage.gallery
        found = [await gallery.image(image_id) for image_id in image_ids]
        return sorted(filter(None, found), key=_goodness, reverse=True)

    @whole
    async def prompts(self, batch_ids: Sequence[str]) -> dict[str, str]:
        """Of these batches, what those that the gallery has were asked for."""
        found = [await self._app.storage.gallery.batch(batch_id) for batch_id in batch_ids]
        return {batch.batch_id: batch.prompt for batch in found if batch}

    @property
    def step(self) -> Step | None:
        """How far the look that is under way has come; None before it is known."""
        return self._app.survey.step

    @property
    def is_running(self) -> bool:
        """Whether the files are looked through just now."""
        return self._app.survey.is_running

    @property
    def findings(self) -> Findings | None:
        """What the last look came to; None where there was none, and for others."""
        return self._app.survey.findings if self._caller.may(Verb.SET) else None

    @property
    def fault(self) -> str:
        """Why the last look could not end; mostly empty."""
        return self._app.survey.fault if self._caller.may(Verb.SET) else ""


class Housekeeping:
    """What is done about the files. Each command is told for whom, and raises Forbidden unless they
    may.
    """

    def __init__(self, backend: Backend) -> None:
        self._app = backend

    def look_through(self, caller: Caller, *, every_file: bool = False) -> None:
        """Begin to look through the files of all pictures, or to check each of them by its
        checksum; harmless while that is done.
        """
        caller.require(Verb.SET)
        self._app.survey.begin(every_file=every_file)

    def stop_looking(self, caller: Caller) -> None:
        """What an earlier look has found stays."""
        caller.require(Verb.SET)
        self._app.survey.cancel()

    async def bring_in(self, caller: Caller, batch_id: str) -> list[str]:
        """Take up a folder that no batch knows; gives what is wrong with it, in words. Raises
        NotFound, StorageError.
        """
        caller.require(Verb.SET)
        return await self._app.survey.bring_in(batch_id)

    def move_under_way(self, caller: Caller) -> Move | None:
        """What is known of the pictures' way to another folder; None where there is none."""
        caller.require(Verb.SET)
        moving = self._app.moving
        if moving.record is None:
            return None
        return Move(
            moving.record.source,
            moving.record.target,
            moving.record.phase,
            moving.done,
            moving.total,
            moving.seconds_left,
            moving.fault,
            moving.left,
            is_running=moving.is_running,
            is_named=moving.is_named,
        )

    async def move(self, caller: Caller, target: Path) -> None:
        """Begin to copy the pictures to another folder, which a start uses once it has everything.
        Raises StorageError where that cannot be done, Conflict.
        """
        caller.require(Verb.SET)
        await self._app.moving.move(target)

    def resume_moving(self, caller: Caller) -> None:
        """Try again what did not go on. Raises Conflict."""
        caller.require(Verb.SET)
        self._app.moving.resume()

    async def give_up_moving(self, caller: Caller) -> None:
        """The pictures stay where they are; copies stay, too. Raises Conflict, StorageError."""
        caller.require(Verb.SET)
        await self._app.moving.give_up()

    async def old_bytes(self, caller: Caller) -> int:
        """What lies in the old folder still. Raises StorageError."""
        caller.require(Verb.SET)
        return await self._app.moving.old_bytes()

    async def free_old_folder(self, caller: Caller) -> None:
        """Begin to remove the old files, each only if its copy is the same. Raises Conflict."""
        caller.require(Verb.SET)
        caller.require(Verb.DELETE)
        await self._app.moving.free()

    async def leave_old_folder(self, caller: Caller) -> None:
        """Let the old files be. Raises Conflict, StorageError."""
        caller.require(Verb.SET)
        await self._app.moving.leave()


def _goodness(image: GeneratedImage) -> tuple[bool, int, bool, str]:
    return not image.rejected, image.rating, image.favourite, image.id
