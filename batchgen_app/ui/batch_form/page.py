"""The page "/": the form, the stage beside it, and the queue below the stage. The stage shows what
is being made; before anything was made, prompts to begin with and frames for what will come.
"""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form import BatchForm
from batchgen_app.ui.batch_progress.page import batch_stage
from batchgen_app.ui.batch_progress.queue_list import QueueList
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import button, into_view, marked, own_direction
from batchgen_app.ui.parts.toast import toast


def examples(use: Callable[[str], None]) -> None:
    """Three prompts; ``use`` gets the one that is clicked."""
    with ui.element("div").classes("bg-start"):
        ui.icon("auto_awesome").classes("bg-start-icon").props("aria-hidden=true")
        ui.label(str(words.EXAMPLES_TITLE)).classes("bg-start-title").props(
            "role=heading aria-level=1"
        )
        ui.label(str(words.EXAMPLES_HINT)).classes("bg-hint")
        with ui.element("div").classes("bg-examples"):
            for prompt in words.EXAMPLES:
                _example(prompt, use)


def nothing_yet() -> None:
    """For those who may only view."""
    with ui.element("div").classes("bg-start"):
        ui.icon("hourglass_empty").classes("bg-start-icon").props("aria-hidden=true")
        ui.label(str(words.NOTHING_YET)).classes("bg-start-title").props(
            "role=heading aria-level=1"
        )
        ui.label(str(words.NOTHING_YET_HINT)).classes("bg-hint")


def _example(prompt: str, use: Callable[[str], None]) -> None:
    made = own_direction(marked(button(prompt, lambda: use(prompt)), "example"))
    made.props("align=left").classes("bg-example")


IS_BELOW_THE_FORM = "innerWidth < 1100"


class Stage(ui.element):
    """Shows the running batch; before there is one, what ``show_empty`` makes. When the last batch
    that was started here has ended (or, where none was, the one that was watched), the page goes to
    it, unless ``is_typing`` says that somebody would lose what they write, or a dialog is open, a
    picture in large perhaps; then the stage itself shows what came out.
    """

    def __init__(
        self, context: PageContext, show_empty: Callable[[], None], is_typing: Callable[[], bool]
    ) -> None:
        super().__init__("div")
        self._context = context
        self._queries = context.queries
        self._is_typing = is_typing
        self._shown: BatchState | None = None
        self._mine: set[str] = set()
        with self.classes("bg-stage-place"):
            show_empty()
        self._follow()
        context.news.queue_changed.subscribe(self._follow)

    def watch(self, batch: BatchState) -> None:
        """A batch that was started on this page: its end matters here."""
        self._mine.add(batch.batch_id)
        if self._shown is None or self._shown.ended:
            self._show(batch)
        if self.shows(batch):
            into_view(self, block="start", only_if=IS_BELOW_THE_FORM)

    def shows(self, batch: BatchState) -> bool:
        """Whether it is the one that is seen."""
        return self._shown is batch

    def _follow(self) -> None:
        shown, running = self._shown, self._queries.running
        if shown and shown.ended and not self._more_to_come(shown):
            self._leave_for(shown)
        elif running and running is not shown and not running.ended:
            self._show(running)

    def _more_to_come(self, ended: BatchState) -> bool:
        """Whether to stay for batches that have not ended: one's own, if one has any."""
        coming = {batch.batch_id for batch in self._queries.waiting}
        if running := self._queries.running:
            coming.add(running.batch_id)
        return bool(coming & self._mine if ended.batch_id in self._mine else coming)

    def _leave_for(self, ended: BatchState) -> None:
        self._mine.discard(ended.batch_id)
        if not (self._is_typing() or self._is_covered()):
            ui.navigate.to(f"/batch/{ended.batch_id}")

    def _is_covered(self) -> bool:
        return any(isinstance(e, ui.dialog) and e.value for e in self.client.elements.values())

    def _show(self, batch: BatchState) -> None:
        self._shown = batch
        self.clear()
        with self:
            batch_stage(self._context, batch)


async def generate_page(context: PageContext, like: str) -> None:
    """``like`` is the id of a batch whose request the form begins with, or empty. Who may only view
    sees the stage and the queue.
    """
    if not context.may(Verb.MAKE):
        with ui.element("div").classes("bg-generate-stage"):
            Stage(context, nothing_yet, lambda: False)
            QueueList(context)
        return

    def watch(batch: BatchState) -> None:
        stage.watch(batch)
        if not stage.shows(batch):
            queue.show(batch)

    with ui.element("div").classes("bg-generate"):
        form = BatchForm(context, watch, waits=bool(like))
        with ui.element("div").classes("bg-generate-stage"):
            stage = Stage(context, lambda: examples(form.describe), lambda: form.is_typing)
            queue = QueueList(context)
    if like:
        await _begin_like(like, context, form)


async def _begin_like(batch_id: str, context: PageContext, form: BatchForm) -> None:
    try:
        batch = await context.queries.batch(batch_id)
    except NotFound:
        form.bring_draft()
        toast(str(words.NO_SETTINGS))
    else:
        await form.fill(batch.request)
