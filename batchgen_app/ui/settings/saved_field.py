"""A setting in a field of its own, which needs no button."""

from collections.abc import Awaitable, Callable

from batchgen_app.ui.parts.fields import Field
from batchgen_app.ui.parts.toast import tried


def save_when_left(
    field: Field, save: Callable[[], Awaitable[None]], *, check: Callable[[], None] = lambda: None
) -> None:
    """``save`` what is typed when the field is left, or Enter pressed in it, unless ``check`` tells
    of a fault. What is typed while something is saved stays, and is saved in its turn.
    """
    saved = field.given

    async def left() -> None:
        nonlocal saved
        check()
        if field.is_at_fault or field.given == saved:
            return
        before, saved = saved, field.given
        if not await tried(save()):
            saved = before

    field.control.on("blur", left, []).on("keydown.enter", left, [])
