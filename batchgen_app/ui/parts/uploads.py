"""How files get from a person to a page: uploads that nobody sees, and what opens them."""

from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakMethod

from nicegui import ui

EMPTY = "() => getElement({id}).$refs.qRef.reset()"


def hidden_upload(*, multiple: bool = False, most_bytes: int | None = None) -> ui.upload:
    """Takes files as soon as it has them, and is empty again when all have been answered: that is
    known in the browser. A word of the server could be there before its own answer, and would break
    off what has arrived.
    """
    upload = ui.upload(multiple=multiple, auto_upload=True, max_file_size=most_bytes)
    upload.on("finish", js_handler=EMPTY.format(id=upload.id))
    return upload.classes("bg-hidden")


def pick_files(opener: ui.button, upload: ui.upload) -> None:
    """Let ``opener`` ask for the files of ``upload``, which is hidden."""
    pick = f"() => getElement({upload.id}).$refs.qRef.pickFiles()"
    opener.on("click", js_handler=pick)


def weak(method: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    """FastAPI never forgets the route that each upload has, nor NiceGUI the upload for it: through
    a handler of it, whole pages would stay in memory when they are left.
    """
    reference = WeakMethod(method)

    async def handle(event: object) -> None:
        if found := reference():
            await found(event)

    return handle
