"""What the pictures of a batch and the texts beside them tell, where the batch's own file cannot be
read. Everything here blocks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, starmap
from typing import Self

from batchgen_app.core import media
from batchgen_app.core.errors import StorageError
from batchgen_app.core.infotext import Infotext, read_infotext
from batchgen_app.core.limits import MAX_BATCH_COUNT
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.storage import folder_pictures, pictures
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folder_pictures import record, stem_of
from batchgen_app.storage.metadata.reading import settings_in
from batchgen_app.storage.rebuilding import Remains, Remnant
from batchgen_app.storage.workflow_file import workflow_of_picture
from batchgen_app.workflows.workflow import Workflow

MOST_TEXT_BYTES = 200_000
"""Of the text beside a picture; a longer one is none of ours."""

_FILE = re.compile(rf"([0-9]{{3}})_([0-9]{{1,16}})\.(?:{media.ENDING}|txt|damaged)")


@dataclass(frozen=True)
class _Place:
    """A folder, and the seeds that stand in the names of its files, by images."""

    folder: BatchFolder
    seeds: Mapping[int, list[int]]
    is_trash: bool

    @classmethod
    def of(cls, folder: BatchFolder, *, is_trash: bool = False) -> Self:
        with in_words(folder.path):
            names = folder.matching("*")
        seeds: dict[int, list[int]] = {}
        for index, seed in sorted(set(filter(None, map(_index_and_seed, names)))):
            seeds.setdefault(index, []).append(seed)
        return cls(folder, seeds, is_trash)

    def pictures(self, index: int) -> Iterator[Remnant]:
        """The whole ones of an image."""
        for seed in self.seeds.get(index, ()):
            if stored := _whole(self.folder, stem_of(index, seed)):
                yield Remnant(seed, record(stored), in_trash=self.is_trash)

    def others(self, index: int) -> Iterator[Remnant]:
        """What else speaks of it, damaged pictures first."""
        seeds = self.seeds.get(index, ())
        for seed in seeds:
            if names := folder_pictures.remnants(self.folder, stem_of(index, seed)):
                yield Remnant(seed, message=folder_pictures.damage(names[0]), damaged=tuple(names))
        yield from map(Remnant, seeds)


def remains(batch_id: str, home: BatchFolder, trashed: BatchFolder, *, is_deleted: bool) -> Remains:
    """Of the batch whose files lie in ``home``, and its deleted pictures in ``trashed``. Raises
    StorageError.
    """
    places = [_Place.of(home), _Place.of(trashed, is_trash=True)]
    indexes = sorted(set(chain.from_iterable(place.seeds for place in places)))
    images = {index: _image(index, places) for index in indexes}
    stems = [stem_of(index, image.seed) for index, image in images.items()]
    files = [(place.folder, stem) for stem in stems for place in places]
    return Remains(
        batch_id=batch_id,
        images=images,
        infotexts={
            index: _infotext_of(places, stem) for index, stem in zip(images, stems, strict=True)
        },
        workflow=next(filter(None, starmap(_workflow, files)), None),
        is_deleted=is_deleted,
    )


def _index_and_seed(name: str) -> tuple[int, int] | None:
    """What a file's name says, if it is a name that a batch gives."""
    if named := _FILE.fullmatch(name):
        index, seed = int(named[1]), int(named[2])
        is_ours = name.startswith(f"{stem_of(index, seed)}.") and seed <= MAX_SEED
        return (index, seed) if is_ours and 1 <= index <= MAX_BATCH_COUNT else None
    return None


def _image(index: int, places: list[_Place]) -> Remnant:
    pictures_of = (place.pictures(index) for place in places)
    return next(chain(*pictures_of, *(place.others(index) for place in places)))


def _whole(folder: BatchFolder, stem: str) -> StoredImage | None:
    """One that cannot be read is none."""
    with suppress(StorageError):
        return folder_pictures.find(folder, stem)
    return None


def _infotext_of(places: Sequence[_Place], stem: str) -> Infotext:
    """What a picture or the text beside it tells, wherever it lies."""
    texts = (_infotext(place.folder, stem) for place in places)
    return next((text for text in texts if text.prompt), Infotext())


def _infotext(folder: BatchFolder, stem: str) -> Infotext:
    """From the text beside a picture, or else in it."""
    with suppress(OSError):
        return read_infotext(folder.read(f"{stem}.txt", MOST_TEXT_BYTES).decode(errors="replace"))
    texts = map(settings_in, _files(folder, stem))
    return read_infotext(next(filter(None, texts), "")[:MOST_TEXT_BYTES])


def _workflow(folder: BatchFolder, stem: str) -> Workflow | None:
    return next(filter(None, map(workflow_of_picture, _files(folder, stem))), None)


def _files(folder: BatchFolder, stem: str) -> Iterator[bytes]:
    """Of a picture, whichever its format; what cannot be read is none."""
    for ending in sorted(media.PICTURES):
        with suppress(OSError):
            yield folder.read(f"{stem}.{ending}", pictures.MAX_BYTES)
