"""Elements that follow fields of an observable object for as long as they stand on a page."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from nicegui import Event, binding, ui
from nicegui.binding import BindableProperty

T = TypeVar("T")


def bind_prop(
    element: ui.element, prop: str, source: object, fields: Sequence[str], pick: Callable[[], Any]
) -> None:
    """Keep a prop of ``element`` at ``pick()``, asked again whenever one of ``fields`` changes."""
    for field in fields:
        binding.bind_from(element, ("props", prop), source, field, lambda _: pick())


class Following(ui.element):
    """A box whose content is built anew by ``build(seen)`` whenever ``pick()`` gives something else
    after one of ``fields`` of ``source`` changed. A fault in building stays a fault of this page.
    """

    seen = BindableProperty(on_change=lambda box, _: box.changed.emit())

    def __init__(
        self,
        source: object,
        fields: Sequence[str],
        pick: Callable[[], T],
        build: Callable[[T], object],
    ) -> None:
        super().__init__("div")
        self._build = build
        self.changed: Event[()] = Event()
        self.changed.subscribe(self._rebuild, unsubscribe_on_delete=False)
        self.seen = pick()
        for field in fields:
            binding.bind_from(self, "seen", source, field, lambda _: pick())
        self._rebuild()

    def _rebuild(self) -> None:
        self.clear()
        with self:
            self._build(self.seen)
