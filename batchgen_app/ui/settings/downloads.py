"""What downloads are like, and how they are called. What is stored keeps its name."""

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.file_names import EXAMPLE, FIELDS, NamePattern, example_values
from batchgen_app.ui import words as common
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.clean_downloads import clean_switch
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.fields import Field, as_text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.saved_field import save_when_left

ON_DISK = "003_1234567.png"


async def downloads(context: PageContext) -> None:
    """A switch of this device; and for who may, how files are called."""
    clean_switch()
    ui.label(str(common.WITHOUT_SETTINGS_HINT)).classes("bg-hint")
    if context.may(Verb.SET):
        _Names(context)


class _Names:
    """A pattern, and as it is typed what it makes of a name; saved when the field is left."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._field = Field("names", str(words.NAME_PATTERN), _line, as_text)
        self._field.offer(context.preferences.saved.name_pattern or "")
        self._preview = marked(ui.label(), "name-preview").classes("bg-hint")
        ui.label(words.name_fields(FIELDS)).classes("bg-hint")
        self._show()
        self._field.control.on_value_change(self._show)
        save_when_left(self._field, self._save)

    def _pattern(self) -> NamePattern | None:
        """Of what is typed; None where that is nothing. Raises InvalidRequest."""
        typed = str(self._field.given).strip()
        return NamePattern.parse(typed) if typed else None

    def _show(self) -> None:
        try:
            pattern = self._pattern()
        except InvalidRequest as error:
            self._field.tell(str(error))
            self._preview.text = ""
        else:
            self._field.tell(None)
            name = f"{pattern.stem(example_values())}.png" if pattern else ON_DISK
            self._preview.text = words.name_preview(name)

    async def _save(self) -> None:
        pattern = self._pattern()
        await self._context.preferences.change(
            self._context.caller, name_pattern=pattern.text if pattern else None
        )
        toast(str(words.NAMES_SAVED))


def _line() -> ui.input:
    return ui.input(placeholder=EXAMPLE).props("outlined dense data-testid=name-pattern")
