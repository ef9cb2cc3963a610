"""What went wrong, what that means and what to do, with a button to try again."""

from nicegui import ElementFilter, ui

from batchgen_app.language.texts import told
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import Click, button, marked


class PageTrouble(ui.element):
    """Says that the server is away where nothing nearer does; steps aside for what does."""

    @staticmethod
    def is_needed() -> bool:
        """Whether nothing else on this page tells of a trouble, and offers to try again."""
        with ui.context.client.layout:
            return not any(trouble.is_telling for trouble in ElementFilter(kind=Trouble))


class Trouble(ui.element):
    """A box that is empty while all is well."""

    def __init__(self, retry: Click) -> None:
        super().__init__("div")
        self._retry = retry

    @property
    def is_telling(self) -> bool:
        """Whether something is wrong."""
        return bool(self.default_slot.children)

    def tell(self, what: str, more: str = "") -> None:
        """Say it, in place of what was said before."""
        self.clear()
        with self, marked(ui.element("div"), "server-error").classes("bg-trouble") as box:
            box.props("role=alert")
            ui.label(told(what)).classes("bg-trouble-what")
            ui.label(more)
            marked(button(common.RETRY, self._retry), "retry")
        with self.client.layout:
            for further in ElementFilter(kind=PageTrouble):
                further.delete()
