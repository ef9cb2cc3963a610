"""The page "/": the form, the stage beside it, and the queue below the stage."""

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.examples import examples, nothing_yet
from batchgen_app.ui.batch_form.form import BatchForm
from batchgen_app.ui.batch_form.stage import Stage
from batchgen_app.ui.batch_progress.queue_list import QueueList
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.toast import toast


async def generate_page(house: House, like: str) -> None:
    """``like`` is the id of a batch whose request the form begins with, or empty. Who may only view
    sees the stage and the queue.
    """
    if not house.may(Verb.MAKE):
        with ui.element("div").classes("bg-generate-stage"):
            Stage(house, nothing_yet, lambda: False)
            QueueList(house)
        return

    def watch(batch: BatchState) -> None:
        stage.watch(batch)
        if not stage.shows(batch):
            queue.show(batch)

    with ui.element("div").classes("bg-generate"):
        form = BatchForm(house, watch, waits=bool(like))
        with ui.element("div").classes("bg-generate-stage"):
            stage = Stage(house, lambda: examples(form.describe), lambda: form.is_typing)
            queue = QueueList(house)
    if like:
        await _begin_like(like, house, form)


async def _begin_like(batch_id: str, house: House, form: BatchForm) -> None:
    try:
        batch = await house.queries.batch(batch_id)
    except NotFound:
        form.bring_draft()
        toast(str(words.NO_SETTINGS))
    else:
        await form.fill(batch.request)
