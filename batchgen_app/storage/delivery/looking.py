"""What there is of one image that is handed out: looked at once, before anything is sent."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field

from batchgen_app.core.delivery import FileNames, Handed
from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.core.picture_text import text_of
from batchgen_app.language.texts import Lazy
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.delivery import words
from batchgen_app.storage.delivery.parcel import Item
from batchgen_app.storage.images import ImageStore

logger = logging.getLogger(__name__)

PICTURES = "pictures"
MOST_TEXT = 1_000_000
"""Of a text beside a picture that is read."""


@dataclass
class Looked:
    """What was found of one image."""

    one: Handed
    names: FileNames
    items: list[Item] = field(default_factory=list)
    lost: dict[str, Lazy] = field(default_factory=dict)
    """Files that are gone or damaged, by their names in the pack, and how it is."""
    small: bytes | None = None

    @property
    def file(self) -> str:
        """The picture's place in the pack."""
        return f"{PICTURES}/{self.names.main(self.one.image)}"

    @property
    def is_there(self) -> bool:
        """Whether the picture itself is in the pack."""
        return any(item.name == self.file for item in self.items)

    @property
    def state(self) -> Lazy | None:
        """What is wrong with the picture itself, if anything is."""
        return self.lost.get(self.file)


def look(
    store: ImageStore, one: Handed, names: FileNames, version: str, *, is_clean: bool = False
) -> Looked:
    """An image with its files, or with clean copies of them, and without a text then. Raises
    NotFound for a name that no file of an image has.
    """
    found = Looked(one, names)
    lengths = {extra.filename: extra.bytes for extra in one.image.extras}
    for file in store.files(one.image):
        bytes_ = lengths.get(file.path.name, one.image.bytes)
        name = f"{PICTURES}/{names.of[file.path.name]}"
        _take(found, file, name, bytes_, is_clean=is_clean)
    if not found.items:
        return found
    if not is_clean:
        text = sidecar(store, one, names, version)
        found.items.append(Item.of(f"{PICTURES}/{names.sidecar}", text))
    if found.state is None:
        found.small = _small(store.files(one.image)[0])
    return found


def _take(found: Looked, file: FolderFile, name: str, bytes_: int, *, is_clean: bool) -> None:
    lie = Item.clean if is_clean else Item.lying
    try:
        with folder_pictures.ONE_IN_MEMORY:
            if folder_pictures.is_damaged(file, bytes_):
                found.lost[name] = words.DAMAGED
            item = lie(name, file)
    except PictureBroken:
        found.lost.setdefault(name, words.NOT_CLEAN)
    except StorageError as error:
        logger.warning("%s is not in the pack: %s", file.path, error)
        found.lost[name] = words.DAMAGED
    except NotFound:
        found.lost[name] = words.GONE
    else:
        found.items.append(item)


def sidecar(store: ImageStore, one: Handed, names: FileNames, version: str) -> bytes:
    """What lies beside the picture; made anew where nothing does."""
    picture = store.file(one.batch.batch_id, one.image.filename)
    with suppress(OSError):
        return picture.folder.read(names.sidecar_on_disk, MOST_TEXT)
    versions = one.batch.versions
    return text_of(one.batch, one.image.index, versions.app if versions else version).encode()


def _small(file: FolderFile) -> bytes | None:
    with suppress(NotFound, PictureBroken, StorageError), folder_pictures.thumbnail(file) as there:
        return there.file.read()
    return None
