"""The folders: where pictures go, where the app keeps its own data, and how much room there is. And
what to send along when something does not work.
"""

from pathlib import Path

from nicegui import ui

from batchgen_app.core.errors import BatchGenError, StorageError
from batchgen_app.language.texts import translated
from batchgen_app.places import default_output_dir
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import CopyButton, busy, button, marked, own_direction
from batchgen_app.ui.parts.fields import Field, as_text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.moving import MovingBox


async def folders(context: PageContext) -> None:
    """That of the pictures, which can be changed, and that of the app's own data."""
    await _OutputFolder(context).tell()
    await MovingBox(context).show()
    marked(ui.link(str(words.SEE_STORAGE), "/storage"), "see-storage").classes("bg-link")
    data = context.administration.folders(context.caller).data
    with ui.element("div").classes("bg-field"):
        ui.label(str(words.DATA_FOLDER)).classes("bg-label")
        own_direction(marked(ui.label(str(data)).classes("bg-path"), "data-folder"))
        ui.label(await _room(context, data)).classes("bg-hint")


class _OutputFolder:
    """Where pictures go; another folder counts from the next start on."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._field = Field("outputDir", str(words.OUTPUT_FOLDER), self._control, as_text)
        with self._field.box:
            self._hint = marked(ui.label(), "output-folder-hint").classes("bg-hint")
            self._save = marked(button(str(words.SAVE_FOLDER), self._saved), "save-output-folder")

    @property
    def _chosen(self) -> Path:
        return self._context.preferences.saved.output_dir or default_output_dir()

    def _control(self) -> ui.input:
        field = ui.input(value=str(self._chosen), placeholder=str(default_output_dir()))
        return own_direction(
            marked(field, "output-folder").props("outlined dense spellcheck=false")
        )

    async def tell(self) -> None:
        """How much room there is, and since when it counts."""
        context, chosen = self._context, self._chosen
        used = context.administration.folders(context.caller).output
        room = await _room(context, used)
        is_used = used == chosen
        self._hint.text = (
            words.this_folder(room) if is_used else words.other_folder(str(chosen), str(used), room)
        )

    async def _saved(self) -> None:
        folder = _folder(str(self._field.given).strip())
        if fault := await _fault(self._context, folder):
            self._field.tell(fault)
            return
        self._field.tell(None)
        try:
            await self._context.preferences.change(self._context.caller, output_dir=folder)
        except BatchGenError as error:
            self._field.tell(str(error))
            return
        self._field.put(str(self._chosen))
        await self.tell()
        toast(str(words.FOLDER_SAVED))


def _folder(typed: str) -> Path | None:
    return Path(typed).expanduser() if typed else None


async def _fault(context: PageContext, folder: Path | None) -> str | None:
    """Why pictures cannot go there; None stands for the usual folder."""
    folder = folder or default_output_dir()
    if not folder.is_absolute():
        return str(words.FOLDER_NOT_WHOLE)
    try:
        await context.administration.check_writable(context.caller, folder)
    except StorageError as error:
        return str(error)
    return None


async def _room(context: PageContext, folder: Path) -> str:
    try:
        return words.room(await context.administration.free_bytes(context.caller, folder))
    except StorageError as error:
        return translated(str(error))


async def diagnostics(context: PageContext) -> None:
    """Shown before it is copied: people see what they give away."""
    ui.label(str(words.DIAGNOSTICS_HINT)).classes("bg-hint")

    async def show() -> None:
        with busy(collect):
            text = await context.administration.diagnostics(context.caller)
        place.clear()
        with place:
            copy = marked(CopyButton(text, str(words.COPY_DIAGNOSTICS)), "copy-diagnostics")
            copy.classes("bg-copy-diagnostics")
            shown = marked(ui.label(text), "diagnostics").classes("bg-diagnostics")
            shown.props("tabindex=0 role=region").props["aria-label"] = str(words.DIAGNOSTICS)

    with ui.element("div").classes("bg-buttons"):
        collect = marked(button(str(words.SHOW_DIAGNOSTICS), show), "show-diagnostics")
    place = ui.element("div").classes("bg-section-body")
