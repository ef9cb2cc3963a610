"""The folders: where pictures go, where the app keeps its own data, and how much room there is."""

from pathlib import Path

from nicegui import ui

from batchgen_app.core.errors import BatchGenError, StorageError
from batchgen_app.language.texts import told
from batchgen_app.places import default_output_dir
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked, own_direction
from batchgen_app.ui.parts.fields import Field, as_text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.settings import words


async def folders(house: House) -> None:
    """Both folders."""
    await _OutputFolder(house).tell()
    data = house.administration.folders(house.caller).data
    with ui.element("div").classes("bg-field"):
        ui.label(str(words.DATA_FOLDER)).classes("bg-label")
        own_direction(marked(ui.label(str(data)).classes("bg-path"), "data-folder"))
        ui.label(await _room(house, data)).classes("bg-hint")


class _OutputFolder:
    """Where pictures go; another folder counts from the next start on."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._field = Field("outputDir", str(words.OUTPUT_FOLDER), self._control, as_text)
        with self._field.box:
            self._hint = marked(ui.label(), "output-folder-hint").classes("bg-hint")
            self._save = marked(button(str(words.SAVE_FOLDER), self._saved), "save-output-folder")

    @property
    def _chosen(self) -> Path:
        return self._house.preferences.saved.output_dir or default_output_dir()

    def _control(self) -> ui.input:
        field = ui.input(value=str(self._chosen), placeholder=str(default_output_dir()))
        return own_direction(
            marked(field, "output-folder").props("outlined dense spellcheck=false")
        )

    async def tell(self) -> None:
        """How much room there is, and since when it counts."""
        house, chosen = self._house, self._chosen
        used = house.administration.folders(house.caller).output
        room = await _room(house, used)
        is_used = used == chosen
        self._hint.text = (
            words.this_folder(room) if is_used else words.other_folder(str(chosen), str(used), room)
        )

    async def _saved(self) -> None:
        folder = _folder(str(self._field.given).strip())
        if fault := await _fault(self._house, folder):
            self._field.tell(fault)
            return
        self._field.tell(None)
        try:
            await self._house.preferences.change(self._house.caller, output_dir=folder)
        except BatchGenError as error:
            self._field.tell(str(error))
            return
        self._field.put(str(self._chosen))
        await self.tell()
        toast(str(words.FOLDER_SAVED))


def _folder(typed: str) -> Path | None:
    return Path(typed).expanduser() if typed else None


async def _fault(house: House, folder: Path | None) -> str | None:
    """Why pictures cannot go there; None stands for the usual folder."""
    folder = folder or default_output_dir()
    if not folder.is_absolute():
        return str(words.FOLDER_NOT_WHOLE)
    try:
        await house.administration.check_writable(house.caller, folder)
    except StorageError as error:
        return str(error)
    return None


async def _room(house: House, folder: Path) -> str:
    try:
        return words.room(await house.administration.free_bytes(house.caller, folder))
    except StorageError as error:
        return told(str(error))
