"""A picture that is large, or claims to be, is decoded in a process of its own: it takes only so
much memory and time, whatever happens to it costs the picture alone, and all that it took is given
back when it ends. One at a time, whoever asks.
"""

import json
import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import Message, later
from batchgen_app.storage.comparing import TOO_LARGE, Compared
from batchgen_app.storage.decoding import Still

SECONDS = 60.0
"""After which it is ended. The largest picture that is decoded takes about a tenth of that."""
PROCESS = "batchgen_app.storage.decoder_process"
LENGTH = struct.Struct(">Q")
PIXELS, STILL, COMPARE = "pixels", "still", "compare"
"""Its task: every pixel of a picture, the still of another file, or two pictures to be compared."""
WHOLE, BROKEN = b"W", b"B"
"""First byte of the answer; behind it the thumbnail, if there is one, or what is broken."""

# Of threads, not of tasks: decoding is asked for from the threads of many requests.
_turn = threading.Lock()
# Ctrl-C in the terminal is for the app alone.
_APART: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    else {"start_new_session": True}
)


def thumbnail_of(data: bytes, *, seconds: float = SECONDS) -> bytes | None:
    """A small WebP of a whole picture; None where it could not be decoded within the bounds. Raises
    PictureBroken, and OSError where no process can be started.
    """
    with _turn:
        answer = _answer(data, seconds, PIXELS)
    if answer.startswith(BROKEN):
        raise PictureBroken(_why(answer.removeprefix(BROKEN)))
    return answer.removeprefix(WHOLE) or None


def still_of(data: bytes, *, seconds: float = SECONDS) -> Still | None:
    """What is seen of a file of another format, if anything. Raises OSError where no process can be
    started.
    """
    with _turn:
        answer = _answer(data, seconds, STILL)
    with suppress(struct.error):
        return Still.unpacked(answer.removeprefix(WHOLE))
    return None


def compared(first: bytes, second: bytes, *, seconds: float = SECONDS) -> Compared:
    """How two pictures differ. Raises PictureBroken where they cannot be compared, and OSError
    where no process can be started.
    """
    with _turn:
        answer = _answer(LENGTH.pack(len(first)) + first + second, seconds, COMPARE)
    if answer.startswith(BROKEN):
        raise PictureBroken(_why(answer.removeprefix(BROKEN)))
    try:
        return Compared.from_json(json.loads(answer.removeprefix(WHOLE)))
    except (ValueError, TypeError, KeyError) as error:  # it ran out of memory, or of time
        raise PictureBroken(TOO_LARGE) from error


def _why(packed: bytes) -> Message:
    """Also where the process was ended in the middle of its last words."""
    try:
        return Message.unpacked(packed.decode())
    except ValueError:
        return later("The picture is damaged: pixels are missing.")


def _answer(data: bytes, seconds: float, task: str) -> bytes:
    """Empty where the process came to grief. It ends when this one does: its stdin closes."""
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    command = (sys.executable, "-m", PROCESS, task)
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        command, stdin=pipe, stdout=pipe, stderr=nothing, **_APART
    ) as process:
        late = threading.Timer(seconds, process.kill)
        late.start()
        try:
            return _asked(process, data)
        finally:
            late.cancel()
            process.kill()


def _asked(process: "subprocess.Popen[bytes]", data: bytes) -> bytes:
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(LENGTH.pack(len(data)))
        process.stdin.write(data)
        process.stdin.flush()
    except BrokenPipeError:  # it ended before it had read everything
        with suppress(BrokenPipeError):
            process.stdin.close()  # of what is left in the buffer nothing is tried again
    return process.stdout.read()
