"""BatchState made observable: what stands on a page binds to the page's own view of a batch.
Previews: the newest frames of the image that is being made. News: what changes the shape of a
page.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, replace
from itertools import count
from secrets import compare_digest, token_urlsafe

from nicegui import Client, Event, binding, ui
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchgen_app.core.events import Event as BatchEvent
from batchgen_app.core.passing import Passing, PreviewArrived
from batchgen_app.core.state import BatchState

FIELDS = sorted((f.name for f in fields(BatchState)), key=lambda name: name in {"state", "status"})
"""What a view has of its batch. The status comes last: what is built when it changes reads the
others.
"""


@binding.bindable_dataclass
class LiveBatchState(BatchState):
    """A batch whose fields can be bound to. Tuples are replaced, never changed in place."""

    def __post_init__(self) -> None:
        self.views = Views()
        self.seen: LiveBatchState | None = None
        """Of a view: what it shows. The service forgets a batch as soon as nobody holds it."""
        self.page: AbstractContextManager[object] = nullcontext()
        """Of a view: whose elements follow it, and are in the language of that page."""

    def apply(self, event: BatchEvent | Passing) -> None:
        super().apply(event)
        self.views.catch_up_with(self)


class Views:
    """The views of one batch. They follow it one after the other, and in between the event loop
    does its other work: with many pages open, it takes long until all show another view.
    """

    def __init__(self) -> None:
        self.opened: list[LiveBatchState] = []
        self._late: deque[LiveBatchState] = deque()

    def open(self, batch: LiveBatchState, client: Client) -> LiveBatchState:
        """One more, until ``client`` is deleted."""
        view = replace(batch)
        view.seen, view.page = batch, client
        self.opened.append(view)
        client.on_delete(lambda: self._close(view))
        return view

    def catch_up_with(self, batch: BatchState) -> None:
        """Let every view be like ``batch`` soon."""
        begins = not self._late
        self._late.extend(view for view in self.opened if not _among(self._late, view))
        if begins and self._late:
            asyncio.get_running_loop().call_soon(self._next, batch)

    def _next(self, batch: BatchState) -> None:
        view = self._late.popleft()
        if self._late:
            asyncio.get_running_loop().call_soon(self._next, batch)
        with view.page:
            # As it is now: a view that comes late gets the newest state, not each one in between.
            for name in FIELDS:
                setattr(view, name, getattr(batch, name))

    def _close(self, view: LiveBatchState) -> None:
        self.opened = [other for other in self.opened if other is not view]


def _among(views: deque[LiveBatchState], view: LiveBatchState) -> bool:
    return any(other is view for other in views)


def seen_here(batch: BatchState) -> BatchState:
    """``batch`` for the elements of this page. With each new binding NiceGUI goes through all that
    there are to the same field, so the hundreds of one page must not add to those of the others.
    """
    assert isinstance(batch, LiveBatchState), "NiceGUI would poll any other"
    return batch.views.open(batch, ui.context.client)


def truth(batch: BatchState) -> BatchState:
    """The batch itself, where ``batch`` is a page's view of it, which may be a moment behind."""
    seen = batch.seen if isinstance(batch, LiveBatchState) else None
    return seen or batch


def follow_made(owner: object, batches: Sequence[BatchState]) -> None:
    """Have ``owner.made`` tell how many images these have, from now on; of no others any more."""

    def made(_: object) -> int:
        return sum(batch.completed_images for batch in batches)

    binding.remove([owner])
    for batch in batches:
        binding.bind_from(owner, "made", batch, "completed_images", made)


class News:
    """What happened that changes the shape of a page. A page that subscribes in its builder is
    unsubscribed by NiceGUI when its client leaves.
    """

    def __init__(self) -> None:
        self.queue_changed: Event[()] = Event()
        self.server_changed: Event[()] = Event()
        self.database_changed: Event[()] = Event()
        """Another program has locked it, or let it go."""
        self.batch_edited: Event[[str]] = Event()
        """Something was marked, deleted or restored in the batch with this id."""
        self.trash_emptied: Event[()] = Event()
        self.access_changed: Event[()] = Event()
        self.preferences_changed: Event[()] = Event()
        self.styles_changed: Event[()] = Event()
        self.survey_changed: Event[()] = Event()
        self.moving_changed: Event[()] = Event()


KEPT = 2
"""The newest frame, and the one that browsers may be asking for."""
MOST_BATCHES = 32
"""That frames are kept of; as many may be made at once, each on a server of its own."""
HEADERS = {
    "Cache-Control": "private, max-age=600, immutable",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Frame:
    """A frame and its number; numbers only grow."""

    number: int
    shown: PreviewArrived


class Previews:
    """Frames under addresses that cannot be guessed and never mean another picture."""

    def __init__(self) -> None:
        self._secret = token_urlsafe(16)
        self._numbers = count(1)
        self._frames: dict[str, deque[Frame]] = {}

    def address(self, frame: PreviewArrived) -> str:
        """Where the browser finds ``frame``; the same for everybody who asks."""
        # The batch goes to the end: the one that had no frame for longest makes room.
        frames = self._frames.pop(frame.batch_id, None) or deque(maxlen=KEPT)
        self._frames[frame.batch_id] = frames
        if not frames or frames[-1].shown is not frame:
            frames.append(Frame(next(self._numbers), frame))
        if len(self._frames) > MOST_BATCHES:
            del self._frames[next(iter(self._frames))]
        return f"/previews/{self._secret}/{frame.batch_id}/{frames[-1].number}"

    def route(self) -> Route:
        """The addresses. A frame that is gone is answered with the newest of its batch."""
        return Route("/previews/{secret}/{batch_id}/{number:int}", self._answer)

    async def _answer(self, request: Request) -> Response:
        asked = request.path_params
        knows = compare_digest(asked["secret"].encode(), self._secret.encode())
        frame = self._find(asked["batch_id"], asked["number"]) if knows else None
        if frame is None:
            return Response(status_code=404)
        return Response(frame.picture, media_type=frame.content_type, headers=HEADERS)

    def _find(self, batch_id: str, number: int) -> PreviewArrived | None:
        of_batch = self._frames.get(batch_id, ())
        exact = [frame for frame in of_batch if frame.number == number]
        found = exact or [*of_batch][-1:]
        return found[0].shown if found else None
