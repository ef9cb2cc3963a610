"""Where the running copy of the app can be opened. Quick to import: others look here first."""

import asyncio
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

from batchgen_app.storage import atomic_files

LOCKS = "locks"
"""The folder, in the data folder, of what only holds while a copy runs."""
STARTING_SECONDS = 5.0
"""How long a copy that has just been started may take until it says where it can be opened."""
LOOK_AGAIN_SECONDS = 0.1
MOST_BYTES = 1000
"""Of an address."""


class RunningInstance:
    """Says where the running copy of the app can be opened. Only its owner can read it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """That of the copy which has this data folder."""
        return cls(data_dir / LOCKS / "address")

    async def write(self, address: str) -> None:
        """Tell other copies, if that can be written."""
        with suppress(OSError):
            await asyncio.to_thread(
                atomic_files.write_over, self._path, address.encode(), is_private=True
            )

    async def clear(self) -> None:
        """Nothing is said any more."""
        with suppress(OSError):
            await asyncio.to_thread(self._path.unlink, missing_ok=True)

    def glance(self) -> str | None:
        """What it says at this moment; a copy that died may have left it behind."""
        with suppress(OSError, UnicodeDecodeError):
            return self._text()
        return None

    async def read(self) -> str | None:
        """What it says, waiting a little for a copy that is just starting; None if nothing."""
        import tenacity  # noqa: PLC0415 - a glance, before a window opens, does not wait for it

        tries = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(FileNotFoundError),
            wait=tenacity.wait_fixed(LOOK_AGAIN_SECONDS),
            stop=tenacity.stop_after_delay(STARTING_SECONDS),
            reraise=True,
        )
        with suppress(OSError, UnicodeDecodeError):
            address: str | None = await tries(asyncio.to_thread, self._text)
            return address
        return None

    def _text(self) -> str | None:
        """Raises OSError, UnicodeDecodeError; None where something else lies there."""
        if not stat.S_ISREG(self._path.stat().st_mode):
            return None
        with self._path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        return text.decode() if len(text) <= MOST_BYTES else None
