"""The window's process as the app sees it: started, told, heard, ended."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

END_SECONDS = 4.0
"""A window that has not ended by then, after it was told to, is killed."""

Said = dict[str, Any]
"""``said`` names what happened in the window; the rest belongs to it."""


class WindowProcess:
    """One window, in a process and a process group of its own. It ends when this process does,
    however that ends: its stdin closes.
    """

    def __init__(self, options: Sequence[str], log: Path) -> None:
        """Start it, with its own options; ``log`` gets what it says on stderr."""
        command = (sys.executable, "-m", "batchgen_app.window.process", *options)
        pipe = subprocess.PIPE
        with _writable(log) as errors:
            # Not asyncio's: the first window is opened before there is an event loop.
            self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                command, stdin=pipe, stdout=pipe, stderr=errors, **_APART
            )
        self._log = log

    def tell(self, do: str, **values: Any) -> None:
        """Have it do something. Harmless if it is gone."""
        line = json.dumps({"do": do, **values}) + "\n"
        with suppress(OSError, ValueError):
            assert self._process.stdin
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()

    async def heard(self) -> AsyncIterator[Said]:
        """What it says, from its start to its end."""
        lines: asyncio.Queue[bytes] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop, lines), daemon=True).start()
        while line := await lines.get():
            yield json.loads(line)

    async def is_shown(self) -> bool:
        """Whether it appears, or ends without."""
        async for said in self.heard():
            if said["said"] == "shown":
                return True
        return False

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        self._process.wait()

    def end(self) -> None:
        """End it, and wait until it has."""
        with suppress(OSError):
            assert self._process.stdin
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()

    def last_words(self) -> str:
        """What it, its toolkit and the system said on stderr."""
        with suppress(OSError):
            if self._log.is_file():
                return self._log.read_text(encoding="utf-8", errors="replace")
        return ""

    def _read(self, loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes]) -> None:
        assert self._process.stdout
        # RuntimeError: the loop was closed, nobody listens any more.
        with self._process.stdout as said, suppress(RuntimeError):
            for line in said:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, b"")

    def _kill(self) -> None:
        """With its helpers, which browsers have many of."""
        if os.name == "nt":
            self._process.kill()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _writable(log: Path) -> BinaryIO:
    """The log, from its beginning; where it cannot be written, the app will say so itself."""
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        if not log.exists() or log.is_file():  # to open a pipe would be to wait for its reader
            return log.open("wb")
    return Path(os.devnull).open("wb")


# Ctrl-C in the terminal is for the app alone.
_APART: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    else {"start_new_session": True}
)
