"""One picture of an open pile, with what people think of it."""

from functools import partial

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.ui.gallery import words
from batchgen_app.ui.parts.controls import Rating, icon_button, marked
from batchgen_app.ui.parts.marking import Choose, Marking, liked, rated, refused, rejected
from batchgen_app.ui.parts.toast import tried
from batchgen_app.ui.parts.undo import Undos
from batchgen_app.ui.parts.verdicts import (
    back_button,
    cross_button,
    follow_marks,
    rejected_sign,
    star_row,
)


class Card(ui.element):
    """One picture of an open pile, with what people think of it; keys are for the one that is
    pointed at.
    """

    def __init__(self) -> None:
        super().__init__("div")
        self.classes("bg-fan-card").props("data-tile")

    def add_marks(self, picture: GeneratedImage, marking: Marking, undos: Undos) -> None:
        """Over the picture that stands here."""
        mark = partial(_mark, marking, picture.id)
        with ui.element("span").classes("bg-marks"):
            self._rating = Rating(picture.rating)
            self._sign = rejected_sign()
        with ui.element("div").classes("bg-fan-judge"):
            back = back_button(lambda: tried(marking.take_back(picture.id)))
            follow_marks(back, undos, picture.id)
            star_row(lambda stars: mark(rated(stars)))
        self._cross = cross_button(lambda: mark(rejected), words.reject_of(picture.index))
        name = words.favourite_of(picture.index)
        self._heart = marked(icon_button("", name, lambda: mark(liked), key="f"), "favourite")
        self._heart.classes("bg-heart")
        self.show(picture)

    def show(self, picture: GeneratedImage) -> None:
        """As it is now."""
        self._rating.stars = picture.rating
        self._sign.set_visibility(picture.rejected)
        self.props["data-rejected"] = self._cross.props["aria-pressed"] = _said(picture.rejected)
        self._heart.props["icon"] = "favorite" if picture.favourite else "favorite_border"
        self._heart.props["aria-pressed"] = _said(picture.favourite)


def _said(is_so: bool) -> str:  # noqa: FBT001
    return "true" if is_so else "false"


async def _mark(marking: Marking, image_id: str, choose: Choose) -> None:
    if not await tried(marking.mark([image_id], choose)):
        refused()
