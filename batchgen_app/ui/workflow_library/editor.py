"""The page "/workflows/…": what goes where in one workflow of one's own, and which further inputs
the form shows. It is saved as corrections of what is kept; the graph stays as it is.
"""

import asyncio
import json
from urllib.parse import quote

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import BatchGenError, Conflict, NotFound
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.values import Inspection, KeptWorkflow
from batchgen_app.ui.batch_form.workflow_mapping import WorkflowMapping
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import busy, button, marked, own_direction, shortcut
from batchgen_app.ui.parts.fields import Messages
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.workflow_library import words
from batchgen_app.ui.workflow_library.page import FOLLOW_SECONDS

LEAVING = "window.onbeforeunload = {ask} ? (event) => event.preventDefault() : null"
"""The browser asks before what was not saved is lost."""
ADDRESS = "history.replaceState(null, '', {address})"


async def workflow_page(context: PageContext, workflow_id: str) -> None:
    """Build the page; the server is asked when it stands."""
    with ui.element("div").classes("bg-settings"):
        ui.link(str(words.BACK), "/workflows").classes("bg-back-link")
        if not context.may(Verb.MAKE):
            ui.label(str(words.FOR_MAKERS)).classes("bg-muted")
            return
        try:
            if (await context.queries.library.one(workflow_id)).is_built_in:
                _not_here(str(words.FIXED))
                return
            kept = await context.queries.library.whole_of(workflow_id)
        except BatchGenError as error:
            _not_here(str(error))
            return
        editor = WorkflowEditor(context, workflow_id, kept)
        ui.timer(0, editor.load, once=True)
        ui.timer(FOLLOW_SECONDS, editor.follow)


def _not_here(why: str) -> None:
    ui.label(why).classes("bg-muted").props("role=alert")


