"""A question that must be answered before something happens."""

from nicegui import ui

from batchgen_app.ui.parts.controls import button, marked


async def agreed(question: str, consequence: str, *, stay: str, do_it: str) -> bool:
    """Whether the person wants it; ``stay`` and ``do_it`` are the answers. Leaving is no."""
    with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
        dialog.props["aria-label"] = question
        ui.label(question).classes("bg-dialog-title").props("role=heading aria-level=2")
        ui.label(consequence).classes("bg-muted")
        with ui.element("div").classes("bg-buttons"):
            button(stay, lambda: dialog.submit(None))
            marked(button(do_it, lambda: dialog.submit(do_it), main=True), "agree")
    answer = await dialog
    if not dialog.is_deleted:  # as it is when the page has changed meanwhile
        dialog.delete()
    return bool(answer == do_it)
