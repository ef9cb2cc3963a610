"""ImageActions: hearts, stars and the trash, for the images of one batch; and where it is told if
one of them fails.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import binding, ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import told
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    Rating,
    bind_prop,
    icon_button,
    into_view,
    marked,
    undoable,
)
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.parts.trouble import Trouble

Action = Callable[[], Awaitable[object]]


class Attempts:
    """A place for the fault of the last action, with a button that tries the same again."""

    def __init__(self) -> None:
        self._last: Action | None = None
        self._trouble = Trouble(self._again)

    async def attempt(self, action: Action) -> bool:
        """Do it; where that fails, say why. Tells whether it was done."""
        self._last = action
        fault = await _fault_of(action)
        if self._trouble.is_deleted:  # the action has changed the page
            return not fault
        if fault:
            what, _, more = told(str(fault)).partition(". ")
            self._trouble.tell(what, more, error=fault)
            into_view(self._trouble)
        else:
            self._trouble.clear()
        return not fault

    async def _again(self) -> None:
        if self._last:
            await self.attempt(self._last)


async def _fault_of(action: Action) -> BatchGenError | None:
    try:
        await action()
    except BatchGenError as error:
        return error
    return None


MOST_STARS = 5


class ImageActions:
    """Controls for what a person thinks of images; every open page shows it at once. ``show`` is
    called with an image that is being had back.
    """

    def __init__(
        self,
        context: PageContext,
        batch: BatchState,
        attempts: Attempts,
        show: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._caller = context.caller
        self._commands = context.commands
        self._may_delete = context.may(Verb.DELETE)
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
