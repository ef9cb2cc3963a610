"""One batch: its progress while it runs, the comparison after."""

from nicegui import ui

from batchgen_app.core.errors import NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import told
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.batch_stage import batch_stage
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked


async def batch_page(house: House, batch_id: str) -> None:
    """The stage of a batch; for an id that no batch has, the way to those that are there."""
    try:
        batch = await house.queries.batch(batch_id)
    except NotFound as error:
        _not_found(str(error))
    else:
        await _folder(house, batch)
        batch_stage(house, batch)


async def _folder(house: House, batch: BatchState) -> None:
    """That it is missing, where it should be there: what is shown of the batch are empty frames."""
    missing = await house.queries.files.missing_folder(batch)
    if not missing:
        return
    with ui.element("div").classes("bg-trouble").props("role=alert"):
        marked(ui.label(told(missing)).classes("bg-trouble-what"), "folder-missing")


def _not_found(message: str) -> None:
    ui.status_code(404)
    with ui.element("div").classes("bg-nothing"):
        ui.label(told(message)).props("role=heading aria-level=1")
        ui.label(str(words.NO_SUCH_BATCH)).classes("bg-muted")
        button(str(words.TO_GALLERY), lambda: ui.navigate.to("/gallery"), main=True)
