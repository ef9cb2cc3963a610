"""A workflow of one's own: a file that carries one, taken in, looked at, and removable."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.core.errors import BatchGenError, InvalidRequest
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import ServerQueries
from batchgen_app.services.values import Inspection, KeptWorkflow
from batchgen_app.ui.batch_form import graph_words, words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.input_pictures import NAME, InputPictures, Place
from batchgen_app.ui.batch_form.kept_answers import KeptAnswers
from batchgen_app.ui.batch_form.one_file import OneFile
from batchgen_app.ui.batch_form.workflow_mapping import WorkflowMapping
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Messages, Select, Text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.workflows.masks import masks_by_alpha
from batchgen_app.workflows.picture_files import missing_pictures
from batchgen_app.workflows.workflow import Workflow

ACCEPTED = ".json,.png,.webp,.jpg,.jpeg,application/json,image/png,image/webp,image/jpeg"
AS_IS, KEY = "promptAsIs", "workflowKey"
MOST_KEPT_BYTES = 400_000
"""What comes back from a browser passes one message of the socket, which takes a megabyte."""


class WorkflowChoice:
    """Holds at most one workflow; ``on_change`` is called when a person takes or removes it."""

    def __init__(
        self,
        server: ServerQueries,
        actions: FormActions,
        pictures: InputPictures,
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self.workflow: Workflow | None = None
        self._server = server
        self._actions = actions
        self._pictures = pictures
        self._library: dict[str, str] = {}
        """The names of those that are kept, by id."""
        self._found: Inspection | None = None
        self._key: str | None = None
        """Of the one of the library that it is."""
        self._not_taken: str | None = None
        self._on_change = on_change
        with ui.element("div").classes("bg-field"):
            Text("span", str(words.WORKFLOW)).classes("bg-label")
            wanted = graph_words.WORKFLOW_WANTED
            self._source = OneFile(self._take_file, self._refuse, wanted=wanted, accept=ACCEPTED)
            marked(self._source.upload, "workflow-upload")
            with ui.element("div").classes("bg-workflow"):
                self._stored = Select("workflow-choice")
                self._show_empty()
                self._show_file()
            ui.label(str(graph_words.WORKFLOW_HINT)).classes("bg-hint")
            self._messages = Messages()
        self._mapping = WorkflowMapping(self._correct)
        self._answers = KeptAnswers(actions, self._mapping)
        self._stored.props["placeholder"] = str(graph_words.WORKFLOW_STORED)
        self._stored.props["aria-label"] = str(graph_words.WORKFLOW_STORED)
        self._stored.on_value_change(self._choose_stored)
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
            NAME: self._pictures.given,
            AS_IS: mapping.as_is,
            KEY: self._key,
        }
        return {"workflow": self._found.workflow.nodes, **{k: v for k, v in said.items() if v}}

    async def take(self, name: str, content: bytes, said: JsonObject) -> None:
        """Use this one, which is shown as ``name``, with what was ``said`` about it. Raises
        InvalidRequest.
        """
        found = await self._server.inspect(content)
        said = said or {"roles": found.roles, "inputs": found.fields}
        roles, inputs = said.get("roles") or {}, said.get("inputs") or {}
        await self._mapping.show(found, roles, inputs, as_is=bool(said.get(AS_IS)))
        masks = {str(slot) for slot in await asyncio.to_thread(masks_by_alpha, found.workflow)}
        called = self._mapping.pictures.items()
        lost = await asyncio.to_thread(missing_pictures, found.workflow)
        missing = {str(slot): file for slot, file in lost}
        places = {
            slot: Place(name, gives_mask=slot in masks, missing=missing.get(slot, ""))
            for slot, name in called
        }
        await self._pictures.show(places, said.get(NAME) or {})
        self._found, self._key = found, said.get(KEY)
        self.workflow = await asyncio.to_thread(self._mapping.corrected, found.workflow)
        await self._answers.begin(name, found.workflow.nodes)
        self._show(name)

    async def load(self) -> None:
        """Offer what the library has."""
        try:
            self._library = await self._actions.workflows()
        except BatchGenError as error:
            self.tell(error.message)
            return
        self._stored.set_options(self._library, value=None)
        self._show_choices(self._file_name.text)

    async def choose(self, workflow_id: str) -> None:
        """Use one of the library; where that cannot be done, say why."""
        try:
            kept = await self._actions.workflow(workflow_id)
            said = {"roles": kept.roles, "inputs": kept.fields, KEY: kept.key}
            await self.take(kept.name, await asyncio.to_thread(_written, kept.workflow), said)
        except BatchGenError as error:
            self._refuse(str(error))

    async def _choose_stored(self, event: ValueChangeEventArguments[str | None]) -> None:
        if not event.value:
            return
        self._stored.value = None
        await self.choose(event.value)
        if not self._not_taken:
            await self._on_change()

    async def _keep(self) -> None:
        """Into the library, with what was said about it, under the name of its file."""
        if not self._found:
            return
        name = self._file_name.text.rpartition(".")[0] or self._file_name.text
        mapping, nodes = self._mapping, self._found.workflow.nodes
        said = {"roles": mapping.roles, "fields": mapping.inputs}
        try:
            kept = KeptWorkflow.parse({"name": name, "workflow": nodes, **said})
            workflow_id = await self._actions.keep_workflow(kept)
            self._key = (await self._actions.workflow(workflow_id)).key
        except BatchGenError as error:
            self.tell(error.message)
            return

        async def take_back() -> None:
            await self._actions.delete_workflow(workflow_id)
            await self.load()

        toast(graph_words.workflow_kept(name), undo=take_back)
        self._file_name.text = name
        await self._answers.begin(name, nodes)
        await self.load()

    async def kept(self) -> JsonObject | None:
        """What the browser keeps of it: of one that is too large, the name."""
        if not (found := self._found):
            return None
        size = await asyncio.to_thread(_size, found.workflow)
        if self._found is not found:  # taken away or exchanged meanwhile
            return await self.kept()
        return {"name": self._file_name.text} if size > MOST_KEPT_BYTES else self._whole()

    def _whole(self) -> JsonObject | None:
        if not self._found:
            return None
        return {
            "name": self._file_name.text,
            "nodes": self._found.workflow.nodes,
            "roles": self._mapping.roles,
            "inputs": self._mapping.inputs,
            NAME: self._pictures.given,
            AS_IS: self._mapping.as_is,
            KEY: self._key,
        }

    async def bring(self, kept: JsonObject) -> None:
        """Use what the browser has kept; where that is only a name, the file is asked for."""
        name = str(kept.get("name"))
        if "nodes" not in kept:
            self._refuse(graph_words.workflow_not_kept(name))
            return
        try:
            await self.take(name, await asyncio.to_thread(_written, kept["nodes"]), kept)
        except InvalidRequest as error:
            self._refuse(str(error))

    def ask_whether_without(self) -> None:
        """Raises InvalidRequest, once, where a file was wanted that could not be taken."""
        why, self._not_taken = self._not_taken, None
        if why:
            raise InvalidRequest.of("workflow", "not_taken", graph_words.without_workflow(why))

    @property
    def is_at_fault(self) -> bool:
        """Whether a message stands below."""
        return self._messages.is_any

    def tell(self, message: str | None) -> None:
        """Say what is wrong, or with None that nothing is but a file that could not be taken."""
        self._messages.tell(message or self._not_taken)

    def _show_empty(self) -> None:
        self._choose = button(str(graph_words.WORKFLOW_CHOOSE), icon="upload_file")
        self._source.opened_by(self._choose)

    def _show_file(self) -> None:
        with ui.element("div").classes("bg-file") as self._file:
            self._file_name = own_direction(marked(ui.label(), "workflow-file"))
            keep = icon_button("bookmark_add", str(graph_words.WORKFLOW_KEEP), self._keep)
            self._keeper = marked(keep, "keep-workflow")
            remove = icon_button("close", str(graph_words.WORKFLOW_REMOVE), self.remove)
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

    async def remove(self) -> None:
        """Do without one."""
        self.workflow = self._found = None
        self._mapping.hide()
        await self._pictures.begin({})
        self._show("")
        await self._on_change()

    async def _correct(self) -> None:
        if self._found:
            found = self._found.workflow
            self.workflow = await asyncio.to_thread(self._mapping.corrected, found)
            self._answers.follow()
            self.tell(None)
            await self._on_change()

    async def use(self, name: str, content: bytes) -> None:
        """Use the one in a file, as a person wants it; the one before can be had back. Raises
        InvalidRequest.
        """
        before = self._whole()
        await self.take(name, content, {})
        await self._on_change()

        async def take_back() -> None:
            if before:
                await self.bring(before)
                await self._on_change()
            else:
                await self.remove()

        toast(graph_words.workflow_used(name), undo=take_back)

    async def _take_file(self, name: str, content: bytes) -> None:
        try:
            await self.take(name, content, {})
        except InvalidRequest as error:
            self._refuse(str(error))
        else:
            await self._on_change()

    def _refuse(self, why: str) -> None:
        self._not_taken = why
        self.tell(why)


def as_kept(request: AnyRequest) -> JsonObject:
    """The workflow of a batch and what was said about it, as a browser keeps them."""
    return {
        "name": str(graph_words.WORKFLOW_OF_BATCH),
        "nodes": request.workflow,
        "roles": request.roles,
        "inputs": request.inputs,
        NAME: request.input_images,
        AS_IS: request.prompt_as_is,
        KEY: request.workflow_key,
    }


def _size(workflow: Workflow) -> int:
    return len(_written(workflow.nodes))


def _written(nodes: object) -> bytes:
    return json.dumps(nodes, ensure_ascii=False).encode(errors="surrogatepass")
