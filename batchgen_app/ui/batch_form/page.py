"""The pages "/" and "/batch/…": the form, the stage beside it, and the queue below the stage. Each
keeps its place from the first word to the choice. The stage shows what is being made and what came
out of it; before anything was made, prompts to begin with.
"""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import NotFound
from batchgen_app.core.like_image import like_image
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form import BatchForm
from batchgen_app.ui.batch_form.form_column import Begins, FormColumn
from batchgen_app.ui.batch_form.stage import Stage
from batchgen_app.ui.batch_progress.page import batch_stage, found
from batchgen_app.ui.batch_progress.queue_list import QueueList
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import button, marked, own_direction
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


async def generate_page(
    context: PageContext,
    like: str,
    workflow: str = "",
    picture: str = "",
    image: str = "",
    *,
    fresh: bool = False,
) -> None:
    """``like`` is the id of a batch whose request the form begins with, and ``image`` the number of
    its image whose seed it takes, or its words alone where the seeds are to be ``fresh``;
    ``workflow`` is that of a workflow, and ``picture`` that of a picture to start from; or empty.
    Who may only view sees the stage and the queue.
    """
    if not context.may(Verb.MAKE):
        with ui.element("div").classes("bg-generate-stage"):
            Stage(context, nothing_yet)
            QueueList(context)
        return

    asked_for = bool(like or workflow or picture)
    begins: Begins = "open" if asked_for or not context.queries.running else "kept"
    form = _beside(context, begins, waits=bool(like or workflow))
    assert form
    if picture:
        form.start_from(picture)
    if like:
        await _begin_like(like, context, form, lambda batch: _request_like(batch, image, fresh))
    elif workflow:
        await form.use(workflow)


async def _begin_like(
    batch_id: str,
    context: PageContext,
    form: BatchForm,
    request_like: Callable[[BatchState], AnyRequest],
) -> None:
    try:
        batch = await context.queries.batch(batch_id)
    except NotFound:
        form.bring_draft()
        toast(str(words.NO_SETTINGS))
    else:
        await form.fill(request_like(batch), batch.batch_id)


def _request_like(batch: BatchState, image: str, fresh: bool) -> AnyRequest:  # noqa: FBT001
    """Of an image that the batch does not have, all of them are meant."""
    numbers = {str(planned.index): planned.index for planned in batch.images}
    if image not in numbers:
        return batch.request
    return like_image(batch, numbers[image], fresh=fresh)


async def batch_page(context: PageContext, batch_id: str) -> None:
    """The page "/batch/…": the same, for one batch; the form stands folded beside it."""
    batch = await found(context, batch_id)
    if batch is None:
        return
    if context.may(Verb.MAKE):
        _beside(context, "folded", keeps=batch)
    else:
        batch_stage(context, batch)


def _beside(
    context: PageContext, begins: Begins, *, waits: bool = False, keeps: BatchState | None = None
) -> BatchForm | None:
    """Form, stage, and the queue below the stage; gives the form, if it is there yet."""

    def watch(batch: BatchState) -> None:
        stage.watch(batch)
        column.started()
        if stage.shows(batch):
            stage.come_into_view()
        else:
            queue.show(batch)

    def describe(prompt: str) -> None:
        assert column.form
        column.form.describe(prompt)

    def form() -> BatchForm:
        return BatchForm(context, watch, waits=waits, takes_focus=keeps is None)

    with ui.element("div").classes("bg-generate"):
        column = FormColumn(begins, form)
        with ui.element("div").classes("bg-generate-stage"):
            stage = Stage(
                context,
                lambda: examples(describe),
                is_typing=lambda: bool(column.form and column.form.is_typing),
                is_untouched=lambda: column.form is None or column.form.is_untouched,
                on_settled=column.let_go,
                keeps=keeps,
            )
            queue = QueueList(context)
    return column.form
