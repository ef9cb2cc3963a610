"""What went wrong, what that means and what to do, with a button to try again.

One trouble, one box: of all that tell on a page that the server is away, only the one that told it
last is seen. When that goes, the one before it is seen again.
"""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Self

from nicegui import Client, ui

from batchgen_app.adapters.nicegui import Removable
from batchgen_app.core.errors import BatchGenError, ServerError
from batchgen_app.language.texts import translated
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import Click, button, marked

TURNS = count(1)


class ServerTrouble(Removable):
    """May tell that the server is away; ``since`` is its turn among those that do, or None."""

    def __init__(self) -> None:
        super().__init__("div")
        self.since: int | None = None
        self._build: Callable[[], object] = lambda: None

    def settle(self) -> None:
        """Show the latest on the page, and none besides it."""
        found = [e for e in self.client.elements.values() if isinstance(e, ServerTrouble)]
        claimed = [(box.since, box) for box in found if box.since is not None]
        latest = max(claimed, default=(0, self), key=lambda told: told[0])
        for since, box in claimed:
            box.show(is_latest=since == latest[0])

    def show(self, *, is_latest: bool) -> None:
        """Have content or none; what stands already stays."""
        if is_latest is not bool(self.default_slot.children):
            self.visible = is_latest
            ui.element.clear(self)
            if is_latest:
                with self:
                    self._build()

    def removed(self) -> None:
        self.since = None
        self.settle()


class PageTrouble(ServerTrouble):
    """Says it for the whole page; steps aside for all that is nearer to what somebody does."""

    def __init__(self, build: Callable[[], object]) -> None:
        super().__init__()
        self._build = build
        self.since = 0
        self.settle()


class Trouble(ServerTrouble):
    """A box that is empty while all is well."""

    def __init__(self, retry: Click) -> None:
        super().__init__()
        self._retry = retry
        self._error: BatchGenError | None = None

    def tell(
        self,
        what: str,
        more: str = "",
        *,
        error: BatchGenError | None = None,
        below: Callable[[], object] = lambda: None,
    ) -> None:
        """Say it, in place of what was said before, with what ``below`` makes. It is about the
        server, and whoever tells knows when it is over; or it is about ``error``, and over when the
        server is back if that helps.
        """
        super().clear()
        self._error = error
        self._build = partial(self._box, what, more, below)
        tells_of_server = error is None or isinstance(error, ServerError)
        if not tells_of_server:
            self.show(is_latest=True)
        self._stand(tells_of_server)

    def _box(self, what: str, more: str, below: Callable[[], object]) -> None:
        with marked(ui.element("div"), "server-error").classes("bg-trouble") as box:
            box.props("role=alert")
            ui.label(translated(what)).classes("bg-trouble-what")
            ui.label(more)
            marked(button(str(common.RETRY), self._retry), "retry")
        below()

    def clear(self) -> Self:
        """All is well."""
        if self.default_slot.children:
            super().clear()
        self._error = None
        self._stand(tells=False)
        return self

    @property
    def ends_with_server(self) -> bool:
        """Whether it is over when the server is back."""
        return isinstance(self._error, ServerError)

    def _stand(self, tells: bool) -> None:  # noqa: FBT001 - what was found out
        self.since = next(TURNS) if tells else None
        self.settle()


def server_is_back(page: Client) -> None:
    """What was told on this page of its absence is over."""
    for box in [e for e in page.elements.values() if isinstance(e, Trouble)]:
        if box.ends_with_server:
            box.clear()
