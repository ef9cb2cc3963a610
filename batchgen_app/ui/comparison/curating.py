"""Curating: hearts, stars and the trash, for the images of one batch."""

from collections.abc import Callable
from functools import partial

from nicegui import binding, ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.state import BatchState
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.attempts import Attempts
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import icon_button, marked, undoable
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.following import bind_prop
from batchgen_app.ui.parts.rating import Rating
from batchgen_app.ui.parts.toast import toast

MOST_STARS = 5


class Curating:
    """Controls for what a person thinks of images; every open page shows it at once. ``show`` is
    called with an image that is being had back.
    """

    def __init__(
        self,
        house: House,
        batch: BatchState,
        attempts: Attempts,
        show: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._caller = house.caller
        self._commands = house.commands
        self._may_delete = house.may(Verb.DELETE)
        self._batch = batch
        self._attempts = attempts
        self._show = show

    def heart(self, index: int) -> None:
        """A button that marks the image as a favourite, or no longer."""
        made = marked(
            icon_button("", str(words.FAVOURITE), lambda: self.toggle(index), key="f"), "favourite"
        )
        made.classes("bg-heart")
        made.bind_icon_from(self._batch, "images", lambda _: self._heart(index))
        bind_prop(made, "aria-pressed", self._batch, ("images",), lambda: self._pressed(index))

    def given(self, index: int) -> None:
        """The stars that the image has, to be seen without pointing at anything."""
        rating = Rating(self._stars(index))
        binding.bind_from(rating, "stars", self._batch, "images", lambda _: self._stars(index))

    def stars(self, index: int) -> ui.element:
        """Five buttons, and one that takes the stars away."""
        with ui.element("div").classes("bg-stars").props("role=group") as row:
            row.props["aria-label"] = str(words.RATING)
            bind_prop(row, "data-value", self._batch, ("images",), lambda: str(self._stars(index)))
            for stars in range(1, MOST_STARS + 1):
                self._star(index, stars, "★", common.stars(stars))
            self._star(index, 0, "×", str(words.NO_STARS))
        return row

    def bin(self, index: int) -> None:
        """A button that puts the image into the trash; the message that follows brings it back."""
        if self._may_delete:
            undoable(
                icon_button(
                    "delete_outline", str(words.DELETE), partial(self.delete, index), key="Delete"
                )
            )

    async def toggle(self, index: int) -> None:
        """Mark as a favourite, or no longer."""
        if picture := self._picture(index):
            on = not picture.favourite
            await self._attempts.attempt(
                lambda: self._commands.favourite(self._caller, picture.id, on=on)
            )

    async def delete(self, index: int) -> None:
        """Put an image into the trash, and offer to take it back."""
        client = ui.context.client  # what was clicked may not outlive the picture
        picture = self._picture(index)
        if picture and await self._deleted(picture.id):
            with client.layout:
                toast(words.deleted(index), undo=lambda: self._restore(picture))

    async def _deleted(self, image_id: str) -> bool:
        return await self._attempts.attempt(
            lambda: self._commands.delete_image(self._caller, image_id)
        )

    async def _restore(self, picture: GeneratedImage) -> None:
        self._show(picture.index)
        await self._attempts.attempt(lambda: self._commands.restore_image(self._caller, picture.id))

    async def _rate(self, index: int, stars: int) -> None:
        if picture := self._picture(index):
            await self._attempts.attempt(
                lambda: self._commands.rate(self._caller, picture.id, stars)
            )

    def _star(self, index: int, stars: int, text: str, name: str) -> None:
        made = Text("button", text).props(f"type=button data-key={stars}")
        made.classes("bg-star").on("click", lambda: self._rate(index, stars), [])
        made.props["data-star"] = str(stars)
        made.props["aria-label"] = made.props["title"] = name

    def _picture(self, index: int) -> GeneratedImage | None:
        return self._batch.image(index).picture

    def _heart(self, index: int) -> str:
        picture = self._picture(index)
        return "favorite" if picture and picture.favourite else "favorite_border"

    def _pressed(self, index: int) -> str:
        return str(self._heart(index) == "favorite").lower()

    def _stars(self, index: int) -> int:
        picture = self._picture(index)
        return picture.rating if picture else 0
