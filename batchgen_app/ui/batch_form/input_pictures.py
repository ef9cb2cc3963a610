"""Pictures that a batch starts from: one field for each input of its workflow that takes one. The
built-in workflows take one, and then it is asked how much of it is to change.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from nicegui import ui

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.values import InputPicture
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import graph_words, words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.one_file import OneFile
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import NOT_LOADED, button, icon_button, marked
from batchgen_app.ui.parts.fields import Field, Messages, Text, as_number, number
from batchgen_app.ui.parts.toast import toast
from batchgen_app.workflows.adjustable import Adjustable
from batchgen_app.workflows.from_picture import DENOISE, PICTURE, fitting

NAME = "inputImages"
"""What a request calls them."""
ACCEPTED = "image/png,image/jpeg,image/webp"
"""Nothing but pictures: then a phone offers its camera, too."""

Put = Callable[[str | None], Awaitable[None]]


@dataclass(frozen=True)
class Place:
    """An input that takes a picture: what it is called, whether its transparent parts count, and
    the file that stands there and that the server does not have.
    """

    name: str
    gives_mask: bool = False
    missing: str = ""


class InputPictures:
    """``given`` are the pictures' ids by slot, as a request wants them; ``on_change`` is called
    when a person gives another one, or takes one away. At first it is about the built-in workflows.
    """

    def __init__(self, actions: FormActions, on_change: Callable[[], Awaitable[None]]) -> None:
        self._actions = actions
        self._on_change = on_change
        self._fields: dict[str, PictureField] = {}
        with ui.element("div").classes("bg-input-pictures") as self._whole:
            self._box = ui.element("div").classes("bg-input-pictures")
            self._messages = Messages()
            control = number("denoise", "0.05")
            self.denoise = Field("denoise", str(words.DENOISE), control, as_number)
            self.denoise.explain(str(words.DENOISE_HINT))
        self._is_built_in = True
        self._build(_built_in())

    @property
    def given(self) -> dict[str, str]:
        """The ids of the pictures, by slot."""
        return {slot: field.given for slot, field in self._fields.items() if field.given}

    @property
    def places(self) -> dict[str, str]:
        """What each place is called, by slot."""
        return {slot: field.name for slot, field in self._fields.items()}

    @property
    def kept(self) -> JsonObject:
        """What the browser keeps; what belongs to a workflow is kept with that."""
        return {NAME: self.given if self._is_built_in else {}}

    @property
    def asked(self) -> JsonObject:
        """What a request without a workflow says."""
        return {name: given for name, given in self.kept.items() if given}

    async def show(self, places: Mapping[str, Place], given: Mapping[str, str]) -> None:
        """A field for each of ``places``, by slot. What was ``given`` earlier stays given; so does
        the only picture, where there is one place for it.
        """
        self._is_built_in = False
        await self._show(places, given)

    async def begin(self, given: Mapping[str, str]) -> None:
        """The same for the built-in workflows."""
        self._is_built_in = True
        await self._show(_built_in(), given)

    async def put(self, slot: str, picture: str | None) -> None:
        """Have this picture there, or none, as a person wants; the one before can be had back."""
        if not (field := self._fields.get(slot)):
            return
        before = field.given
        with self._whole:  # what was clicked goes away
            await field.hold(picture)
            self.tell(None)
            await self._on_change()
            if before and before != picture:
                said = graph_words.PICTURE_REPLACED if picture else graph_words.PICTURE_TAKEN_AWAY
                toast(str(said), undo=partial(self.put, slot, before))

    def changing(self, now: Adjustable) -> Adjustable:
        """As ``now``, with what is asked where a built-in workflow starts from a picture."""
        return replace(now, denoise=DENOISE) if self.asked else now

    def shaping(self, usual: Parameters) -> Parameters:
        """As ``usual``, in the shape of the picture that a built-in workflow starts from."""
        field = self._fields.get(str(PICTURE)) if self._is_built_in else None
        if not (field and field.seen and usual.width and usual.height):
            return usual
        shape = field.seen.width, field.seen.height
        width, height = fitting(shape, usual.width, usual.height)
        return usual.model_copy(update={"width": width, "height": height})

    def tell(self, message: str | None) -> None:
        """Say what is wrong with them, or with None that nothing is."""
        self._messages.tell(message)
        for field in self._fields.values():
            field.name_wanted_beside(message or "")

    async def _show(self, places: Mapping[str, Place], given: Mapping[str, str]) -> None:
        held = [*self.given.values()]
        if not given and len(held) == len(places) == 1:
            given = dict.fromkeys(places, held[0])
        self._build(places)
        for slot, field in self._fields.items():
            await field.hold(given.get(slot))
        self.tell(None)

    def _build(self, places: Mapping[str, Place]) -> None:
        self._box.clear()
        with self._box:
            self._fields = {
                slot: PictureField(slot, place, self._actions, partial(self.put, slot))
                for slot, place in places.items()
            }


def _built_in() -> dict[str, Place]:
    return {str(PICTURE): Place(str(graph_words.PICTURE_TO_START))}


class PictureField:
    """Takes one picture; ``given`` is its id, and ``seen`` what is known of it. ``put`` is called
    with what a person wants there.
    """

    def __init__(self, slot: str, place: Place, actions: FormActions, put: Put) -> None:
        self.name = place.name
        self.given: str | None = None
        self.seen: InputPicture | None = None
        self._place = place
        self._actions = actions
        self._put = put
        with marked(ui.element("div").classes("bg-field bg-input-picture"), "input-image") as field:
            field.props["data-slot"] = slot
            Text("span", place.name).classes("bg-label")
            self._shown = ui.element("div").classes("bg-workflow")
            self._wanted = ui.label().classes("bg-hint bg-warned")
            self._mask = ui.label().classes("bg-hint").props("role=status")
            self._messages = Messages()
            self._file = OneFile(
                self._take,
                self._messages.tell,
                wanted=graph_words.PICTURE_WANTED,
                accept=ACCEPTED,
            )
        self._draw()

    async def hold(self, picture: str | None) -> None:
        """Show this one, whoever wants it."""
        self.given, self.seen = picture, None
        self._messages.tell(None)
        if picture:
            try:
                self.seen = await self._actions.look_at_picture(picture)
            except BatchGenError as error:
                self._messages.tell(error.message)
        self._draw()
        self._tell_of_mask()

    def name_wanted_beside(self, message: str) -> None:
        """Name the file that is wanted, unless the message does."""
        self._wanted.visible = self._place.missing not in message or not message

    def _tell_of_mask(self) -> None:
        is_about = self._place.gives_mask and self.seen
        is_masked = bool(self.seen and self.seen.is_transparent)
        said = graph_words.MASK_IS_THERE if is_masked else graph_words.MASK_IS_MISSING
        self._mask.text = str(said) if is_about else ""
        self._mask.classes(add="" if is_masked else "bg-warned", remove="bg-warned")

    def _draw(self) -> None:
        is_wanted = self._place.missing and not self.given
        self._wanted.text = graph_words.picture_missing(self._place.missing) if is_wanted else ""
        self._shown.clear()
        with self._shown:
            if self.given:
                with ui.element("div").classes("bg-file"):
                    _thumbnail(self.given)
                    if self.seen:
                        size = common.size(self.seen.width, self.seen.height)
                        ui.label(size).classes("bg-muted")
                    icon_button("close", str(graph_words.PICTURE_REMOVE), lambda: self._put(None))
            else:
                choose = button(str(graph_words.CHOOSE), icon="add_photo_alternate")
                choose.props["aria-label"] = str(graph_words.PICTURE_CHOOSE)
                self._file.opened_by(choose)

    async def _take(self, name: str, content: bytes) -> None:
        try:
            kept = await self._actions.keep_picture(content)
        except BatchGenError as error:
            self._messages.tell(error.message)
        else:
            await self._put(kept.id)


def _thumbnail(picture: str) -> None:
    """Of one that was given, which is a file, or of an image of a batch."""
    is_file = "." in picture
    image = ui.element("img").classes("bg-input-thumbnail").on("error", js_handler=NOT_LOADED)
    image.props["src"] = at(
        f"/api/uploads/{picture}" if is_file else f"/api/images/{picture}/thumbnail"
    )
    image.props["alt"] = ""
