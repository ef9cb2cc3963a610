"""The delivery pack: pictures with the texts beside them, a contact sheet, a light table, what they
were made with, and checksums. What there is of it is looked at once, before anything is sent: a
file that is gone or damaged then is named in ``MISSING.txt``, and everywhere it would be seen.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress

from batchgen_app.core import media
from batchgen_app.core.delivery import FileNames, Handed, batches_of, told
from batchgen_app.core.errors import NotFound, PictureBroken
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.language.texts import Lazy
from batchgen_app.storage import decoding, folder_pictures
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.delivery import contact_sheet, words
from batchgen_app.storage.delivery.contact_sheet import PER_SHEET, Cell
from batchgen_app.storage.delivery.light_table import data_address, light_table
from batchgen_app.storage.delivery.looking import PICTURES, Looked, look
from batchgen_app.storage.delivery.parcel import Item, Parcel
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.pictures import MAX_BYTES
from batchgen_app.storage.progress import ProgressCallback, silent

PACKING = later("Packing pictures")
MISSING = "MISSING.txt"
MOST_INLINE = 12_000_000
"""Bytes of small pictures in a light table; of the others, it shows the files."""


def whole_pack(
    store: ImageStore,
    handed: Sequence[Handed],
    names: Sequence[FileNames],
    version: str,
    *,
    progress: ProgressCallback = silent,
) -> Parcel:
    """The pack of these images. Takes as long as it takes to look at each file, one at a time;
    ``progress`` is told before each, and may raise an exception that ends it. Raises NotFound where
    not one of the pictures is left, StorageError.
    """
    steps = len(handed) + math.ceil(len(handed) / PER_SHEET)
    looked = []
    for done, (one, its) in enumerate(zip(handed, names, strict=True)):
        progress(PACKING, done, steps)
        looked.append(look(store, one, its, version))
    if not any(one.items for one in looked):
        raise NotFound(_why_nothing(store, handed[0]))
    lost = {name: why for one in looked for name, why in one.lost.items()}
    items = [item for one in looked for item in one.items]
    for done, sheet in enumerate(_sheets(store, looked), start=len(handed)):
        progress(PACKING, done, steps)
        items.append(sheet)
    items += [_page(looked, lost), *_documents(looked, lost)]
    if lost:
        items.append(Item.of(MISSING, f"{_missing(lost)}\n".encode()))
    return Parcel(items, sums=True, lost=[f"{name}: {why}" for name, why in lost.items()])


def _why_nothing(store: ImageStore, one: Handed) -> Message:
    """In the words in which the disk says it."""
    (first, *_) = store.files(one.image)
    try:
        folder_pictures.opened(first).file.close()
    except NotFound as error:
        return error.message
    return later("None of the pictures can be read. Look at the disk that they are on.")


def _sheets(store: ImageStore, looked: Sequence[Looked]) -> Iterator[Item]:
    """One for each so many pictures; the first has the plain name."""
    for start in range(0, len(looked), PER_SHEET):
        part = looked[start : start + PER_SHEET]
        side = contact_sheet.side(len(part))
        cells = [_cell(store, one, side) for one in part]
        number = f"-{start // PER_SHEET + 1}" if start else ""
        first, last = start + 1, start + len(part)
        head = f"{part[0].one.batch.batch_id} · {first}-{last} / {len(looked)}"
        yield Item.of(f"contact-sheet{number}.jpg", contact_sheet.contact_sheet(cells, head))


def _cell(store: ImageStore, one: Looked, side: int) -> Cell:
    image = one.one.image
    small = one.small
    if small and side > decoding.THUMBNAIL_SIDE:
        small = _larger(store.files(image)[0], side) or small
    said = "missing" if one.state is words.GONE else "damaged"
    return Cell(small, said, image.index, image.seed, image.rating, image.favourite, image.rejected)


def _larger(file: FolderFile, side: int) -> bytes | None:
    """A picture at more than a thumbnail's size, where that takes little memory."""
    with suppress(OSError, PictureBroken):
        data = file.folder.read(file.name, MAX_BYTES)
        claim = decoding.claim_of(data)
        return decoding.small_of(data, claim, side) if claim.is_modest else None
    return None


def _page(looked: Sequence[Looked], lost: dict[str, Lazy]) -> Item:
    batches = list(batches_of([one.one for one in looked]))
    ids = [batch.batch_id for batch in batches]
    numbers = {one: place if len(ids) > 1 else 0 for place, one in enumerate(ids, start=1)}
    room, pictures = MOST_INLINE, []
    for one in looked:
        small = one.small or decoding.plain_tile(media.ending_of(one.one.image.filename))
        room -= len(small)
        is_drawn = media.is_drawn(one.one.image.media_type) and one.state is None
        inline = room > 0 or not is_drawn
        pictures.append(_told(one, data_address(small) if inline else None, numbers))
    made = f"{max(batch.created_at for batch in batches).astimezone():%Y-%m-%d}"
    page = light_table(
        _pack_id(looked),
        words.title([batch.request.prompt for batch in batches]),
        words.about(len(looked), made),
        pictures,
        _missing(lost) if lost else "",
    )
    return Item.of("light-table.html", page)


def _pack_id(looked: Sequence[Looked]) -> str:
    """The same for the same pictures, whenever they are packed."""
    ids = ",".join(one.one.image.id for one in looked)
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def _told(one: Looked, small: str | None, numbers: dict[str, int]) -> JsonObject:
    batch, image = one.one.batch, one.one.image
    is_gone = one.state is words.GONE
    return {
        "id": image.id,
        "index": image.index,
        "seed": image.seed,
        "file": one.file,
        "thumbnail": small,
        "kind": _kind(image.media_type),
        "width": image.width,
        "height": image.height,
        "favourite": image.favourite,
        "rating": image.rating,
        "rejected": image.rejected,
        "prompt": batch.words(image.index).prompt,
        "label": words.label(image.index, image.seed),
        "short": words.short(image.index, numbers[batch.batch_id]),
        "missing": str(words.GONE) if is_gone else None,
        "damaged": str(words.DAMAGED) if one.state and not is_gone else None,
    }


def _kind(media_type: str) -> str:
    if media.is_drawn(media_type):
        return "picture"
    return "film" if media.is_played(media_type) else "other"


def _missing(lost: dict[str, Lazy]) -> str:
    return words.missing([(name, str(why)) for name, why in lost.items()])


def _documents(looked: Sequence[Looked], lost: dict[str, Lazy]) -> Iterator[Item]:
    """``batch.json``, or one for each of several batches."""
    batches = list(batches_of([one.one for one in looked]))
    for batch in batches:
        pictures = [_record(one, lost) for one in looked if one.one.batch is batch]
        text = json.dumps(told(batch, pictures), ensure_ascii=False, indent=2)
        name = "batch.json" if len(batches) == 1 else f"batches/{batch.batch_id}.json"
        yield Item.of(name, f"{text}\n".encode())


def _record(one: Looked, lost: dict[str, Lazy]) -> JsonObject:
    image = one.one.image
    shown = image.model_dump(
        mode="json",
        by_alias=True,
        exclude={"url", "thumbnail_url", "filename", "batch_id", "extras", "remark"},
    )
    further = [f"{PICTURES}/{one.names.of[extra.filename]}" for extra in image.extras]
    own = {one.file, *further}
    wrong = {name: _code(why) for name, why in lost.items() if name in own}
    return {**shown, "file": one.file, "further": further, **({"lost": wrong} if wrong else {})}


def _code(why: Lazy) -> str:
    return "missing" if why is words.GONE else "damaged"
