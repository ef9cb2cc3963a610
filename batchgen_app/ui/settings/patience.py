"""How long an image may take."""

from nicegui import ui

from batchgen_app.settings import MAX_STALL_SECONDS, MIN_STALL_SECONDS
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.fields import Field, as_number, number
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import words


async def patience(house: House) -> None:
    """Saved when the field is left."""
    caller, preferences = house.caller, house.preferences
    field = Field("stallSeconds", str(words.STALL), number("stall-seconds", step="10"), as_number)
    field.offer(f"{preferences.saved.stall_seconds:g}")
    ui.label(str(words.STALL_HINT)).classes("bg-hint")

    async def save() -> None:
        seconds = field.given
        is_fine = isinstance(seconds, int | float) and _is_patience(seconds)
        field.tell(None if is_fine else str(words.STALL_LIMITS))
        if not (is_fine and field.is_changed):
            return
        if await tried(preferences.change(caller, stall_seconds=seconds)):
            await house.administration.wait_longest(caller, preferences.saved.stall_seconds)
            field.offer(seconds)
            toast(str(words.STALL_SAVED))

    marked(field.control, "stall-seconds").on("blur", save, []).on("keydown.enter", save, [])


def _is_patience(seconds: float) -> bool:
    return MIN_STALL_SECONDS <= seconds <= MAX_STALL_SECONDS
