"""A workflow of one's own: a file that carries one, taken in, looked at, and removable."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from nicegui import events, ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.core.errors import BatchGenError, InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import ServerQueries
from batchgen_app.services.values import MOST_BYTES, TOO_LARGE, Inspection, KeptWorkflow
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.input_pictures import InputPictures
from batchgen_app.ui.batch_form.workflow_mapping import WorkflowMapping
from batchgen_app.ui.parts.controls import (
    button,
    icon_button,
    marked,
    own_direction,
    pick_files,
    weak,
)
from batchgen_app.ui.parts.fields import Messages, Select, Text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.workflows.workflow import Workflow

ACCEPTED = ".json,.png,.webp,.jpg,.jpeg,application/json,image/png,image/webp,image/jpeg"
MOST_KEPT_BYTES = 400_000
"""What comes back from a browser passes one message of the socket, which takes a megabyte."""


class WorkflowChoice:
    """Holds at most one workflow; ``on_change`` is called when a person takes or removes it."""

    def __init__(
        self,
        server: ServerQueries,
        actions: FormActions,
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self.workflow: Workflow | None = None
        self._server = server
        self._actions = actions
        self._library: dict[str, str] = {}
        """The names of those that are kept, by id."""
        self._found: Inspection | None = None
        self._not_taken: str | None = None
        self._on_change = on_change
        with ui.element("div").classes("bg-field"):
            Text("span", str(words.WORKFLOW)).classes("bg-label")
            self._upload = ui.upload(auto_upload=True, max_file_size=MOST_BYTES)
            with ui.element("div").classes("bg-workflow"):
                self._stored = Select("workflow-choice")
                self._show_empty()
                self._show_file()
            ui.label(str(words.WORKFLOW_HINT)).classes("bg-hint")
            self._messages = Messages()
        self._pictures = InputPictures(actions, self._correct)
        self._mapping = WorkflowMapping(self._correct)
        self._stored.props["placeholder"] = str(words.WORKFLOW_STORED)
        self._stored.props["aria-label"] = str(words.WORKFLOW_STORED)
        self._stored.on_value_change(self._choose_stored)
        self._upload.props(f'accept="{ACCEPTED}"').classes("bg-hidden")
        self._upload.on_upload(weak(self._take_file)).on_rejected(weak(self._reject))
        self._show("")

    @property
    def given(self) -> JsonObject | None:
        """What it adds to a request: the graph, and what a person said about it."""
        if not self._found:
            return None
        mapping = self._mapping
        said = {
            "roles": mapping.roles,
            "inputs": mapping.inputs,
            "inputImages": self._pictures.given,
            "promptAsIs": mapping.as_is,
        }
        return {"workflow": self._found.workflow.nodes, **{k: v for k, v in said.items() if v}}

    async def take(self, name: str, content: bytes, said: JsonObject) -> None:
        """Use this one, which is shown as ``name``, with what was ``said`` about it. Raises
        InvalidRequest.
        """
        found = await self._server.inspect(content)
        await self._mapping.show(found, said.get("roles") or {}, said.get("inputs") or {})
        self._pictures.show(self._mapping.pictures, said.get("inputImages") or {})
        self._found = found
        self.workflow = await asyncio.to_thread(self._mapping.corrected, found.workflow)
        self._show(name)

    async def load(self) -> None:
        """Offer what the library has."""
        try:
            kept = await self._actions.workflows()
        except BatchGenError as error:
            self.tell(error.message)
            return
        self._library = {workflow_id: one.name for workflow_id, one in kept.items()}
        self._stored.set_options(self._library, value=None)
        self._show_choices(self._file_name.text)

    async def _choose_stored(self, event: ValueChangeEventArguments[str | None]) -> None:
        if not event.value:
            return
        self._stored.value = None
        try:
            kept = await self._actions.workflow(event.value)
            said = {"roles": kept.roles, "inputs": kept.fields}
            await self.take(kept.name, await asyncio.to_thread(_written, kept.workflow), said)
        except BatchGenError as error:
            self._refuse(str(error))
        else:
            await self._on_change()

    async def _keep(self) -> None:
        """Into the library, with what was said about it, under the name of its file."""
        if not self._found:
            return
        name = self._file_name.text.rpartition(".")[0] or self._file_name.text
        mapping, nodes = self._mapping, self._found.workflow.nodes
        kept = KeptWorkflow(name=name, workflow=nodes, roles=mapping.roles, fields=mapping.inputs)
        try:
            workflow_id = await self._actions.keep_workflow(kept)
        except BatchGenError as error:
            self.tell(error.message)
            return

        async def take_back() -> None:
            await self._actions.delete_workflow(workflow_id)
            await self.load()

        toast(words.workflow_kept(name), undo=take_back)
        self._file_name.text = name
        await self.load()

    async def kept(self) -> JsonObject | None:
        """What the browser keeps of it: of one that is too large, the name."""
        if not (found := self._found):
            return None
        size = await asyncio.to_thread(_size, found.workflow)
        if self._found is not found:  # taken away or exchanged meanwhile
            return await self.kept()
        name = {"name": self._file_name.text}
        if size > MOST_KEPT_BYTES:
            return name
        mapping = self._mapping
        said = {"roles": mapping.roles, "inputs": mapping.inputs}
        pictures = {"inputImages": self._pictures.given}
        return {**name, "nodes": found.workflow.nodes, **said, **pictures}

    async def bring(self, kept: JsonObject) -> None:
        """Use what the browser has kept; where that is only a name, the file is asked for."""
        name = str(kept.get("name"))
        if "nodes" not in kept:
            self._refuse(words.workflow_not_kept(name))
            return
        try:
            await self.take(name, await asyncio.to_thread(_written, kept["nodes"]), kept)
        except InvalidRequest as error:
            self._refuse(str(error))

    def ask_whether_without(self) -> None:
        """Raises InvalidRequest, once, where a file was wanted that could not be taken."""
        why, self._not_taken = self._not_taken, None
        if why:
            raise InvalidRequest.of("workflow", "not_taken", words.without_workflow(why))

    @property
    def is_at_fault(self) -> bool:
        """Whether a message stands below."""
        return self._messages.is_any

    def tell(self, message: str | None) -> None:
        """Say what is wrong, or with None that nothing is but a file that could not be taken."""
        self._messages.tell(message or self._not_taken)

    def _show_empty(self) -> None:
        self._choose = button(str(words.WORKFLOW_CHOOSE), icon="upload_file")
        pick_files(self._choose, self._upload)

    def _show_file(self) -> None:
        with ui.element("div").classes("bg-file") as self._file:
            self._file_name = own_direction(marked(ui.label(), "workflow-file"))
            keep = icon_button("bookmark_add", str(words.WORKFLOW_KEEP), self._keep)
            self._keeper = marked(keep, "keep-workflow")
            remove = icon_button("close", str(words.WORKFLOW_REMOVE), self._remove)
            marked(remove, "remove-workflow")

    def _show(self, file_name: str) -> None:
        self._not_taken = None
        self.tell(None)
        self._file_name.text = file_name
        self._file.visible = bool(file_name)
        self._show_choices(file_name)

    def _show_choices(self, file_name: str) -> None:
        self._choose.visible = not file_name
        self._stored.visible = bool(self._library) and not file_name
        self._keeper.visible = file_name not in self._library.values()

    async def _remove(self) -> None:
        self.workflow = self._found = None
        self._mapping.hide()
        self._pictures.show({}, {})
        self._show("")
        await self._on_change()

    async def _correct(self) -> None:
        if self._found:
            found = self._found.workflow
            self.workflow = await asyncio.to_thread(self._mapping.corrected, found)
            await self._on_change()

    async def _take_file(self, event: events.UploadEventArguments) -> None:
        self._upload.reset()
        if event.file.size() > MOST_BYTES:
            self._refuse(TOO_LARGE)
            return
        try:
            await self.take(event.file.name, await event.file.read(), {})
        except InvalidRequest as error:
            self._refuse(str(error))
        else:
            await self._on_change()

    async def _reject(self, _: object = None) -> None:
        self._refuse(str(words.WORKFLOW_NO_FILE))

    def _refuse(self, why: str) -> None:
        self._not_taken = why
        self.tell(why)


def _size(workflow: Workflow) -> int:
    return len(_written(workflow.nodes))


def _written(nodes: object) -> bytes:
    return json.dumps(nodes, ensure_ascii=False).encode(errors="surrogatepass")
