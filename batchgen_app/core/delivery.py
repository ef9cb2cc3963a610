"""What is handed out of batches: which images, under which names, and what is said about them to
whoever gets them. Nothing of that tells where it was made.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.file_names import NamePattern, Names, values_of
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject

SIDECAR = ".txt"
BATCH_AND_NUMBER = NamePattern.parse("{batch}_{index}")
"""Names that tell nothing of how an image was made."""
_PLACE = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\|~?/|file:)[^\n]*[\\/][^\n\\/]*")
"""A file's or folder's place on some computer."""
_ADDRESS = re.compile(r"(?:https?|wss?)://\S*")
_SAYS_WHERE = ("image_errors", "based_on")
"""Fields of a batch that are left out: an error's words may name the server's folders, and what a
batch was based on is not handed out with it.
"""
_SAYS_WHEN = ("batch_id", "created_at", "completed_at", "status")
"""All that is left of a batch without its settings."""


@dataclass(frozen=True)
class Handed:
    """A finished image that is handed out, and the batch that it is of."""

    batch: BatchState
    image: GeneratedImage


@dataclass(frozen=True)
class FileNames:
    """How the files of one image are called where they are handed out: its own, by what they are
    called on disk, and the text beside it.
    """

    of: dict[str, str]
    sidecar: str
    sidecar_on_disk: str = field(default="")

    def main(self, image: GeneratedImage) -> str:
        """That of the image itself."""
        return self.of[image.filename]


def named(handed: Sequence[Handed], pattern: NamePattern | None) -> list[FileNames]:
    """Names for all of them, each different from the others. Without a pattern, those on disk."""
    names = Names()
    return [name_one(one, pattern, names, lambda _: True) for one in handed]


def by_number(handed: Sequence[Handed]) -> NamePattern:
    """The shortest names that tell nothing of how; those on disk have the seed in them."""
    several = len({one.batch.batch_id for one in handed}) > 1
    return BATCH_AND_NUMBER if several else NamePattern.parse("{index}")


def name_one(
    one: Handed, pattern: NamePattern | None, names: Names, fits: Callable[[FileNames], bool]
) -> FileNames:
    """Names for one image that are free among ``names`` and that ``fits`` likes."""
    image = one.image
    own = image.filename.rpartition(".")[0]
    stem = (pattern.stem(values_of(one.batch, image)) if pattern else "") or own
    endings = {name: name.removeprefix(own) for name in image.filenames}

    def called(free: str) -> FileNames:
        files = {name: f"{free}{ending}" for name, ending in endings.items()}
        return FileNames(files, f"{free}{SIDECAR}", f"{own}{SIDECAR}")

    ends = [*endings.values(), SIDECAR]
    return called(names.free(stem, ends, lambda free: fits(called(free))))


def told(batch: BatchState, pictures: Sequence[JsonObject]) -> JsonObject:
    """The ``batch.json`` of a delivery: what makes the pictures again, and ``pictures``. Without
    the place of any file, a server's address, errors, and who stopped it.
    """
    summary = summary_of(batch)
    about = summary.model_dump(mode="json", by_alias=True, exclude=set(_SAYS_WHERE))
    about["images"] = [picture["id"] for picture in pictures]
    request, said = about["request"], _said(batch)
    for name in ("workflow", "inputs"):
        if request.get(name):
            request[name] = without_places(request[name], said)
    about["workflow"] = without_places(batch.workflow, said)
    about["versions"] = batch.versions.to_json() if batch.versions else None
    return {**about, "pictures": list(pictures)}


def told_without_settings(batch: BatchState, pictures: Sequence[JsonObject]) -> JsonObject:
    """The same where nothing is said of how they were made."""
    about = summary_of(batch).model_dump(mode="json", by_alias=True, include=set(_SAYS_WHEN))
    return {**about, "images": [picture["id"] for picture in pictures], "pictures": list(pictures)}


def _said(batch: BatchState) -> frozenset[str]:
    """Its prompts, whatever they look like."""
    words = [batch.words(image.index) for image in batch.images]
    texts = {text for each in words for text in (each.prompt, each.negative_prompt) if text}
    return frozenset({*texts, batch.request.prompt})


def without_places(value: object, but: frozenset[str] = frozenset()) -> object:
    """The same, where of each place of a file only the file's name is left, and of an address only
    that there was one; the texts in ``but`` stay.
    """
    match value:
        case dict():
            return {name: without_places(part, but) for name, part in value.items()}
        case list():
            return [without_places(part, but) for part in value]
        case str() if value in but:
            return value
        case str() if _PLACE.fullmatch(value):
            return re.split(r"[\\/]", value.rstrip("\\/"))[-1]
        case str() if _ADDRESS.fullmatch(value):
            return value.partition("://")[0] + "://"
        case _:
            return value


def batches_of(handed: Sequence[Handed]) -> Iterator[BatchState]:
    """Each batch once, in order."""
    yield from {one.batch.batch_id: one.batch for one in handed}.values()
