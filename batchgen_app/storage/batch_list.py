"""Which batches have a folder, in place or in the trash, and whether one of them has changed. None
of their files is opened.
"""

import re
from contextlib import suppress
from pathlib import Path

from batchgen_app.storage import batch_json
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.open_folder import OpenFolder
from batchgen_app.storage.trash import Trash

BATCH_ID = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z-]{0,99}")
_OURS = re.compile(r"[0-9]{8}-[0-9]{6}-")
"""How the ids begin that are made here."""


def batch_ids(root: Path, trash: Trash) -> list[str]:
    """Oldest first."""
    return sorted({*trash.batch_ids(), *_folders(root)})


def stamps(root: Path, trash: Trash) -> dict[str, str]:
    """The same batches, each with what shows that its own file, or where it lies, changed."""
    places = {name: [root / name] for name in _folders(root)}
    for name in trash.batch_ids():
        places.setdefault(name, []).append(trash.batch_folder(name).path)
    return {name: " ".join(map(_stamp, folders)) for name, folders in sorted(places.items())}


def _stamp(folder: Path) -> str:
    """Where a batch lies, and when its own file was written last and how long it is."""
    try:
        status = (folder / batch_json.NAME).lstat()
    except OSError:
        return folder.name
    return f"{folder.name}:{status.st_mtime_ns}:{status.st_size}"


def _folders(root: Path) -> list[str]:
    """Also what is no folder and has the name of one: that is to be told."""
    with in_words(root), suppress(FileNotFoundError), OpenFolder.open(root):
        named = (entry for entry in root.iterdir() if BATCH_ID.fullmatch(entry.name))
        return sorted(path.name for path in named if path.is_dir() or _OURS.match(path.name))
    return []
