"""BatchState made observable: what stands on a page binds to the page's own view of a batch."""

import asyncio
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields, replace

from nicegui import Client, Event, binding, ui

from batchgen_app.core.events import Event as BatchEvent
from batchgen_app.core.events import Passing
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
        """Of a view: what it shows. The desk forgets a batch as soon as nobody holds it."""
        self.page: AbstractContextManager[object] = nullcontext()
        """Of a view: whose elements follow it, and are in the language of that page."""

    def apply(self, event: BatchEvent | Passing) -> None:
        super().apply(event)
        self.views.catch_up_with(self)


class Views:
    """The views of one batch. They follow it one after the other, and in between the event loop
    does its other work: with many pages open, a change of face takes long.
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


class News:
    """What happened that changes the shape of a page. A page that subscribes in its builder is
    unsubscribed by NiceGUI when its client leaves.
    """

    def __init__(self) -> None:
        self.queue_changed: Event[()] = Event()
        self.server_changed: Event[()] = Event()
        self.database_changed: Event[()] = Event()
        """Another program has locked it, or let it go."""
        self.batch_curated: Event[[str]] = Event()
        """Something was marked, deleted or restored in the batch with this id."""
        self.trash_emptied: Event[()] = Event()
        self.access_changed: Event[()] = Event()
