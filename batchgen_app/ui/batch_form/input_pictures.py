"""Pictures that a workflow starts from: one field for each input that takes one."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import events, ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import told
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.parts.controls import button, icon_button, marked
from batchgen_app.ui.parts.fields import Messages, Text

ACCEPTED = ".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp"


class InputPictures:
    """``given`` are the pictures' ids by slot, as a request wants them; ``on_change`` is called
    when another one is given, or one taken away.
    """

    def __init__(self, actions: FormActions, on_change: Callable[[], Awaitable[None]]) -> None:
        self.given: dict[str, str] = {}
        self._actions = actions
        self._on_change = on_change
        self._box = ui.element("div").classes("bg-input-pictures")

    def show(self, places: dict[str, str], given: dict[str, str]) -> None:
        """A field for each of ``places``: what it is called, by slot. What was ``given`` earlier
        stays given.
        """
        self.given = {slot: picture for slot, picture in given.items() if slot in places}
        self._box.clear()
        with self._box:
            for slot, name in places.items():
                self._field(slot, name)

    def _field(self, slot: str, name: str) -> None:
        with marked(ui.element("div").classes("bg-field bg-input-picture"), "input-image") as field:
            field.props["data-slot"] = slot
            Text("span", name).classes("bg-label")
            shown = ui.element("div").classes("bg-workflow")
            messages = Messages()
            upload = ui.upload(auto_upload=True).props(f'accept="{ACCEPTED}"').classes("bg-hidden")
        upload.on_upload(partial(self._take, slot, shown, messages, upload))
        self._draw(slot, shown, upload)

    def _draw(self, slot: str, shown: ui.element, upload: ui.upload) -> None:
        shown.clear()
        with shown:
            if picture := self.given.get(slot):
                with ui.element("div").classes("bg-file"):
                    address = f"/api/uploads/{picture}"
                    thumbnail = f"/api/images/{picture}/thumbnail"
                    image = ui.element("img").classes("bg-input-thumbnail")
                    image.props["src"] = address if "." in picture else thumbnail
                    image.props["alt"] = ""
                    icon_button(
                        "close",
                        str(words.PICTURE_REMOVE),
                        partial(self._take_away, slot, shown, upload),
                    )
            else:
                choose = button(str(words.PICTURE_CHOOSE), icon="add_photo_alternate")
                pick = f"() => getElement({upload.id}).$refs.qRef.pickFiles()"
                choose.on("click", js_handler=pick)

    async def _take(
        self,
        slot: str,
        shown: ui.element,
        messages: Messages,
        upload: ui.upload,
        event: events.UploadEventArguments,
    ) -> None:
        upload.reset()
        try:
            kept = await self._actions.keep_picture(await event.file.read())
        except BatchGenError as error:
            messages.tell(told(error.message))
            return
        messages.tell(None)
        self.given[slot] = kept.id
        self._draw(slot, shown, upload)
        await self._on_change()

    async def _take_away(self, slot: str, shown: ui.element, upload: ui.upload) -> None:
        del self.given[slot]
        self._draw(slot, shown, upload)
        await self._on_change()
