"""The page "/": the form, the stage beside it, and the queue below the stage."""

from contextlib import suppress

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_form.examples import examples, nothing_yet
from batchgen_app.ui.batch_form.form import BatchForm
from batchgen_app.ui.batch_form.stage import Stage
from batchgen_app.ui.batch_progress.queue_list import QueueList
from batchgen_app.ui.house import House


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

    with ui.element("div").classes("bg-generate"):
        form = BatchForm(house, watch)
        with ui.element("div").classes("bg-generate-stage"):
            stage = Stage(house, lambda: examples(form.describe), lambda: form.is_typing)
            QueueList(house)
    if like:
        with suppress(NotFound):
            await form.fill((await house.workshop.desk.batch(like)).request)
