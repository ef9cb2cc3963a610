"""One workflow on the page of all: what it looks like, what it lacks, what can be done with it."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.language.message import Message
from batchgen_app.language.texts import translated
from batchgen_app.services.values import ListedWorkflow, Needed
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import (
    NOT_LOADED,
    busy,
    button,
    icon_button,
    marked,
    own_direction,
    undoable,
)
from batchgen_app.ui.parts.toast import tried
from batchgen_app.ui.workflow_library import words
from batchgen_app.ui.workflow_library.actions import WorkflowActions
from batchgen_app.workflows.families import FAMILIES


class WorkflowCard:
    """A card for whoever looks: without what they may not do."""

    def __init__(
        self, context: PageContext, actions: WorkflowActions, shown: ListedWorkflow
    ) -> None:
        self.shown = shown
        self._actions = actions
        self._address = quote(shown.id, safe="")
        self._may_make = context.may(Verb.MAKE)
        self._may_delete = context.may(Verb.DELETE)
        self._use: ui.button | None = None
        with marked(ui.element("li"), "workflow-card").classes("bg-workflow-card") as self.box:
            self.box.props["data-id"] = shown.id
            self._picture()
            with ui.element("div").classes("bg-workflow-about"):
                self._name()
                self._facts()
                self._asks = self._question()
                lack = ui.label().classes("bg-workflow-lack").props("role=status")
                self._lack = marked(lack, "workflow-lack")
                self._lack.visible = False
                self._tell_questions(shown.kept.questions if shown.kept else 0)
            with ui.element("div").classes("bg-workflow-actions"):
                self._buttons()

    def tell(self, needed: Needed) -> None:
        """What keeps it from being used; mostly nothing."""
        self._tell_questions(needed.questions)
        self._tell_lack(needed.lacking)

    def _tell_questions(self, count: int) -> None:
        self._asks.visible = bool(count)
        self._asks.text = words.questions(count)

    def _tell_lack(self, lacking: Sequence[Message]) -> None:
        """One of one's own can be mended in the form, a built-in one cannot."""
        if self._use and self.shown.is_built_in:
            self._use.set_enabled(not lacking)
        self._lack.visible = bool(lacking)
        if lacking:
            more = words.lacks(len(lacking) - 1) if len(lacking) > 1 else ""
            self._lack.text = f"{translated(lacking[0])} {more}".strip()
            self._lack.props["title"] = "\n".join(map(translated, lacking))

    def _question(self) -> ui.link | ui.label:
        """As it is known without a server, until that has been asked."""
        where = f"/workflows/{self._address}"
        asks = ui.link("", where) if self._may_make else ui.label()
        return marked(asks, "workflow-questions").classes("bg-workflow-asks")

    def _picture(self) -> None:
        newest = self.shown.newest or ""
        made = ui.element("img").props('loading=lazy decoding=async draggable=false alt=""')
        made.classes("bg-workflow-picture" if newest else "bg-workflow-picture is-plain")
        made.props["src"] = at(f"/api/workflows/{self._address}/thumbnail?of={newest}")
        made.on("error", js_handler=NOT_LOADED)

    def _name(self) -> None:
        if self._may_make and not self.shown.is_built_in:
            name: ui.element = ui.link(self.shown.name, f"/workflows/{self._address}")
        else:
            name = ui.label(self.shown.name)
        own_direction(name).classes("bg-workflow-name").props["title"] = self.shown.name

    def _facts(self) -> None:
        family = self.shown.family
        with ui.element("div").classes("bg-workflow-facts"):
            if family and not self.shown.is_built_in:
                ui.label(FAMILIES[family])
            ui.label(words.used(self.shown.batches, self.shown.last_used))

    def _buttons(self) -> None:
        if self._may_make:
            use = button(str(words.USE), lambda: ui.navigate.to(f"/?workflow={self._address}"))
            self._use = marked(use, "workflow-use")
            if not self.shown.is_built_in:
                self._door("tune", str(words.EDIT), f"/workflows/{self._address}", "workflow-edit")
                rename = partial(self._actions.ask_name, self.shown)
                marked(icon_button("edit", str(words.RENAME), rename), "workflow-rename")
            copy = icon_button("content_copy", str(words.DUPLICATE))
            marked(copy, "workflow-duplicate").on_click(partial(self._duplicate, copy))
        file = f"/api/workflows/{self._address}/file"
        export = self._door("download", str(words.EXPORT), file, "workflow-export")
        export.props["download"] = f"{self.shown.id}.json"
        if self._may_delete and not self.shown.is_built_in:
            delete = icon_button("delete_outline", str(words.DELETE), self._delete)
            marked(undoable(delete), "workflow-delete")

    def _door(self, icon: str, name: str, address: str, mark: str) -> ui.button:
        made = marked(icon_button(icon, name), mark)
        made.props["href"] = at(address)
        return made

    async def _duplicate(self, clicked: ui.button) -> None:
        with self.box.client.layout, busy(clicked):  # the card is made anew
            await tried(self._actions.duplicate(self.shown))

    def control(self, mark: str) -> ui.element | None:
        """The one that is marked so."""
        inside = self.box.descendants()
        return next((one for one in inside if one.props.get("data-testid") == mark), None)

    def _beside(self) -> str:
        """The id of the workflow after it, or before it where it is the last; empty for none."""
        cards = self.box.parent_slot.children if self.box.parent_slot else []
        ids = [str(card.props["data-id"]) for card in cards if card.visible]
        at = ids.index(self.shown.id)
        return next(iter([*ids[at + 1 :], *ids[:at][::-1]]), "")

    async def _delete(self) -> None:
        with self.box.client.layout:  # the card goes away
            await self._actions.delete(self.shown, self._beside())
