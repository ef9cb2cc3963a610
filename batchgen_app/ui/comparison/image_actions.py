"""ImageActions: hearts, stars, rejecting and the trash, for the images of one batch; and where it
is told if one of them fails.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import binding, ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.core.errors import BatchGenError, NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import translated
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.file_name import file_name
from batchgen_app.ui.live import truth
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.collecting import collect, collect_button
from batchgen_app.ui.parts.controls import (
    Rating,
    bind_prop,
    icon_button,
    into_view,
    marked,
    undoable,
)
from batchgen_app.ui.parts.marking import Choose, Marking, liked, rated, refused, rejected
from batchgen_app.ui.parts.start_from import use_button
from batchgen_app.ui.parts.tagging import Tagging
from batchgen_app.ui.parts.toast import toast, undos_here
from batchgen_app.ui.parts.trouble import Trouble
from batchgen_app.ui.parts.verdicts import (
    back_button,
    cross_button,
    follow_marks,
    rejected_sign,
    star_row,
)

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
            refused()
            what, _, more = translated(str(fault)).partition(". ")
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


class ImageActions:
    """Controls for what a person thinks of images; every open page shows it at once. ``show`` is
    called with an image that is being had back. ``may_delete``: whether this person may.
    """

    def __init__(
        self,
        context: PageContext,
        batch: BatchState,
        attempts: Attempts,
        show: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._context = context
        self._caller = context.caller
        self._commands = context.commands
        self.may_delete = context.may(Verb.DELETE)
        self._may_make = context.may(Verb.MAKE)
        self._batch = batch
        self._attempts = attempts
        self.attempt = attempts.attempt
        self._show = show
        self._undos = undos_here()
        self._marking = Marking(context.caller, context.commands, self._undos, self._find)
        self._tagging = Tagging(context.caller, context.commands, self._undos)

    def file_name(self, shown: GeneratedImage) -> str:
        """What its file is called when it is downloaded."""
        return file_name(self._context, self._batch, shown)

    def use(self, shown: GeneratedImage) -> None:
        """A link to the form, which starts from the picture; only for those who make some."""
        if self._may_make:
            use_button(shown)

    def heart(self, index: int) -> None:
        """A button that marks the image as a favourite, or no longer."""
        made = marked(
            icon_button("", str(words.FAVOURITE), lambda: self.toggle(index), key="f"), "favourite"
        )
        made.classes("bg-heart")
        made.bind_icon_from(self._batch, "images", lambda _: self._heart(index))
        bind_prop(made, "aria-pressed", self._batch, ("images",), lambda: self._pressed(index))

    def given(self, index: int) -> None:
        """What the image has of stars, and that it is rejected, to be seen without pointing at
        anything.
        """
        rating = Rating(self._stars(index))
        binding.bind_from(rating, "stars", self._batch, "images", lambda _: self._stars(index))
        sign = rejected_sign()
        sign.bind_visibility_from(self._batch, "images", lambda _: self.is_rejected(index))

    def stars(self, index: int) -> ui.element:
        """Five buttons, and one that takes the stars away."""
        row = star_row(lambda stars: self.rate(index, stars))
        bind_prop(row, "data-value", self._batch, ("images",), lambda: str(self._stars(index)))
        return row

    def cross(self, index: int) -> None:
        """A button that rejects the image, or no longer."""
        made = cross_button(lambda: self.reject(index))
        bind_prop(made, "aria-pressed", self._batch, ("images",), lambda: self._crossed(index))

    def bin(self, index: int) -> None:
        """A button that puts the image into the trash; the message that follows brings it back."""
        if self.may_delete:
            undoable(
                icon_button(
                    "delete_outline", str(words.DELETE), partial(self.delete, index), key="Delete"
                )
            )

    def collection(self, index: int) -> None:
        """A button that asks into which collection the image is put."""
        collect_button(partial(self.collect, index))

    def back(self, shown: GeneratedImage) -> None:
        """A button that takes the last mark of the image back; only while there is one."""
        made = back_button(lambda: self.take_back(shown.index))
        follow_marks(made, self._undos, shown.id)

    async def toggle(self, *indexes: int) -> None:
        """Mark as a favourite, or no longer; several all or none."""
        await self._mark(indexes, liked)

    async def rate(self, index: int, stars: int) -> None:
        """One to five; 0 for none."""
        await self.rate_all((index,), stars)

    async def rate_all(self, indexes: Sequence[int], stars: int) -> None:
        """Several at once, all or none."""
        await self._mark(indexes, rated(stars))

    async def reject(self, *indexes: int) -> None:
        """They are not wanted, or no longer so; several all or none."""
        await self._mark(indexes, rejected)

    async def say(self, index: int, marks: Marks, told: str) -> None:
        """Give marks that belong together, and tell it with a way back; nothing where the picture
        has gone meanwhile, or where all of it was said before.
        """
        client = ui.context.client  # the view may be closed before the message comes
        picture = self._picture(index)

        async def give(image_id: str) -> None:
            if deed := await self._marking.mark([image_id], lambda _: marks):
                with client.layout:
                    toast(told, undo=deed, lasting=True)

        if picture:
            await self._attempts.attempt(partial(give, picture.id))

    async def take_back(self, index: int) -> None:
        """The last mark that was given here to an image."""
        if picture := self._picture(index):
            await self._attempts.attempt(lambda: self._marking.take_back(picture.id))

    async def collect(self, *indexes: int) -> None:
        """Ask into which collection they are put."""
        ids = [picture.id for index in indexes if (picture := self._picture(index))]
        await collect(self._context.queries, self._tagging, ids, self._find)

    async def take_out(self, index: int, name: str) -> None:
        """Out of a collection."""
        if picture := self._picture(index):
            await self._attempts.attempt(lambda: self._tagging.take_out(name, [picture.id]))

    def is_rejected(self, index: int) -> bool:
        """Whether somebody did that."""
        picture = self._picture(index)
        return picture is not None and picture.rejected

    async def delete(self, *indexes: int) -> None:
        """Put images into the trash, all or none, and offer to take it back."""
        client = ui.context.client  # what was clicked may not outlive the picture
        pictures = [found for index in indexes if (found := self._picture(index))]
        if pictures and await self._attempts.attempt(lambda: self._delete(pictures)):
            with client.layout:
                told = words.deleted([picture.index for picture in pictures])
                toast(told, undo=lambda: self._restore(pictures), lasting=True)

    async def _delete(self, pictures: Sequence[GeneratedImage]) -> None:
        async with self._undos.turn:
            await self._commands.delete_images(self._caller, *(p.id for p in pictures))

    async def _restore(self, pictures: Sequence[GeneratedImage]) -> None:
        """All that are still there; what is gone for good keeps no other one from coming back."""
        self._show(pictures[0].index)
        gone: NotFound | None = None
        async with self._undos.turn:
            for picture in pictures:
                try:
                    await self._commands.restore_image(self._caller, picture.id)
                except NotFound as error:
                    gone = error
        if gone:
            raise gone

    async def _mark(self, indexes: Sequence[int], choose: Choose) -> None:
        ids = [picture.id for index in indexes if (picture := self._picture(index))]
        await self._attempts.attempt(lambda: self._marking.mark(ids, choose))

    async def _find(self, image_id: str) -> GeneratedImage | None:
        """As it is, which the page may not show yet."""
        pictures = truth(self._batch).pictures
        return next((picture for picture in pictures if picture.id == image_id), None)

    def _picture(self, index: int) -> GeneratedImage | None:
        return self._batch.image(index).picture

    def _heart(self, index: int) -> str:
        picture = self._picture(index)
        return "favorite" if picture and picture.favourite else "favorite_border"

    def _pressed(self, index: int) -> str:
        return str(self._heart(index) == "favorite").lower()

    def _crossed(self, index: int) -> str:
        return str(self.is_rejected(index)).lower()

    def _stars(self, index: int) -> int:
        picture = self._picture(index)
        return picture.rating if picture else 0
