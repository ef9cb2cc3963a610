"""Pictures that were made elsewhere come into the gallery: dropped on the page, pasted or chosen,
also whole folders. What is there is told while it comes, and of each what became of it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from nicegui import events, ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import each, translated
from batchgen_app.places import assets_dir
from batchgen_app.services.values import MOST_BYTES, GivenPicture, Taken
from batchgen_app.ui.gallery import import_words as words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.parts.uploads import hidden_upload, weak

AT_ONCE = 20
"""Pictures that are held until they are taken in, and may become one batch."""
MOST_NAMED = 200
"""Files that a result tells of one by one."""
ACCEPTED = "image/png,image/jpeg,image/webp"


class DropMany(ui.element, component=assets_dir() / "drop_anywhere.js"):
    """Hands files to an uploader, all of them; says with the event ``several`` how many there are,
    with ``sent`` that each has been answered, and with ``nothing`` that none is a picture.
    """


class Importer:
    """One page's import; one after the other. ``build`` has the place where it is told."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._turn = asyncio.Lock()
        self._waiting: list[GivenPicture] = []
        self._taken: list[Taken] = []
        self._lost = self._expected = 0
        self._fault = ""
        self._is_stopped = False
        self._upload = hidden_upload(multiple=True, most_bytes=MOST_BYTES)
        marked(self._upload, "import-upload")
        self._upload.on_upload(weak(self._arrived)).on_rejected(weak(self._reject))
        self._upload.on("failed", weak(self._lose), [])
        self._drop = DropMany()
        self._drop.props["uploader"] = self._upload.id
        self._drop.props["words"] = each(words.DROP)
        self._drop.props["many"] = ACCEPTED
        self._drop.on("several", self._begin).on("sent", self._finish, [])
        self._drop.on("nothing", lambda: toast(str(words.NO_PICTURES)), [])
        self._drop.on("busy", lambda: toast(str(words.DROP["busy"])), [])

    def buttons(self) -> None:
        """To choose files, or a folder where the browser can."""
        files = button(str(words.IMPORT), icon="upload").classes("bg-import-button")
        files.props["aria-label"] = files.props["title"] = str(words.IMPORT_FILES)
        folder = icon_button("drive_folder_upload", str(words.IMPORT_FOLDER))
        for made, mark, of_folder in (
            (files, "import", "false"),
            (folder.classes("bg-import-folder"), "import-folder", "true"),
        ):
            pick = f"() => getElement({self._drop.id}).pick({of_folder})"
            marked(made, mark).on("click", js_handler=pick)

    def place(self) -> None:
        """Where it is told."""
        self._place = marked(ui.element("div"), "import-result").classes("bg-import")
        self._place.props("role=status")
        self._place.visible = False

    def _begin(self, event: events.GenericEventArguments) -> None:
        self._is_stopped = False
        self._expected += int(event.args)
        self._show_progress()

    async def _arrived(self, event: events.UploadEventArguments) -> None:
        async with self._turn:
            if self._is_stopped:
                return
            content = await event.file.read()
            self._waiting.append(GivenPicture(event.file.name, content))
            if len(self._waiting) >= AT_ONCE:
                await self._take()
            self._show_progress()

    async def _reject(self, _: object) -> None:
        toast(str(words.TOO_LARGE))

    async def _lose(self, _: object) -> None:
        if not self._is_stopped:
            self._lost += 1

    async def _stop(self) -> None:
        """What has arrived is taken in, nothing more is sent, and the rest is counted."""
        if not self._is_stopped:
            self._is_stopped = True
            self._drop.run_method("stop")
            await self._finish(None)

    async def _finish(self, _: Any) -> None:
        """Of a sending; what arrived is taken in before."""
        async with self._turn:
            await self._take()
            taken, self._taken = self._taken, []
            lost, self._lost = self._lost, 0
            fault, self._fault = self._fault, ""
            left_out = max(0, self._expected - len(taken) - lost) if self._is_stopped else 0
            self._expected = 0
        if taken or lost or fault or left_out:
            self._show(taken, lost, fault, left_out)

    async def _take(self) -> None:
        """Where it cannot be, what is left of it is told, and not tried once more by itself."""
        waiting, self._waiting = self._waiting, []
        if not waiting or self._fault:
            self._lost += len(waiting)
            return
        commands, caller = self._context.commands, self._context.caller
        try:
            # They arrive in any order; those that belong together are called alike.
            in_order = sorted(waiting, key=lambda given: given.name)
            self._taken += await commands.import_pictures(caller, in_order)
        except BatchGenError as error:
            self._fault = translated(str(error))
            self._lost += len(waiting)

    def _show_progress(self) -> None:
        done = len(self._taken) + len(self._waiting)
        self._place.clear()
        self._place.visible = True
        with self._place:
            with ui.element("div").classes("bg-import-line"):
                marked(ui.label(words.progress(done, self._expected)), "import-progress")
                marked(button(str(words.STOP), self._stop), "import-stop")
            share = done / self._expected if self._expected else 0.0
            ui.linear_progress(share, show_value=False).props("aria-hidden=true")

    def _show(self, taken: Sequence[Taken], lost: int, fault: str, left_out: int) -> None:
        told = words.summary(taken, lost, left_out)
        self._place.clear()
        self._place.visible = True
        with self._place:
            with ui.element("div").classes("bg-import-line"):
                marked(ui.label(told), "import-summary")
                icon_button("close", str(words.CLOSE), self._close)
            if fault:
                ui.label(fault).classes("bg-trouble-what").props("role=alert")
            _list(taken)
        if batches := list(dict.fromkeys(one.batch_id for one in taken if _is_new(one))):
            with self._place:
                toast(told, undo=lambda: self._take_back(batches), lasting=True)

    def _close(self) -> None:
        self._place.clear()
        self._place.visible = False

    async def _take_back(self, batches: Sequence[str]) -> None:
        """All of them to the trash."""
        for batch_id in batches:
            await self._context.commands.delete_batch(self._context.caller, batch_id)
        self._close()


def _is_new(taken: Taken) -> bool:
    return bool(taken.image_id) and not taken.is_known


def _list(taken: Sequence[Taken]) -> None:
    box = ui.expansion(words.files(len(taken))).classes("bg-import-files").props("dense")
    with box, ui.element("ul"):
        for one in taken[:MOST_NAMED]:
            _entry(one)
        if len(taken) > MOST_NAMED:
            Text("li", words.more(len(taken) - MOST_NAMED))


def _entry(taken: Taken) -> None:
    with marked(ui.element("li"), "imported-file"):
        if taken.image_id:
            own_direction(ui.link(taken.name, f"/batch/{taken.batch_id}"))
        else:
            own_direction(ui.label(taken.name))
        ui.label(words.outcome(taken)).classes("bg-muted")
