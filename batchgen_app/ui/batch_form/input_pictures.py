"""Pictures that a workflow starts from: one field for each input that takes one."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import events, ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.parts.controls import button, icon_button, marked, pick_files, weak
from batchgen_app.ui.parts.fields import Messages, Text

ACCEPTED = ".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp"


class InputPictures:
    """``given`` are the pictures' ids by slot, as a request wants them; ``on_change`` is called
    when another one is given, or one taken away.
    """

    def __init__(self, actions: FormActions, on_change: Callable[[], Awaitable[None]]) -> None:
        self._actions = actions
        self._on_change = on_change
        self._fields: dict[str, PictureField] = {}
        self._box = ui.element("div").classes("bg-input-pictures")

    @property
    def given(self) -> dict[str, str]:
        """The ids of the pictures, by slot."""
        return {slot: field.given for slot, field in self._fields.items() if field.given}

    def show(self, places: Mapping[str, str], given: Mapping[str, str]) -> None:
        """A field for each of ``places``: what it is called, by slot. What was ``given`` earlier
        stays given.
        """
        self._box.clear()
        with self._box:
            self._fields = {
                slot: PictureField(slot, name, given.get(slot), self._actions, self._on_change)
                for slot, name in places.items()
            }


class PictureField:
    """Takes one picture; ``given`` is its id."""

    def __init__(
        self,
        slot: str,
        name: str,
        given: str | None,
        actions: FormActions,
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self.given = given
        self._actions = actions
        self._on_change = on_change
        with marked(ui.element("div").classes("bg-field bg-input-picture"), "input-image") as field:
            field.props["data-slot"] = slot
            Text("span", name).classes("bg-label")
            self._shown = ui.element("div").classes("bg-workflow")
            self._messages = Messages()
            self._upload = ui.upload(auto_upload=True).classes("bg-hidden")
        self._upload.props(f'accept="{ACCEPTED}"').on_upload(weak(self._take))
        self._draw()

    def _draw(self) -> None:
        self._shown.clear()
        with self._shown:
            if self.given:
                with ui.element("div").classes("bg-file"):
                    _thumbnail(self.given)
                    icon_button("close", str(words.PICTURE_REMOVE), self._take_away)
            else:
                choose = button(str(words.PICTURE_CHOOSE), icon="add_photo_alternate")
                pick_files(choose, self._upload)

    async def _take(self, event: events.UploadEventArguments) -> None:
        self._upload.reset()
        try:
            kept = await self._actions.keep_picture(await event.file.read())
        except BatchGenError as error:
            self._messages.tell(error.message)
        else:
            await self._have(kept.id)

    async def _take_away(self) -> None:
        await self._have(None)

    async def _have(self, picture: str | None) -> None:
        self.given = picture
        self._messages.tell(None)
        self._draw()
        await self._on_change()


def _thumbnail(picture: str) -> None:
    """Of one that was given, which is a file, or of an image of a batch."""
    is_file = "." in picture
    image = ui.element("img").classes("bg-input-thumbnail")
    image.props["src"] = (
        f"/api/uploads/{picture}" if is_file else f"/api/images/{picture}/thumbnail"
    )
    image.props["alt"] = ""
