"""What a pack tells of its pictures: on the page of its light table and in ``batch.json``, with the
settings that they were made with or without them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from batchgen_app.core import media
from batchgen_app.core.delivery import batches_of, told, told_without_settings
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import Lazy
from batchgen_app.storage import decoding
from batchgen_app.storage.delivery import words
from batchgen_app.storage.delivery.light_table import data_address, light_table
from batchgen_app.storage.delivery.looking import PICTURES, Looked
from batchgen_app.storage.delivery.parcel import Item

MOST_INLINE = 12_000_000
"""Bytes of small pictures in a light table; of the others, it shows the files."""
_SAYS_HOW = ("seed", "prompt")
"""What the page knows of how a picture was made."""
_NO_RECORD = {"url", "thumbnail_url", "filename", "batch_id", "extras", "remark"}
_CLEAN_RECORD = {
    *("id", "index", "created_at", "media_type", "width", "height", "animated"),
    *("favourite", "rating", "rejected", "tags"),
}


def page(looked: Sequence[Looked], lost: Mapping[str, Lazy], *, is_clean: bool) -> Item:
    """The light table; the small pictures are in it, as far as there is room."""
    batches = list(batches_of([one.one for one in looked]))
    numbers = numbers_of(looked)
    room, pictures = MOST_INLINE, []
    for one in looked:
        small = one.small or decoding.plain_tile(media.ending_of(one.one.image.filename))
        room -= len(small)
        is_drawn = media.is_drawn(one.one.image.media_type) and one.state is None
        inline = room > 0 or not is_drawn
        shown = _shown(one, data_address(small) if inline else None, numbers)
        pictures.append(_without_settings(shown) if is_clean else shown)
    made = f"{max(batch.created_at for batch in batches).astimezone():%Y-%m-%d}"
    prompts = [batch.request.prompt for batch in batches]
    html = light_table(
        _pack_id(looked),
        str(words.PICTURES) if is_clean else words.title(prompts),
        words.about(len(looked), made),
        pictures,
        words.missing(lost) if lost else "",
    )
    return Item.of("light-table.html", html)


def numbers_of(looked: Sequence[Looked]) -> dict[str, str]:
    """How each picture is called for short, by its id: its number, in its batch if there are
    several.
    """
    ids = [batch.batch_id for batch in batches_of([one.one for one in looked])]
    places = {one: place if len(ids) > 1 else 0 for place, one in enumerate(ids, start=1)}
    images = [one.one.image for one in looked]
    return {image.id: words.short(image.index, places[image.batch_id]) for image in images}


def prompts_of(looked: Sequence[Looked]) -> dict[str, str]:
    """The prompt of each picture, by its id, where they have several; else it is in the title."""
    told = {one.one.image.id: prompt_of(one) for one in looked}
    return told if len({*told.values()}) > 1 else {}


def prompt_of(one: Looked) -> str:
    """What this picture shows."""
    return one.one.batch.words(one.one.image.index).prompt


def _pack_id(looked: Sequence[Looked]) -> str:
    """The same for the same pictures, whenever they are packed."""
    ids = ",".join(one.one.image.id for one in looked)
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def _shown(one: Looked, small: str | None, numbers: Mapping[str, str]) -> JsonObject:
    image = one.one.image
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
        "prompt": prompt_of(one),
        "label": words.label(image.index, image.seed),
        "short": numbers[image.id],
        "missing": None if one.is_there else str(one.state),
        "damaged": str(one.state) if one.state and one.is_there else None,
    }


def _without_settings(shown: JsonObject) -> JsonObject:
    left = {name: value for name, value in shown.items() if name not in _SAYS_HOW}
    return {**left, "label": words.number(shown["index"])}


def _kind(media_type: str) -> str:
    if media.is_drawn(media_type):
        return "picture"
    return "film" if media.is_played(media_type) else "other"


def documents(
    looked: Sequence[Looked], lost: Mapping[str, Lazy], *, is_clean: bool
) -> Iterator[Item]:
    """``batch.json``, or one for each of several batches."""
    batches = list(batches_of([one.one for one in looked]))
    tell = told_without_settings if is_clean else told
    for batch in batches:
        mine = (one for one in looked if one.one.batch is batch)
        pictures = [_record(one, lost, is_clean=is_clean) for one in mine]
        text = json.dumps(tell(batch, pictures), ensure_ascii=False, indent=2)
        name = "batch.json" if len(batches) == 1 else f"batches/{batch.batch_id}.json"
        yield Item.of(name, f"{text}\n".encode())


def _record(one: Looked, lost: Mapping[str, Lazy], *, is_clean: bool) -> JsonObject:
    image = one.one.image
    kept = {"include": _CLEAN_RECORD} if is_clean else {"exclude": _NO_RECORD}
    about = image.model_dump(mode="json", by_alias=True, **kept)  # type: ignore[arg-type]
    further = [f"{PICTURES}/{one.names.of[extra.filename]}" for extra in image.extras]
    own = {one.file, *further}
    wrong = {name: words.code(why) for name, why in lost.items() if name in own}
    return {**about, "file": one.file, "further": further, **({"lost": wrong} if wrong else {})}
