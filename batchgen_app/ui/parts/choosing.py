"""A question with several answers, of which a person chooses one."""

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from batchgen_app.language.texts import Lazy
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import button, marked, own_direction


async def one_of(question: str, answers: Mapping[str, str] | Mapping[str, Lazy]) -> str | None:
    """The answer that was chosen; None where the question was left, by Escape, too."""
    with (
        ui.context.client.layout,
        ui.dialog() as dialog,
        ui.card().classes("bg-dialog").props("flat"),
    ):
        dialog.props["aria-label"] = question
        title = own_direction(ui.label(question)).classes("bg-dialog-title")
        title.props("role=heading aria-level=2")
        with ui.element("div").classes("bg-answers"):
            for answer, text in answers.items():
                marked(button(str(text), partial(dialog.submit, answer)), "answer")
            marked(button(str(common.CANCEL), partial(dialog.submit, None)), "no-answer")
    dialog.on("hide", dialog.delete)  # not sooner: first it gives the focus back
    chosen: str | None = await dialog
    return chosen
