"""What a batch's own file may say. Its shape is checked where it is parsed; here, whether it can be
true: a name that leads to another file, a number that no database holds, a time without a zone.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

from batchgen_app.core import limits, seeds
from batchgen_app.core.batch import ExtraPicture, Parameters
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.language.message import Message, later

ENDINGS = (".png", ".jpg", ".webp")
"""Of the files of pictures."""
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""In between, a time stays one in every zone."""


class _Picture(Protocol):
    @property
    def filename(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def extras(self) -> tuple[ExtraPicture, ...]: ...


class _Record(Protocol):
    @property
    def index(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def seconds(self) -> float | None: ...
    @property
    def picture(self) -> _Picture | None: ...


class _File(Protocol):
    @property
    def parameters(self) -> Parameters: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def completed_at(self) -> datetime | None: ...
    @property
    def seeds(self) -> list[int]: ...
    @property
    def image_records(self) -> Sequence[_Record]: ...


def check_credible(file: _File) -> None:
    """Raises InvalidRequest for the first thing that cannot be."""
    if len(file.seeds) > limits.MAX_BATCH_COUNT:
        raise _refused("seeds", later("It has more images than any batch."))
    if not all(map(_is_held, _numbers(file))):
        raise _refused("imageRecords", later("It has a number that cannot be."))
    if not all(EARLIEST < time < LATEST if time.tzinfo else False for time in _times(file)):
        raise _refused("createdAt", later("It has a time that cannot be."))
    if not all(filename in allowed for filename, allowed in _names(file)):
        raise _refused("imageRecords", later("It gives an image the file of another one."))


def _refused(field: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of(field, "not_credible", message)


def _is_held(number: float) -> bool:
    return 0 <= number <= seeds.MAX_SEED


def _numbers(file: _File) -> Iterator[float]:
    parameters = file.parameters
    yield from (n for n in (parameters.steps, parameters.width, parameters.height) if n is not None)
    for record in file.image_records:
        yield record.seconds or 0.0
        for picture in _pictures(record):
            yield from (picture.width, picture.height, picture.bytes)


def _pictures(record: _Record) -> Iterator[_Picture | ExtraPicture]:
    if record.picture:
        yield record.picture
        yield from record.picture.extras


def _times(file: _File) -> Iterator[datetime]:
    yield file.created_at
    yield from filter(None, [file.completed_at])
    yield from (record.picture.created_at for record in file.image_records if record.picture)


def _names(file: _File) -> Iterator[tuple[str, Iterable[str]]]:
    """Each file's name, and those that it may have."""
    for record in file.image_records:
        if picture := record.picture:
            stem = f"{record.index:03d}_{record.seed}"
            yield picture.filename, [stem + ending for ending in ENDINGS]
            for extra in picture.extras:
                yield extra.filename, [f"{stem}_{extra.number}{ending}" for ending in ENDINGS]
