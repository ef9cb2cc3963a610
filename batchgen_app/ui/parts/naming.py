"""A question for a name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.fields import Field


@dataclass(frozen=True)
class NameWords:
    """What the question is called, the field (and its mark), and the button that gives the name;
    ``most`` characters fit in.
    """

    title: str
    field: str
    mark: str
    give: str
    most: int


class NameDialog:
    """Asks for another name and stays until ``give`` takes one, or nobody wants it any more; then
    it is ``over``.
    """

    def __init__(
        self,
        words: NameWords,
        name: str,
        give: Callable[[str], Awaitable[None]],
        over: Callable[[], object] = lambda: None,
    ) -> None:
        self._words = words
        self._give = give
        self._over = over
        with ui.context.client.layout, ui.dialog(value=True) as self._dialog:
            self._dialog.props["aria-label"] = words.title
            with ui.card().classes("bg-dialog").props("flat"):
                self._build(name)
        self._dialog.on("hide", self._leave)

    def _leave(self) -> None:
        with self._dialog.client.layout:
            self._dialog.delete()
            self._over()

    def _build(self, name: str) -> None:
        title = ui.label(self._words.title).classes("bg-dialog-title")
        title.props("role=heading aria-level=2 dir=auto")
        words = self._words
        self._field = Field("name", words.field, lambda: _input(words, name), read=str)
        self._field.control.on("keydown.enter", self._submit)
        with ui.element("div").classes("bg-buttons"):
            button(str(common.CANCEL), self._dialog.close)
            marked(button(words.give, self._submit, main=True), "agree")

    async def _submit(self) -> None:
        try:
            await self._give(str(self._field.given).strip())
        except BatchGenError as error:
            self._field.tell(error.message)
        else:
            self._dialog.close()


def _input(words: NameWords, name: str) -> ui.input:
    field = ui.input(value=name).props("outlined dense autofocus dir=auto")
    field.props["maxlength"] = str(words.most)
    return marked(field, words.mark)
