"""What went wrong, what that means, and what to do: with a button to try again."""

from nicegui import ui
from nicegui.events import ClickEventArguments, Handler

from batchgen_app.ui import words


class Trouble:
    """Shown only while there is something to say; ``retry`` is called by its button."""

    def __init__(self, retry: Handler[ClickEventArguments]) -> None:
        self._retry = retry
        self._place = ui.element("div").props("aria-live=assertive")

    def tell(self, what: str, more: str = "") -> None:
        """Say it, in place of what was said before."""
        self.clear()
        with (
            self._place,
            ui.element("div").classes("bg-trouble").props("data-testid=server-error role=alert"),
        ):
            ui.label(what).classes("bg-trouble-what")
            if more:
                ui.label(more)
            ui.button(words.RETRY, color=None, on_click=self._retry).classes("bg-quiet").props(
                "outline no-caps data-testid=retry"
            )

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self._place.clear()
