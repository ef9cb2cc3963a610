"""JSON lines: what the app tells on stdin, what the window says on stdout."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TextIO

Command = dict[str, Any]
"""``do`` names what to do; the rest is what it needs."""


class Channel:
    """Both directions. What libraries print on stdout goes to stderr, where it disturbs nobody."""

    def __init__(self) -> None:
        self._out: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._turn = threading.Lock()

    def say(self, what: str, /, **values: Any) -> None:
        """Tell the app. Harmless if nobody listens any more."""
        with self._turn, suppress(OSError, ValueError):
            self._out.write(json.dumps({"said": what, **values}) + "\n")
            self._out.flush()

    def commands(self) -> Iterator[Command]:
        """What the app tells, until it is gone."""
        for line in sys.stdin.buffer:
            yield json.loads(line)
