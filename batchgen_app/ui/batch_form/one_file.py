"""OneFile: a file on its way from a person to the form, however it is handed over."""

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from batchgen_app.language.texts import Lazy
from batchgen_app.services.values import MOST_BYTES
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.uploads import hidden_upload, pick_files, weak


class OneFile:
    """Never seen. ``take`` gets its name and what is in it; ``tell`` is told why there is none:
    other kinds and larger ones than are ``wanted``, in words, do not come in.
    """

    def __init__(
        self,
        take: Callable[[str, bytes], Awaitable[None]],
        tell: Callable[[str], object],
        *,
        wanted: Lazy,
        accept: str = "",
    ) -> None:
        self._take = take
        self._tell = tell
        self._wanted = wanted
        self.upload = hidden_upload(most_bytes=MOST_BYTES)
        if accept:
            self.upload.props(f'accept="{accept}"')
        self.upload.on_upload(weak(self._arrived)).on_rejected(weak(self._reject))
        self.upload.on("failed", weak(self._fail), [])

    def opened_by(self, opener: ui.button) -> None:
        """Let ``opener`` ask for the file."""
        pick_files(opener, self.upload)

    async def _arrived(self, event: events.UploadEventArguments) -> None:
        # The browser's word is not enough.
        if event.file.size() > MOST_BYTES:
            self._tell(str(self._wanted))
        else:
            await self._take(event.file.name, await event.file.read())

    async def _reject(self, _: object) -> None:
        self._tell(str(self._wanted))

    async def _fail(self, _: object) -> None:
        self._tell(str(common.FILE_LOST))
