"""Remains: what a batch's folder still tells where its own file cannot be read. Blocks.

The name of a file says which image it belongs to, and with which seed: ``003_42.png``.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, starmap
from typing import Self

from batchgen_app.core.batch_file import PictureRecord
from batchgen_app.core.credible import EARLIEST, LATEST
from batchgen_app.core.errors import PictureBroken, StorageError
from batchgen_app.core.infotext import Infotext, read_infotext
from batchgen_app.core.limits import MAX_BATCH_COUNT
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.rebuilding import Remains, Remnant
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.core.workflow import Workflow
from batchgen_app.storage import lying, pictures, png
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.own_folder import OwnFolder
from batchgen_app.storage.workflow_file import workflow_of_picture

MOST_TEXT_BYTES = 200_000
"""Of the text beside a picture; a longer one is none of ours."""
A_SECOND = timedelta(seconds=1)

_FILE = re.compile(r"([0-9]{3})_([0-9]{1,16})\.(?:png|jpg|webp|txt|damaged)")


@dataclass(frozen=True)
class _Place:
    """A folder, and the seeds that stand in the names of its files, by images."""

    folder: OwnFolder
    seeds: Mapping[int, list[int]]
    is_trash: bool

    @classmethod
    def of(cls, folder: OwnFolder, *, is_trash: bool = False) -> Self:
        with in_words(folder.path):
            names = folder.matching("*")
        seeds: dict[int, list[int]] = {}
        for index, seed in sorted(set(filter(None, map(_index_and_seed, names)))):
            seeds.setdefault(index, []).append(seed)
        return cls(folder, seeds, is_trash)

    def pictures(self, index: int) -> Iterator[Remnant]:
        """The whole ones of an image."""
        for seed in self.seeds.get(index, ()):
            if stored := _whole(self.folder, _stem(index, seed)):
                yield Remnant(seed, _record(stored), in_trash=self.is_trash)

    def others(self, index: int) -> Iterator[Remnant]:
        """What else speaks of it, damaged pictures first."""
        seeds = self.seeds.get(index, ())
        for seed in seeds:
            if names := lying.remnants(self.folder, _stem(index, seed)):
                yield Remnant(seed, message=lying.damage(names[0]), damaged=tuple(names))
        yield from map(Remnant, seeds)


def remains(batch_id: str, home: OwnFolder, trashed: OwnFolder, *, is_deleted: bool) -> Remains:
    """Of the batch whose files lie in ``home``, and its deleted pictures in ``trashed``. Raises
    StorageError.
    """
    places = [_Place.of(home), _Place.of(trashed, is_trash=True)]
    indexes = sorted(set(chain.from_iterable(place.seeds for place in places)))
    images = {index: _image(index, places) for index in indexes}
    stems = [_stem(index, image.seed) for index, image in images.items()]
    files = [(place.folder, stem) for stem in stems for place in places]
    return Remains(
        batch_id=batch_id,
        images=images,
        infotext=next((text for text in starmap(_infotext, files) if text.prompt), Infotext()),
        workflow=next(filter(None, starmap(_workflow, files)), None),
        is_deleted=is_deleted,
    )


def _index_and_seed(name: str) -> tuple[int, int] | None:
    """What a file's name says, if it is a name that a batch gives."""
    if named := _FILE.fullmatch(name):
        index, seed = int(named[1]), int(named[2])
        is_ours = name.startswith(f"{_stem(index, seed)}.") and seed <= MAX_SEED
        return (index, seed) if is_ours and 1 <= index <= MAX_BATCH_COUNT else None
    return None


def _stem(index: int, seed: int) -> str:
    return f"{index:03d}_{seed}"


def _image(index: int, places: list[_Place]) -> Remnant:
    pictures_of = (place.pictures(index) for place in places)
    return next(chain(*pictures_of, *(place.others(index) for place in places)))


def _whole(folder: OwnFolder, stem: str) -> StoredImage | None:
    """One that cannot be read is none."""
    with suppress(StorageError):
        return lying.find(folder, stem)
    return None


def _record(stored: StoredImage) -> PictureRecord:
    return PictureRecord(
        filename=stored.filename,
        width=stored.width,
        height=stored.height,
        bytes=stored.bytes,
        created_at=min(max(stored.written_at, EARLIEST + A_SECOND), LATEST - A_SECOND),
        extras=stored.extras,
    )


def _infotext(folder: OwnFolder, stem: str) -> Infotext:
    """From the text beside a picture, or else in it."""
    with suppress(OSError):
        return read_infotext(folder.read(f"{stem}.txt", MOST_TEXT_BYTES).decode(errors="replace"))
    with suppress(OSError, PictureBroken):
        parts = png.chunks(folder.read(f"{stem}.png", pictures.MAX_BYTES))
        return read_infotext((png.text(parts, pictures.KEYWORD) or "")[:MOST_TEXT_BYTES])
    return Infotext()


def _workflow(folder: OwnFolder, stem: str) -> Workflow | None:
    with suppress(OSError):
        return workflow_of_picture(folder.read(f"{stem}.png", pictures.MAX_BYTES))
    return None
