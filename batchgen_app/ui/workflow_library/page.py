"""The page "/workflows": those of one's own and the built-in ones, as cards; below them what was
deleted, and what lies in the folder and cannot be used.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from nicegui import background_tasks, events, ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import BatchGenError, ServerError
from batchgen_app.language.texts import translated
from batchgen_app.services.values import MOST_BYTES, DeletedWorkflow, ListedWorkflow, UnusableFile
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form.workflow_choice import ACCEPTED
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    button,
    focus_if_lost,
    marked,
    own_direction,
)
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.parts.uploads import hidden_upload, pick_files, weak
from batchgen_app.ui.workflow_library import words
from batchgen_app.ui.workflow_library.actions import WorkflowActions
from batchgen_app.ui.workflow_library.card import WorkflowCard

FOLLOW_SECONDS = 2.0
"""Between two looks at the folder: others change it, also by hand and from other programs."""
AT_ONCE_SECONDS = 2.0
"""For the workflows to be there with the page."""
MANY = 12
"""More of one's own are searched."""
DROP = """(event) => {{
    event.preventDefault();
    getElement({id}).$refs.qRef.addFiles(event.dataTransfer.files);
}}"""


async def workflows_page(context: PageContext) -> None:
    """Build the page. The server is asked when it stands; where very many or large workflows are
    read for the first time, it stands before they do.
    """
    page = LibraryPage(context)
    await asyncio.wait({background_tasks.create(page.show())}, timeout=AT_ONCE_SECONDS)
    ui.timer(FOLLOW_SECONDS, page.follow)
    context.news.server_changed.subscribe(page.ask_server)