class WorkflowEditor:
    """One open page of one workflow. Nothing is saved that somebody else has changed meanwhile."""

    def __init__(self, context: PageContext, workflow_id: str, kept: KeptWorkflow) -> None:
        self._context = context
        self._id = workflow_id
        self._kept = kept
        self._seen: str | None = None
        self._told: str | None = None
        self._is_changed = self._is_gone = False
        self._turn = asyncio.Lock()
        self._found: Inspection | None = None
        with ui.element("section").classes("bg-section bg-workflow-editor"):
            self._title = own_direction(marked(ui.label(kept.name), "workflow-title"))
            self._title.classes("bg-title").props("role=heading aria-level=1")
            ui.label(str(words.FIELDS_HINT)).classes("bg-hint")
            self._state = marked(ui.label(str(words.LOADING)), "workflow-state")
            self._state.classes("bg-muted").props("role=status")
            self._mapping = WorkflowMapping(self._change, self._tell_changed, for_a_batch=False)
            self._messages = Messages()
            with ui.element("div").classes("bg-buttons"):
                save = button(str(words.SAVE), self._save, main=True)
                self._button = shortcut(marked(save, "workflow-save"), "Ctrl+s")
                again = button(str(words.LOAD_AGAIN), self.load)
                self._again = marked(again, "workflow-load-again")
                use = button(str(words.USE), self._use)
                self._user = marked(use, "workflow-use")
            self._lost = ui.label(str(words.LOAD_AGAIN_HINT)).classes("bg-hint")
        self._offer_to_load(wanted=False)
        self._button.set_enabled(False)

    async def load(self) -> None:
        """Show it as it is kept now."""
        async with self._turn:
            await self._load()

    async def follow(self) -> None:
        """Tell what others did with it; what was changed here and not saved stays."""
        if self._seen is None or self._turn.locked():
            return
        async with self._turn:
            try:
                revision = await self._revision()
            except NotFound:
                self._tell_gone()
            except BatchGenError:  # of the disk: who saves is told
                return
            else:
                await self._tell_others(revision)

    async def _revision(self) -> str | None:
        """What it is now. One that only has another name is still the one that was seen."""
        library = self._context.queries.library
        workflow_id = await library.id_now(self._id)
        revision = (await library.one(workflow_id)).revision
        if revision not in {self._seen, self._told}:
            self._take_name(workflow_id, await library.whole_of(workflow_id), revision)
        return revision

    def _take_name(self, workflow_id: str, kept: KeptWorkflow, revision: str | None) -> None:
        name, self._id = kept.name, workflow_id
        if name != self._kept.name:
            self._title.text = name
            self._kept = self._kept.model_copy(update={"name": name})
            address = json.dumps(at(f"/workflows/{quote(workflow_id, safe='')}"))
            ui.run_javascript(ADDRESS.format(address=address))
            toast(words.renamed_elsewhere(name))
        if kept == self._kept:
            self._seen = revision

    async def _tell_others(self, revision: str | None) -> None:
        if self._is_gone:
            self._is_gone = False
            self._messages.tell(None)
            self._tell_state(is_changed=self._is_changed)
        if revision in {self._seen, self._told}:
            return
        self._told = revision
        if self._is_changed:
            self._messages.tell(str(words.CHANGED_ELSEWHERE))
            self._offer_to_load(wanted=True)
        else:
            await self._load()
            toast(str(words.SHOWN_AS_NOW))

    def _tell_gone(self) -> None:
        if not self._is_gone:
            self._is_gone = True
            self._state.text = str(words.GONE)
            self._messages.tell(str(words.GONE_HINT))

    async def _load(self) -> None:
        queries = self._context.queries
        try:
            self._kept = await queries.library.whole_of(self._id)
            self._found = await queries.server.inspect(await asyncio.to_thread(self._content))
        except BatchGenError as error:
            self._state.text = ""
            self._messages.tell(str(error))
            return
        self._seen = await asyncio.to_thread(lambda: self._kept.revision)
        await self._show()

    async def _show(self) -> None:
        if self._found:
            await self._mapping.show(self._found, self._kept.roles, self._kept.fields)
            self._mapping.open()
        self._messages.tell(None)
        self._offer_to_load(wanted=False)
        self._tell_state(is_changed=False)

    def _content(self) -> bytes:
        return json.dumps(self._kept.workflow, ensure_ascii=False).encode()

    @property
    def _said(self) -> JsonObject:
        return {"roles": dict(self._mapping.roles), "fields": dict(self._mapping.inputs)}

    async def _change(self) -> None:
        self._tell_changed()

    def _tell_changed(self) -> None:
        self._tell_state(is_changed=True)

    def _tell_state(self, *, is_changed: bool) -> None:
        self._is_changed = is_changed
        self._state.text = str(words.UNSAVED if is_changed else words.SAVED)
        self._button.set_enabled(is_changed)
        self._user.text = str(words.SAVE_AND_USE if is_changed else words.USE)
        ui.run_javascript(LEAVING.format(ask=json.dumps(is_changed)))

    def _offer_to_load(self, *, wanted: bool) -> None:
        self._again.visible = self._lost.visible = wanted

    async def _save(self) -> None:
        before = {"roles": self._kept.roles, "fields": self._kept.fields}
        with busy(self._button):
            if await self._written(self._said):
                toast(str(words.SAVED_AS), undo=lambda: self._take_back(before))

    async def _take_back(self, before: JsonObject) -> None:
        if await self._written(before):
            await self._show()

    async def _written(self, said: JsonObject) -> bool:
        async with self._turn:
            return await self._write(said)

    async def _write(self, said: JsonObject) -> bool:
        """Whether it could be saved; where not, why stands below, and nothing here is lost."""
        try:
            await asyncio.to_thread(self._try_on, said)
            await self._revision()
            await self._context.commands.workflows.change(
                self._context.caller, self._id, said, seen={self._seen or ""}
            )
            self._kept = await self._context.queries.library.whole_of(self._id)
        except BatchGenError as error:
            self._messages.tell(str(error))
            self._offer_to_load(wanted=isinstance(error, Conflict | NotFound))
            return False
        self._seen = await asyncio.to_thread(lambda: self._kept.revision)
        self._messages.tell(None)
        self._tell_state(is_changed=False)
        return True

    def _try_on(self, said: JsonObject) -> None:
        """Raises InvalidRequest for values that the inputs do not take."""
        if self._found:
            self._found.workflow.corrected(said["roles"]).set_by_hand(said["fields"])

    async def _use(self) -> None:
        """Where it cannot be saved, it says so here, and nothing is lost."""
        with busy(self._user):
            if self._is_changed and not await self._written(self._said):
                return
        ui.navigate.to(f"/?workflow={quote(self._id, safe='')}")
