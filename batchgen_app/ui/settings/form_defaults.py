"""What a new form begins with, and how long an image may take. What is not changed here is as the
app's own workflow has it.
"""

from collections.abc import Sequence

from nicegui import ui

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.form_defaults import FormDefaults
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH, MAX_PROMPT_LENGTH
from batchgen_app.core.request import SeedMode
from batchgen_app.core.wire import JsonObject
from batchgen_app.settings import MAX_STALL_SECONDS, MIN_STALL_SECONDS
from batchgen_app.ui import words as common
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.fields import Field, Text, Tick, as_number, number
from batchgen_app.ui.parts.parameter_fields import BASE, ParameterFields, SizeFields, offer, put
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.saved_field import save_when_left


async def form_defaults(context: PageContext) -> None:
    """Saved by a button: the values belong together."""
    fields = _Fields(context)
    with ui.element("div").classes("bg-buttons"):
        marked(button(str(words.SAVE_DEFAULTS), fields.save), "save-defaults")
        marked(button(str(words.ORIGINAL_DEFAULTS), fields.take_back), "original-defaults")
    ui.timer(0, fields.load, once=True)


class _Fields:
    """The fields, which pages that are opened from the saving on begin with."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        ui.label(str(words.DEFAULTS_HINT)).classes("bg-hint")
        self._count = Field("batchCount", str(common.COUNT), number("batch-count"), as_number)
        with Text("label").classes("bg-tick"):
            self._is_random = Tick("randomize-seeds")
            Text("span", str(common.RANDOM_SEEDS))
        size = SizeFields()
        self._more = ParameterFields()
        self._adjusted = (size.width, size.height, *self._more.all)
        self._show()

    @property
    def _all(self) -> Sequence[Field]:
        return self._count, *self._adjusted

    async def load(self) -> None:
        """Ask the server for its lists."""
        await self._more.load(self._context.queries.server)

    async def save(self) -> None:
        """Only what is another value than the original one."""
        try:
            wanted = FormDefaults.parse(self._asked())
        except InvalidRequest as error:
            self._tell(error)
        else:
            await self._keep(wanted, str(words.DEFAULTS_SAVED))

    async def take_back(self) -> None:
        """The original values, at once."""
        await self._keep(None, str(words.DEFAULTS_TAKEN_BACK))

    async def _keep(self, defaults: FormDefaults | None, done: str) -> None:
        if await tried(self._context.preferences.change(self._context.caller, defaults=defaults)):
            self._tell(None)
            self._show()
            toast(done)

    def _show(self) -> None:
        """What holds now, and of each value what was the original one."""
        saved, original = self._context.preferences.saved.defaults, FormDefaults()
        workflow = self._context.queries.defaults
        # Offered first, then put: what is saved counts as changed where it is not the original.
        self._count.offer(original.batch_count)
        self._count.put(saved.batch_count)
        self._is_random.value = saved.seed_mode is SeedMode.RANDOM
        offer(self._adjusted, workflow)
        put(self._adjusted, saved.on(workflow))

    def _asked(self) -> JsonObject:
        mode = SeedMode.RANDOM if self._is_random.value else SeedMode.INCREMENTAL
        asked: JsonObject = {"seedMode": mode, BASE: {}}
        for field in self._all:
            *within, name = field.name.split(".")
            if field.is_changed and field.given not in {None, ""}:
                (asked[BASE] if within else asked)[name] = field.given
        return asked

    def _tell(self, error: InvalidRequest | None) -> None:
        problems = error.problems if error else ()
        messages = {problem.field: problem.message for problem in problems}
        for field in self._all:
            field.tell(messages.get(field.name))


async def prompts(context: PageContext) -> None:
    """Saved at once, and at once it holds."""
    caller, preferences = context.caller, context.preferences

    async def save() -> None:
        if await tried(preferences.change(caller, long_prompts=tick.value)):
            limit = preferences.saved.prompt_limit
            await context.administration.allow_prompts_of(caller, limit)

    with Text("label").classes("bg-tick"):
        tick = Tick("long-prompts", value=preferences.saved.long_prompts)
        Text("span", words.longer_than(MAX_PROMPT_LENGTH))
    tick.on_value_change(save)
    ui.label(words.long_prompts_hint(MAX_LONG_PROMPT_LENGTH)).classes("bg-hint")


async def image_timeout(context: PageContext) -> None:
    """Saved when the field is left."""
    caller, preferences = context.caller, context.preferences
    field = Field("stallSeconds", str(words.STALL), number("stall-seconds", step="10"), as_number)
    field.offer(f"{preferences.saved.stall_seconds:g}")
    ui.label(str(words.STALL_HINT)).classes("bg-hint")

    def check() -> None:
        seconds = field.given
        is_fine = isinstance(seconds, int | float) and _is_timeout(seconds)
        field.tell(None if is_fine else str(words.STALL_LIMITS))

    async def save() -> None:
        await preferences.change(caller, stall_seconds=field.given)
        await context.administration.wait_longest(caller, preferences.saved.stall_seconds)
        toast(str(words.STALL_SAVED))

    marked(field.control, "stall-seconds")
    save_when_left(field, save, check=check)


def _is_timeout(seconds: float) -> bool:
    return MIN_STALL_SECONDS <= seconds <= MAX_STALL_SECONDS
