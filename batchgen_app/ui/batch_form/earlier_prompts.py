"""The list of earlier prompts: opened from the prompt field, searched, and one of them used."""

from collections.abc import Callable, Sequence

from nicegui import ui

from batchgen_app.core.batch import CompletedBatch
from batchgen_app.core.errors import BatchGenError
from batchgen_app.services import Queries
from batchgen_app.services.values import GalleryQuery
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import (
    NOT_LOADED,
    Keys,
    button,
    icon_button,
    marked,
    own_direction,
)
from batchgen_app.ui.parts.fields import Text

LOOKS = "bg-dialog bg-earlier-dialog"
SHOWN = 50
PAGES = 10
"""Of the gallery, that are looked through for so many different prompts."""
DEBOUNCE_MS = 200
INTO_THE_LIST = """(event) => {
    event.preventDefault();
    event.target.closest("[data-testid=earlier-prompts]").querySelector("[data-focus]")?.focus();
}"""


class EarlierPrompts:
    """A button in the head of ``field``, or Alt and ↓ in it, shows prompts of the past; ``use`` is
    called with the one that is chosen.
    """

    def __init__(self, queries: Queries, field: PromptField, use: Callable[[str], None]) -> None:
        self._queries = queries
        self._use = use
        with field.head:
            opener = icon_button("history", str(words.EARLIER), self.open)
            marked(opener, "earlier").props["title"] = f"{words.EARLIER} ({words.EARLIER_KEY})"
        field.control.on("keydown.alt.down.prevent", self.open, [])
        with ui.dialog() as self._dialog, marked(Keys(), "earlier-prompts").classes(LOOKS):
            self._content()
        self._dialog.props["aria-label"] = str(words.EARLIER)

    async def open(self) -> None:
        """Show the newest ones."""
        self._search.value = ""
        self._dialog.open()
        await self._list()

    def _content(self) -> None:
        title = ui.label(str(words.EARLIER)).classes("bg-dialog-title")
        title.props("role=heading aria-level=2")
        self._search = marked(ui.input(on_change=self._list), "earlier-search")
        self._search.props(f"outlined dense autofocus type=search debounce={DEBOUNCE_MS} dir=auto")
        self._search.props["placeholder"] = str(words.EARLIER_SEARCH)
        self._search.props["aria-label"] = str(words.EARLIER_SEARCH)
        self._search.on("keydown.down", js_handler=INTO_THE_LIST)
        self._rows = ui.element("ul").classes("bg-earlier")
        self._note = ui.label().classes("bg-hint").props("role=status")
        with ui.element("div").classes("bg-buttons"):
            button(str(common.CLOSE), self._dialog.close)

    async def _list(self) -> None:
        text = self._search.value or ""
        try:
            found = await self._found(text)
        except BatchGenError as error:
            self._show((), str(error))
            return
        if text == (self._search.value or ""):  # else somebody has typed on
            nothing = words.EARLIER_NONE_FOUND if text else words.EARLIER_NONE
            self._show(found, str(nothing))

    async def _found(self, text: str) -> Sequence[CompletedBatch]:
        """The newest of each prompt. Who repeats one often has others behind it."""
        found: dict[str, CompletedBatch] = {}
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._queries.gallery(GalleryQuery(before=cursor, text=text))
            for batch in page.batches:
                if not batch.request.prompt_as_is:  # nobody typed that
                    found.setdefault(batch.prompt, batch)
            cursor = page.next
            if cursor is None or len(found) >= SHOWN:
                break
        return [*found.values()][:SHOWN]

    def _show(self, batches: Sequence[CompletedBatch], nothing: str) -> None:
        self._rows.clear()
        with self._rows:
            for batch in batches:
                self._row(batch)
        self._note.text = "" if batches else nothing

    def _row(self, batch: CompletedBatch) -> None:
        with ui.element("li").props("data-tile"):
            row = marked(ui.element("button"), "earlier-prompt").classes("bg-earlier-prompt")
            row.props("type=button data-focus").props["title"] = batch.prompt
            row.on("click", lambda: self._choose(batch.prompt), [])
            with row:
                _thumbnail(batch)
                with ui.element("span").classes("bg-earlier-what"):
                    own_direction(Text("span", batch.prompt)).classes("bg-earlier-words")
                    Text("span", common.when(batch.created_at)).classes("bg-hint")

    def _choose(self, prompt: str) -> None:
        self._dialog.close()
        self._use(prompt)


def _thumbnail(batch: CompletedBatch) -> None:
    """Of its first picture; an empty frame where it has none."""
    if not batch.images:
        ui.element("span").classes("bg-earlier-thumbnail")
        return
    shown = ui.element("img").classes("bg-earlier-thumbnail").props('loading=lazy alt=""')
    shown.props["src"] = at(f"/api/images/{batch.images[0]}/thumbnail")
    shown.on("error", js_handler=NOT_LOADED)
