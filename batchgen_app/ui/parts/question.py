"""A question that must be answered before something happens."""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.ui.parts.controls import button, marked


async def agreed(
    question: str, consequence: Callable[[ui.label], object], *, stay: str, do_it: str
) -> bool:
    """Whether the person wants it; ``stay`` and ``do_it`` are the answers. Leaving is no, and so
    are Escape and Enter: ``stay`` has the focus. ``consequence`` binds the label that says what
    comes of it to what may change while it is read.
    """
    with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
        dialog.props["aria-label"] = question
        ui.label(question).classes("bg-dialog-title").props("role=heading aria-level=2")
        consequence(ui.label().classes("bg-muted").props("aria-live=polite"))
        with ui.element("div").classes("bg-buttons"):
            safe = button(stay, lambda: dialog.submit(None), main=True)
            marked(safe, "stay").props("autofocus")
            marked(button(do_it, lambda: dialog.submit(do_it)), "agree")
    dialog.on("hide", dialog.delete)  # not sooner: first it gives the focus back
    return bool(await dialog == do_it)