class LibraryPage:
    """One open page of all workflows."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._may_make = context.may(Verb.MAKE)
        self._actions = WorkflowActions(context, self.show, self._go_on_at)
        self._cards: list[WorkflowCard] = []
        self._stamp: object = None
        self._turn = asyncio.Lock()
        with ui.element("div").classes("bg-workflows-page") as self._box:
            self._head()
            if self._may_make:
                self._importing(self._box)
            self._trouble = marked(ui.label(), "workflows-trouble").classes("bg-field-error")
            self._trouble.props("role=alert")
            self._not_asked = ui.label(str(words.NOT_ASKED)).classes("bg-hint")
            marked(self._not_asked, "workflows-not-asked").visible = False
            self._reading = ui.label(str(words.READING)).classes("bg-muted").props("role=status")
            marked(self._reading, "workflows-reading")
            self._empty()
            self._own = Cards("own-workflows", str(words.OWN))
            self._nothing = ui.label(str(words.NOT_FOUND)).classes("bg-muted")
            self._unusable = ui.element("section").classes("bg-workflows-section")
            self._built_in = Cards("built-in-workflows", str(words.BUILT_IN), is_short=True)
            self._deleted = ui.element("section").classes("bg-workflows-section")

    async def show(self) -> None:
        """Show what is there now; what the server says about it comes later."""
        async with self._turn:  # else two of them would make every card twice
            with self._box:  # in its language, whoever asks for it
                await self._show()
        self.ask_server()

    async def follow(self) -> None:
        """Where the folder has changed, show it."""
        if not self._turn.locked() and await self._look() != self._stamp:
            await self.show()

    def _go_on_at(self, workflow_id: str, mark: str) -> None:
        """There, or where one begins."""
        cards = (card for card in self._cards if card.shown.id == workflow_id)
        found = (card.control(mark) for card in cards)
        if control := next(filter(None, found), self._import if self._may_make else None):
            focus_if_lost(control)

    def ask_server(self) -> None:
        """Say at each card what it lacks, when the server has answered."""
        name = f"what workflows lack {self._deleted.client.id}"
        background_tasks.create_lazy(self._ask_server(), name=name)

    async def _ask_server(self) -> None:
        needs = self._context.queries.library.needs()
        self._not_asked.visible = False
        for card in list(self._cards):
            try:
                needed = await needs.of(card.shown)
            except ServerError:
                self._not_asked.visible = True
                return
            if not card.box.is_deleted:
                with card.box:
                    card.tell(needed)

    async def _show(self) -> None:
        self._tell("")
        self._stamp = await self._look()
        try:
            library = await self._context.queries.library.all()
            deleted = await self._context.queries.library.deleted()
        except BatchGenError as error:
            self._tell(translated(error.message))
            return
        finally:
            self._reading.visible = False
        self._build(library.workflows)
        self._list_unusable(library.unusable)
        self._list_deleted(deleted)

    def _tell(self, trouble: str) -> None:
        self._trouble.text = trouble
        self._trouble.visible = bool(trouble)

    async def _look(self) -> object:
        try:
            return await self._context.queries.library.stamp()
        except BatchGenError as error:
            return str(error)

    def _head(self) -> None:
        with ui.element("div").classes("bg-gallery-head"):
            ui.label(str(words.WORKFLOWS)).classes("bg-title").props("role=heading aria-level=1")
            self._stats = ui.label().classes("bg-stats").props("role=status")
        with ui.element("div").classes("bg-toolbar"):
            self._search = self._search_field()
            if self._may_make:
                self._import = marked(
                    button(str(words.IMPORT), icon="upload_file"), "workflow-import"
                )

    def _search_field(self) -> ui.input:
        field = ui.input(on_change=self._find).props("outlined dense type=search clearable")
        field.props["placeholder"] = field.props["aria-label"] = str(words.SEARCH)
        field.props("dir=auto debounce=50")
        with field.add_slot("prepend"):
            ui.icon("search").props("aria-hidden=true")
        return marked(field, "workflow-search").classes("bg-search")

    def _importing(self, box: ui.element) -> None:
        """By the button, or dropped anywhere."""
        upload = hidden_upload(multiple=True, most_bytes=MOST_BYTES)
        upload.props(f'accept="{ACCEPTED}"')
        upload.on_upload(weak(self._take)).on_rejected(weak(self._reject))
        upload.on("failed", lambda: toast(str(common.FILE_LOST)), [])
        marked(upload, "workflow-upload")
        pick_files(self._import, upload)
        box.on("dragover", js_handler="(event) => event.preventDefault()")
        box.on("drop", js_handler=DROP.format(id=upload.id))
        ui.label(str(words.IMPORT_HINT)).classes("bg-hint")

    async def _take(self, event: events.UploadEventArguments) -> None:
        await self._actions.take(event.file.name, await event.file.read())

    async def _reject(self, _: object = None) -> None:
        toast(str(words.NO_FILE))

    def _empty(self) -> None:
        with ui.element("div").classes("bg-empty bg-workflows-empty") as self._none_yet:
            ui.icon("account_tree").props("aria-hidden=true")
            ui.label(str(words.NONE_YET)).classes("bg-title")
            hint = words.NONE_YET_HINT if self._may_make else words.NONE_FOR_VIEWERS
            ui.label(str(hint))
        self._none_yet.visible = False

    def _build(self, workflows: Sequence[ListedWorkflow]) -> None:
        self._cards.clear()
        for place, is_built_in in ((self._own, False), (self._built_in, True)):
            these = [one for one in workflows if one.is_built_in is is_built_in]
            with place.emptied(will_be_empty=not these):
                self._cards += [WorkflowCard(self._context, self._actions, one) for one in these]
        own = sum(not one.is_built_in for one in workflows)
        self._stats.text = words.count(own) if own else ""
        self._none_yet.visible = not own
        self._search.visible = own > MANY
        self._find()

    def _find(self) -> None:
        """Show those whose name has all the words that are searched."""
        wanted = str(self._search.value or "").casefold().split() if self._search.visible else []
        found = False
        for card in self._cards:
            name = card.shown.name.casefold()
            fits = all(word in name for word in wanted)
            card.box.visible = fits or card.shown.is_built_in
            found |= fits and not card.shown.is_built_in
        self._nothing.visible = bool(wanted) and not found

    def _list_unusable(self, files: Sequence[UnusableFile]) -> None:
        self._unusable.clear()
        with self._unusable:
            if files:
                _heading(str(words.UNUSABLE))
                ui.label(str(words.UNUSABLE_HINT)).classes("bg-hint")
            for file in files:
                with marked(ui.element("div"), "unusable-file").classes("bg-workflow-row"):
                    own_direction(ui.label(file.filename)).classes("bg-workflow-name")
                    ui.label(translated(file.why)).classes("bg-muted")

    def _list_deleted(self, deleted: Sequence[DeletedWorkflow]) -> None:
        self._deleted.clear()
        if not self._context.may(Verb.DELETE):
            return
        with self._deleted:
            if deleted:
                _heading(str(words.DELETED))
            for lying in deleted:
                with marked(ui.element("div"), "deleted-workflow").classes("bg-workflow-row"):
                    own_direction(ui.label(lying.name)).classes("bg-workflow-name")
                    ui.label(common.when(lying.since)).classes("bg-muted")
                    restore = button(str(words.RESTORE), icon="undo")
                    marked(restore, "workflow-restore").on_click(partial(self._restore, lying))

    async def _restore(self, lying: DeletedWorkflow) -> None:
        with self._deleted.client.layout:  # the row goes away
            await self._actions.restore(lying)


def _heading(text: str) -> ui.label:
    made = ui.label(text).classes("bg-section-title")
    return made.props("role=heading aria-level=2")


class Cards:
    """A list of them under its title, which is there while there are any."""

    def __init__(self, mark: str, title: str, *, is_short: bool = False) -> None:
        self._title = _heading(title)
        looks = "bg-workflows is-short" if is_short else "bg-workflows"
        self._list = marked(ui.element("ul"), mark).classes(looks)
        self._list.props["aria-labelledby"] = self._title.html_id

    def emptied(self, *, will_be_empty: bool) -> ui.element:
        """To be filled anew."""
        self._title.visible = not will_be_empty
        self._list.clear()
        return self._list
