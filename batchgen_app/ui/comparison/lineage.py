"""Where a batch came from and what came of it: small lines whose batches can be opened."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.state import BatchState
from batchgen_app.services.values import Lineage, Relative
from batchgen_app.ui.comparison import lineage_words as words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import marked, own_direction
from batchgen_app.ui.parts.fields import Text


class Lines:
    """Ancestors stand above the batch, and what came of it below, so that no picture moves when
    something does. They follow what is made, thrown away and had back. For a batch that came from
    another one its place is kept from the start.
    """

    def __init__(self, context: PageContext, batch: BatchState) -> None:
        self._queries = context.queries.lineage
        self._batch = batch
        self._shown = Lineage()
        self._above = _box("lineage", str(words.LINEAGE))
        self._above.visible = batch.request.based_on is not None
        self._below: ui.element | None = None
        with self._above:
            # Once the page is there: it is not waited for.
            ui.timer(0, self._load, once=True)
        context.news.queue_changed.subscribe(self._load)
        context.news.batch_edited.subscribe(self._follow)
        context.news.trash_emptied.subscribe(self._load)

    def below(self) -> None:
        """Have what came of the batch here."""
        self._below = _box("led-to", str(words.LED_TO))
        self._below.visible = False

    async def _follow(self, edited: str) -> None:
        if edited != self._batch.batch_id:  # its own marks change nothing here
            await self._load()

    async def _load(self) -> None:
        if self._above.is_deleted:
            return
        try:
            found = await self._queries.of(self._batch.batch_id)
        except BatchGenError:  # the page tells it where it matters
            return
        if found != self._shown and not self._above.is_deleted:
            self._shown = found
            self._show(found)

    def _show(self, found: Lineage) -> None:
        earlier = str(words.EARLIER_STILL) if found.is_longer else ""
        _fill(self._above, partial(_line, "ancestors", found.ancestors, _ancestor, earlier))
        if self._below:
            others = str(words.OTHERS) if found.are_more else ""
            _fill(self._below, partial(_led_to, found.descendants, others))


def _box(mark: str, name: str) -> ui.element:
    made = marked(ui.element("nav"), mark).classes("bg-lineage")
    made.props["aria-label"] = name
    return made


def _fill(box: ui.element, build: Callable[[], bool]) -> None:
    box.clear()
    with box:
        box.visible = build()


def _led_to(descendants: Sequence[Relative], more: str) -> bool:
    with ui.element("div").classes("bg-lineage-below"):
        ui.label(f"{words.LED_TO}:")
        return _line("descendants", descendants, _descendant, more)


def _line(
    mark: str, relatives: Sequence[Relative], build: Callable[[Relative], None], more: str
) -> bool:
    """Tells whether there is anything in it."""
    with marked(ui.element("ol"), mark).classes("bg-lineage-line"):
        for relative in relatives:
            with ui.element("li"):
                build(relative)
        if more:
            Text("li", more)
    return bool(relatives)


def _ancestor(relative: Relative) -> None:
    ui.label(str(words.CAME_FROM[relative.how]))
    if relative.is_there:
        _link(relative, words.origin(relative))
    else:
        ui.label(words.origin(relative))


def _descendant(relative: Relative) -> None:
    _link(relative, words.descendant(relative))


def _link(relative: Relative, text: str) -> None:
    made = own_direction(ui.link(text, f"/batch/{relative.batch_id}"))
    made.props["title"] = relative.prompt
