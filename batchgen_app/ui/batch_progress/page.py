"""The stage of a batch: while it runs its progress, after its end the comparison; and what the page
of a batch says where that, or its folder, is not there.
"""

from nicegui import ui

from batchgen_app.core.errors import NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import translated
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.progress import progress
from batchgen_app.ui.comparison.comparison import comparison
from batchgen_app.ui.comparison.lineage import Lines
from batchgen_app.ui.live import seen_here
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Following, button, headline, marked


def batch_stage(context: PageContext, batch: BatchState) -> None:
    """Show one batch as it stands and as it goes on. The view changes by itself at every end and
    every resume.
    """
    seen = seen_here(batch)

    def build(view: str) -> None:
        {"running": progress, "ended": comparison, "deleted": _deleted}[view](context, seen)

    lines = Lines(context, seen)
    Following(seen, ("status", "deleted"), lambda: _view(seen), build).classes("bg-stage")
    lines.below()


def _view(batch: BatchState) -> str:
    if batch.deleted:
        return "deleted"
    return "ended" if batch.ended else "running"


def _deleted(_: PageContext, batch: BatchState) -> None:
    headline(batch.request.prompt)
    ui.label(str(words.BATCH_IN_TRASH)).classes("bg-muted")


async def found(context: PageContext, batch_id: str) -> BatchState | None:
    """The batch; for an id that no batch has, the page shows the way to those that are there."""
    try:
        batch = await context.queries.batch(batch_id)
    except NotFound as error:
        _not_found(str(error))
        return None
    await _folder(context, batch)
    return batch


async def _folder(context: PageContext, batch: BatchState) -> None:
    """That it is missing, where it should be there: what is shown of the batch are empty frames."""
    missing = await context.queries.files.missing_folder(batch)
    if not missing:
        return
    with ui.element("div").classes("bg-trouble").props("role=alert"):
        marked(ui.label(translated(missing)).classes("bg-trouble-what"), "folder-missing")


def _not_found(message: str) -> None:
    ui.status_code(404)
    with ui.element("div").classes("bg-nothing"):
        ui.label(translated(message)).props("role=heading aria-level=1")
        ui.label(str(words.NO_SUCH_BATCH)).classes("bg-muted")
        button(str(words.TO_GALLERY), lambda: ui.navigate.to("/gallery"), main=True)
