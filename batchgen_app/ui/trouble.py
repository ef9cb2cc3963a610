"""What went wrong, what that means and what to do, with a button to try again."""

from nicegui import ui

from batchgen_app.ui import words
from batchgen_app.ui.controls import Click, button, marked


class Trouble(ui.element):
    """A box that is empty while all is well."""

    def __init__(self, retry: Click) -> None:
        super().__init__("div")
        self._retry = retry

    def tell(self, what: str, more: str = "") -> None:
        """Say it, in place of what was said before."""
        self.clear()
        with self, marked(ui.element("div"), "server-error").classes("bg-trouble") as box:
            box.props("role=alert")
            ui.label(what).classes("bg-trouble-what")
            ui.label(more)
            marked(button(words.RETRY, self._retry), "retry")
