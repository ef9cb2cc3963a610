"""The app on a disk that never answers, once a pipe lies at the path that the first argument names:
who syncs a file then reads the pipe, into which nobody writes.
"""

import os
import sys
from pathlib import Path

from batchgen_app.cli import main

PIPE = Path(sys.argv.pop(1))
sync = os.fsync


def hang(descriptor: int) -> None:
    """Sync the file once somebody has written into the pipe."""
    if PIPE.exists():
        PIPE.read_bytes()
    sync(descriptor)


if __name__ == "__main__":
    os.fsync = hang  # type: ignore[assignment]
    main()
