"""Where the form stands beside the stage: it can be folded, and keeps its place on every page."""

from collections.abc import Callable
from typing import Literal

from nicegui import ui

from batchgen_app.places import assets_dir
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form import BatchForm

Begins = Literal["open", "kept", "folded"]
"""Open whatever was left; or as it was left, and where nobody has folded it yet, open or folded."""


class FormColumn(ui.element, component=assets_dir() / "form_column.js"):
    """``make`` gives the form. Where it begins folded, it is made when somebody wants it."""

    def __init__(self, begins: Begins, make: Callable[[], BatchForm]) -> None:
        super().__init__()
        self.form: BatchForm | None = None
        self._make = make
        self.props["begins"] = begins
        self.props["fold"] = str(words.FOLD)
        self.props["unfold"] = str(words.UNFOLD)
        self.props["nothing"] = str(words.PROMPT_HINT)
        self.on("opened", self.open, [])
        if begins != "folded":
            self.open()

    def open(self) -> None:
        """There is a form from now on."""
        if self.form is None:
            self.props["made"] = True
            with self:
                self.form = self._make()

    def started(self) -> None:
        """A batch of the form's is on its way: on a narrow screen it makes room."""
        self.run_method("started")

    def let_go(self) -> None:
        """Take the focus away from the form, if it is there."""
        self.run_method("letGo")
