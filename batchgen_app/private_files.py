"""Files that only their owner can read: settings, who is signed in, secrets."""

import os
import tempfile
from pathlib import Path

MOST_BYTES = 10**7
"""That are read of a file of ours; what it holds is far smaller."""


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step by one that only its owner can read. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp lets nobody but the owner read, from the first moment on.
    descriptor, partial = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.stem}", suffix=".partial"
    )
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(path)
    finally:
        Path(partial).unlink(missing_ok=True)


def read_private(path: Path) -> str:
    """The text of such a file, or of what a link leads to: a person may keep it elsewhere. Raises
    OSError, and ValueError where something lies there that never ends or is too large.
    """
    if os.path.lexists(path) and not (path.is_file() or path.is_dir()):
        raise ValueError("it is no file")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError("it is too large")
    return data.decode("utf-8")
