"""Flow: which image of a batch is begun next, and when.

A person may hold a batch: it then makes the image that is being made, and what the server has not
begun behind that is taken back from it. Held for good, the batch ends there. Further images come in
the place of those that are rejected meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable

from batchgen_app.batches.image_job import ImageJob
from batchgen_app.batches.stopping import Stop
from batchgen_app.core.keeping import wants_further_image
from batchgen_app.core.planned import UNFINISHED, PlannedImage
from batchgen_app.core.state import BatchState


class Flow:
    """That of one run of ``batch``, until ``stop`` is requested, with so many ``places`` on the
    server. ``grow`` adds a further image, and tells whether it could.
    """

    def __init__(
        self, batch: BatchState, stop: Stop, grow: Callable[[], Awaitable[bool]], places: int
    ) -> None:
        self.ends_because: str | None = None
        """Why the batch ends with the last image that is let through, if it does."""
        self._batch = batch
        self._stop = stop
        self._grow = grow
        self._places = places
        self._last: int | None = None
        self._in_hand: dict[int, ImageJob] = {}
        self._over: set[int] = set()
        self._changed = asyncio.Event()
        stop.on_request(self.look_again)

    def hold(self, last: int) -> None:
        """Begin nothing behind image ``last`` (0: nothing at all)."""
        self._last = last
        self._take_back()
        self.look_again()

    def go_on(self) -> None:
        """Go on after that."""
        self._last = None
        self.look_again()

    def finish(self, last: int, because: str) -> None:
        """Hold it for good: the batch ends as soon as nothing is made any more."""
        self.ends_because = because
        self.hold(last)

    def look_again(self) -> None:
        """Something happened that may change what comes next."""
        self._changed.set()

    async def next_image(self) -> PlannedImage | None:
        """The next one to begin, as soon as it may be and there is a place for it; None when
        nothing is left to wait for.
        """
        while not self._stop.requested:
            self._changed.clear()
            while wants_further_image(self._batch) and await self._grow():
                pass
            left = [image.index for image in self._batch.unfinished if self._is_left(image.index)]
            if left and self._places and self.wants(left[0]):
                return self._batch.image(left[0])
            if not self._in_hand and (not left or self.ends_because):
                return None
            await self._changed.wait()
        return None

    def wants(self, index: int) -> bool:
        """Whether image ``index`` may be begun."""
        is_open = self._last is None or index <= self._last
        is_to_come = self._batch.image(index).status in UNFINISHED
        return is_open and is_to_come and not self._stop.requested

    def is_next(self, index: int) -> bool:
        """Whether image ``index`` is just going to be begun."""
        return self._is_left(index) and self.wants(index)

    def take_place(self) -> Callable[[], None]:
        """Take a place on the server; gives what is to be called when it is free again."""
        self._places -= 1
        return self._free_place

    def begin(self, job: ImageJob) -> None:
        """It is in hand from now on."""
        self._in_hand[job.index] = job

    def begun(self) -> None:
        """What is on the server now may have been held meanwhile."""
        self._take_back()

    def end(self, job: ImageJob) -> None:
        """It has come to its end; what was taken back is still to come."""
        del self._in_hand[job.index]
        if not job.is_taken_back:
            self._over.add(job.index)
        job.gone.set()
        self.look_again()

    def in_making(self, index: int | None) -> ImageJob | None:
        """Image ``index``, or the first one whose picture the server does not have yet."""
        jobs = (job for _, job in sorted(self._in_hand.items()) if not job.is_made)
        return next((job for job in jobs if index in {None, job.index}), None)

    def _free_place(self) -> None:
        self._places += 1
        self.look_again()

    def _is_left(self, index: int) -> bool:
        return index not in self._in_hand and index not in self._over

    def _take_back(self) -> None:
        for index, job in self._in_hand.items():
            if self._last is not None and index > self._last:
                job.take_back()
