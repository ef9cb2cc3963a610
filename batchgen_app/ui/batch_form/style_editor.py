"""All styles, in a dialog: made, changed, thrown away, brought along from a file."""

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from batchgen_app.core.errors import BatchGenError, InvalidRequest
from batchgen_app.core.styles import Style, StyleChanges
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.parts.controls import (
    button,
    icon_button,
    marked,
    own_direction,
    shortcut,
    undoable,
)
from batchgen_app.ui.parts.fields import Control, Field, Messages, as_text, prompt_text
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.parts.uploads import hidden_upload, pick_files, weak

ACCEPTED = ".json,.csv,application/json,text/csv"


class StyleEditor:
    """``prompt`` and ``negative`` are what a new style can begin with; ``on_rename`` is called with
    the name that a style had, and the one that it has.
    """

    def __init__(
        self,
        actions: FormActions,
        prompt: Field,
        negative: Field,
        on_rename: Callable[[str, str], None],
    ) -> None:
        self._actions = actions
        self._prompt = prompt
        self._negative = negative
        self._on_rename = on_rename
        with ui.dialog() as self._dialog:
            content = marked(ui.element("div"), "styles-dialog")
            self._content = content.classes("bg-dialog bg-styles-dialog")
        self._dialog.props["aria-label"] = str(words.STYLES)

    async def open(self) -> None:
        """Show those that there are."""
        if await tried(self._list()):
            self._dialog.open()

    async def _list(self) -> None:
        styles = await self._actions.styles()
        self._begin(str(words.STYLES))
        with self._content:
            if not styles:
                ui.label(str(words.STYLE_NONE)).classes("bg-hint")
            with ui.element("ul").classes("bg-styles"):
                for style in styles:
                    self._row(style)
            self._messages = Messages()
            self._ways_to_more()

    def _begin(self, title: str) -> None:
        self._content.clear()
        with self._content:
            ui.label(title).classes("bg-dialog-title").props("role=heading aria-level=2")

    def _row(self, style: Style) -> None:
        with marked(ui.element("li"), "style-row").classes("bg-style-row") as row:
            row.props["data-name"] = style.name
            with ui.element("div").classes("bg-style-what"):
                own_direction(ui.label(style.name)).classes("bg-one-line")
                shown = own_direction(ui.label(style.prompt or style.negative_prompt))
                shown.classes("bg-hint bg-one-line")
            edit = icon_button("edit", words.style_edit(style.name), lambda: self._edit(style))
            marked(edit, "style-edit")
            name = words.style_delete(style.name)
            undoable(
                marked(icon_button("delete", name, lambda: self._delete(style)), "style-delete")
            )

    def _ways_to_more(self) -> None:
        upload = hidden_upload()
        upload.props(f'accept="{ACCEPTED}"').on_upload(weak(self._take))
        upload.on("failed", lambda: toast(str(common.FILE_LOST)), [])
        with ui.element("div").classes("bg-buttons"):
            new = button(str(words.STYLE_NEW), lambda: self._edit(None))
            marked(new, "style-new")
            if self._prompt.given:
                begun = Style.model_construct(
                    name="",
                    prompt=str(self._prompt.given),
                    negative_prompt=str(self._negative.given or ""),
                )
                made = button(str(words.STYLE_FROM_PROMPT), lambda: self._edit(None, begun))
                marked(made, "style-from-prompt")
            pick_files(button(str(words.STYLE_IMPORT), icon="upload_file"), upload)
            button(str(common.CLOSE), self._dialog.close)

    async def _take(self, event: events.UploadEventArguments) -> None:
        try:
            brought = await self._actions.bring_styles(await event.file.read())
        except BatchGenError as error:
            self._messages.tell(error.message)
            return
        with self._dialog:  # what was pressed is gone
            await self._list()
            toast(words.styles_brought(len(brought)))

    async def _delete(self, style: Style) -> None:
        async def take_back() -> None:
            if await tried(self._actions.keep_style(style)):
                await self._list()

        if await tried(self._actions.delete_style(style.name)):
            with self._dialog:  # what was pressed is gone
                await self._list()
                toast(words.style_deleted(style.name), undo=take_back)

    def _edit(self, style: Style | None, begun: Style | None = None) -> None:
        """Change one, or with None make one that begins with ``begun``."""
        self._begin(words.style_edit(style.name) if style else str(words.STYLE_NEW))
        with self._content:
            StyleForm(style or begun, lambda given: self._save(style, given), self._list)

    async def _save(self, before: Style | None, given: Style) -> None:
        if before:
            # What another person changed meanwhile and this one did not, stays.
            old = before.model_dump()
            changes = {name: value for name, value in given if value != old[name]}
            await self._actions.change_style(before.name, StyleChanges(**changes))
            self._on_rename(before.name, given.name)
        else:
            await self._actions.keep_style(given)
        await self._list()


class StyleForm:
    """The fields of one style; ``save`` is called with what they say, and may refuse it."""

    def __init__(
        self,
        style: Style | None,
        save: Callable[[Style], Awaitable[None]],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        self._save = save
        self._fields = (
            Field("name", str(words.STYLE_NAME), _line("style-name"), as_text),
            Field("prompt", str(words.PROMPT), prompt_text("style-prompt"), as_text),
            Field("negativePrompt", str(common.NEGATIVE), prompt_text("style-negative"), as_text),
        )
        shown = style.to_json() if style else {}
        for field in self._fields:
            field.offer(shown.get(field.name, ""))
        ui.label(str(words.STYLE_HINT)).classes("bg-hint")
        with ui.element("div").classes("bg-buttons"):
            saving = marked(button(str(words.SAVE), self._press, main=True), "style-save")
            shortcut(saving, "Ctrl+Enter")
            button(str(words.CANCEL), leave)

    async def _press(self) -> None:
        try:
            given = {field.name: field.given for field in self._fields}
            await self._save(Style.parse(given))
        except InvalidRequest as error:
            self._tell({problem.field: problem.message for problem in error.problems})
        except BatchGenError as error:
            self._tell({"name": error.message})

    def _tell(self, messages: dict[str, str]) -> None:
        for field in self._fields:
            field.tell(messages.get(field.name))


def _line(mark: str) -> Control:
    return lambda: marked(ui.input().props("outlined dense dir=auto autofocus"), mark)
