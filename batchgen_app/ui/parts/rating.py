"""The stars that a picture was given, always in sight."""

from nicegui.binding import BindableProperty

from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.fields import Text


class Rating(Text):
    """Stands on a picture, or beside what is said about it; nothing without stars. In little room
    it is ``short``: one star and the number.
    """

    stars = BindableProperty(on_change=lambda rating, _: rating.show())

    def __init__(self, stars: int = 0, *, short: bool = False) -> None:
        super().__init__("span")
        self._short = short
        marked(self, "rating").classes("bg-rating")
        self.stars = stars
        self.show()

    def show(self) -> None:
        """Be as ``stars`` is."""
        shown = f"★ {self.stars}" if self._short else "★" * self.stars
        self.text = shown if self.stars else ""
        self.props["data-value"] = str(self.stars)
        self.props(remove="role aria-label")
        if self.stars:
            self.props["role"] = "img"
            self.props["aria-label"] = common.stars(self.stars)
