"""The delivery pack: pictures with the texts beside them, a contact sheet, a light table, what they
were made with, and checksums. What there is of it is looked at once, before anything is sent: a
file that is gone or damaged then is named in ``MISSING.txt``, and everywhere it would be seen.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from batchgen_app.core.delivery import FileNames, Handed, batches_of
from batchgen_app.core.errors import BatchGenError, InvalidRequest, NotFound, PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, folder_pictures
from batchgen_app.storage.archive import NO_CLEAN_COPIES
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.delivery import contact_sheet, telling, words
from batchgen_app.storage.delivery.contact_sheet import PER_SHEET, Cell
from batchgen_app.storage.delivery.looking import Looked, look
from batchgen_app.storage.delivery.parcel import Item, Parcel
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.pictures import MAX_BYTES
from batchgen_app.storage.progress import ProgressCallback, silent

PACKING = later("Packing pictures")
MISSING = "MISSING.txt"
README = "README.txt"
"""In a pack without settings: that it is one, and what is not in it therefore."""


def whole_pack(
    store: ImageStore,
    handed: Sequence[Handed],
    names: Sequence[FileNames],
    version: str,
    *,
    is_clean: bool = False,
    progress: ProgressCallback = silent,
) -> Parcel:
    """The pack of these images, or one that tells nothing of how they were made. Takes as long as
    it takes to look at each file, one at a time; ``progress`` is told before each, and may raise an
    exception that ends it. Raises NotFound where not one of the pictures is left, InvalidRequest
    where not one has a clean copy, StorageError.
    """
    steps = len(handed) + math.ceil(len(handed) / PER_SHEET)
    looked = []
    for done, (one, its) in enumerate(zip(handed, names, strict=True)):
        progress(PACKING, done, steps)
        looked.append(look(store, one, its, version, is_clean=is_clean))
    if not any(one.items for one in looked):
        raise _nothing(store, looked)
    lost = {name: why for one in looked for name, why in one.lost.items()}
    items = [item for one in looked for item in one.items]
    sheets = _sheets(store, looked, is_clean=is_clean)
    for done, sheet in enumerate(sheets, start=len(handed)):
        progress(PACKING, done, steps)
        items.append(sheet)
    items.append(telling.page(looked, lost, is_clean=is_clean))
    items += telling.documents(looked, lost, is_clean=is_clean)
    if is_clean:
        items.append(Item.of(README, f"{words.CLEAN}\n".encode()))
    if lost:
        items.append(Item.of(MISSING, f"{words.missing(lost)}\n".encode()))
    return Parcel(items, lost=[f"{name}: {why}" for name, why in lost.items()])


def _nothing(store: ImageStore, looked: Sequence[Looked]) -> BatchGenError:
    """That there is none of it, in the words in which the disk says it."""
    if any(why is words.NOT_CLEAN for one in looked for why in one.lost.values()):
        return InvalidRequest.of("metadata", "no_clean_copies", NO_CLEAN_COPIES)
    (first, *_) = store.files(looked[0].one.image)
    try:
        folder_pictures.opened(first).file.close()
    except NotFound as error:
        return error
    return NotFound(later("None of the pictures can be read. Look at the disk that they are on."))


def _sheets(store: ImageStore, looked: Sequence[Looked], *, is_clean: bool) -> Iterator[Item]:
    """One for each so many pictures; the first has the plain name."""
    numbers = telling.numbers_of(looked)
    prompts = {} if is_clean else telling.prompts_of(looked)
    batches = list(batches_of([one.one for one in looked]))
    title = batches[0].batch_id if len(batches) == 1 else words.batches(len(batches))
    for start in range(0, len(looked), PER_SHEET):
        part = looked[start : start + PER_SHEET]
        side = contact_sheet.side(len(part), has_prompts=bool(prompts))
        cells = [
            _cell(store, one, side, numbers[one.one.image.id], None if is_clean else prompts)
            for one in part
        ]
        number = f"-{start // PER_SHEET + 1}" if start else ""
        first, last = start + 1, start + len(part)
        head = f"{title} · {first}-{last} / {len(looked)}"
        yield Item.of(f"contact-sheet{number}.jpg", contact_sheet.contact_sheet(cells, head))


def _cell(
    store: ImageStore, one: Looked, side: int, number: str, prompts: Mapping[str, str] | None
) -> Cell:
    """Of one picture; without its settings where ``prompts`` is None."""
    image, is_clean = one.one.image, prompts is None
    small = one.small
    if small and side > decoding.THUMBNAIL_SIDE:
        small = _larger(store.files(image)[0], side) or small
    return Cell(
        small=small,
        said=words.code(one.state) if one.state else "damaged",
        number=number,
        seed=None if is_clean else image.seed,
        rating=image.rating,
        favourite=image.favourite,
        rejected=image.rejected,
        prompt=(prompts or {}).get(image.id, ""),
    )


def _larger(file: FolderFile, side: int) -> bytes | None:
    """A picture at more than a thumbnail's size, where that takes little memory."""
    with folder_pictures.ONE_IN_MEMORY, suppress(OSError, PictureBroken):
        data = file.folder.read(file.name, MAX_BYTES)
        claim = decoding.claim_of(data)
        return decoding.small_of(data, claim, side) if claim.is_modest else None
    return None
