"""``python -m batchgen_app.storage.decoder_process``: decodes one picture, or
compares two, given on stdin, within bounds that it sets itself; see ``decoding_apart``.
"""

import json
import os
import sys
import threading
from contextlib import suppress

from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import decoding
from batchgen_app.storage.comparing import compared
from batchgen_app.storage.decoding_apart import BROKEN, COMPARE, LENGTH, SECONDS, STILL, WHOLE

MEMORY = 2_500_000_000
"""Bytes of address space: the file, a copy without its texts, and the largest picture decoded."""


def main() -> None:
    """Answer for one picture, then end the process at once: nothing is left to clean up."""
    _set_bounds()
    (length,) = LENGTH.unpack(sys.stdin.buffer.read(LENGTH.size))
    data = sys.stdin.buffer.read(length)
    threading.Thread(target=_end_with_app, daemon=True).start()
    task = {STILL: _still, COMPARE: _compared}.get(sys.argv[-1], _answer)
    sys.stdout.buffer.write(task(data))
    sys.stdout.buffer.flush()
    os._exit(0)


def _answer(data: bytes) -> bytes:
    try:
        return WHOLE + (decoding.thumbnail_of(data, decoding.claim_of(data)) or b"")
    except PictureBroken as error:
        return BROKEN + error.message.packed().encode("utf-8", "replace")
    except MemoryError:
        return WHOLE


def _still(data: bytes) -> bytes:
    with suppress(MemoryError):
        if still := decoding.still_of(data):
            return WHOLE + still.packed()
    return WHOLE


def _compared(data: bytes) -> bytes:
    (length,) = LENGTH.unpack_from(data)
    second = LENGTH.size + length
    try:
        found = compared(data[LENGTH.size : second], data[second:])
    except PictureBroken as error:
        return BROKEN + error.message.packed().encode("utf-8", "replace")
    except MemoryError:
        return WHOLE
    return WHOLE + json.dumps(found.to_json()).encode()


def _set_bounds() -> None:
    """Where the system has such (not Windows); the number of pixels is bounded everywhere."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - POSIX only

        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, int(SECONDS))):
            with suppress(OSError, ValueError):  # not everywhere can it be set
                resource.setrlimit(kind, (most, most))


def _end_with_app() -> None:
    """Its end closes the pipe."""
    sys.stdin.buffer.read(1)
    os._exit(1)


if __name__ == "__main__":
    main()
