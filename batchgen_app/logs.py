"""Logs: what a person who helps reads, in the folder ``logs`` of the data folder.

One record is one line: UTC time, level, room, batch and image where they are known, what
happened. What people and servers write is never in it: of an exception there are only kind and
place, of what other libraries say only where they said it.
"""

import errno
import logging
import os
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from io import TextIOWrapper
from itertools import chain, islice
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import Full, Queue

ROOT = __name__.partition(".")[0]
FOLDER = "logs"
APP, COMMAND = "app", "generate"
"""The files: of the app, of which only one runs, and of batches in the terminal."""
LARGEST, KEPT = 2**20, 3
"""Bytes of one file, and how many older ones stay."""
WAITING = 10_000
"""Lines that wait for a slow disk; more than that are lost."""
DEEPEST = 8
"""Of one exception: its innermost calls, and the exceptions behind it."""
TAIL = 2**16
"""Bytes of a file's end, in which its last lines are looked for."""

_batch: ContextVar[str] = ContextVar("batch", default="")
_image: ContextVar[int | None] = ContextVar("image", default=None)


@contextmanager
def about(*, batch: str | None = None, image: int | None = None) -> Iterator[None]:
    """What is logged meanwhile concerns this batch or image; what is not given stays as it is."""
    batch_before = _batch.set(_batch.get() if batch is None else batch)
    image_before = _image.set(_image.get() if image is None else image)
    try:
        yield
    finally:
        _image.reset(image_before)
        _batch.reset(batch_before)


@contextmanager
def written(data_dir: Path, name: str) -> Iterator[None]:
    """Write the log ``name`` as long as the context lasts, in a thread of its own: nobody waits for
    the disk, and a disk in trouble costs lines, nothing else.
    """
    lines: Queue[logging.LogRecord] = Queue(WAITING)
    catcher, file = _Catcher(lines), _File(data_dir / FOLDER / f"{name}.log")
    writer = QueueListener(lines, file)
    writer.start()
    try:
        with _caught(catcher):
            yield
    finally:
        with suppress(Full):
            writer.stop()
        with suppress(OSError):
            file.close()


def latest(data_dir: Path, count: int) -> list[str]:
    """The last lines of all logs, oldest first; none where they cannot be read."""
    oldest_first = sorted((data_dir / FOLDER).glob("*.log*"), reverse=True)
    # What was said in one millisecond stays in the order in which it was said.
    return sorted(chain.from_iterable(map(_tail, oldest_first)), key=_moment)[-count:]


@contextmanager
def _caught(catcher: logging.Handler) -> Iterator[None]:
    everything, ours = logging.getLogger(), logging.getLogger(ROOT)
    level = ours.level
    everything.addHandler(catcher)
    ours.setLevel(logging.INFO)
    try:
        yield
    finally:
        ours.setLevel(level)
        everything.removeHandler(catcher)


class _Concerns(logging.Filter):
    """Notes room, batch and image, as long as that can be known: where the record is made."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.room = record.name.removeprefix(f"{ROOT}.")
        record.batch, record.image = _batch.get(), _image.get()
        return _is_ours(record) or record.levelno >= logging.WARNING


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        parts = [f"{_utc(record)} {record.levelname} {getattr(record, 'room', record.name)}"]
        if batch := getattr(record, "batch", ""):
            parts.append(f"[{batch}{_number(getattr(record, 'image', None))}]")
        parts.append(record.getMessage() if _is_ours(record) else _where(record))
        if record.exc_info and record.exc_info[1]:
            parts.append(f"| {_fault(record.exc_info[1])}")
        # One line, whatever line breaks are in it.
        return " ".join(" ".join(parts).split())


class _Catcher(QueueHandler):
    def __init__(self, lines: "Queue[logging.LogRecord]") -> None:
        super().__init__(lines)
        self.addFilter(_Concerns())
        self.setFormatter(_Line())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name in logging
        """More waits than is kept: the line is lost."""


class _File(RotatingFileHandler):
    """Begins anew with each line that the disk did not take."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # to open a pipe would be to wait for its reader
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name in logging
        failed = self.stream
        self.stream = None
        if failed:
            with suppress(OSError):
                failed.close()


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == ROOT


def _utc(record: logging.LogRecord) -> str:
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{seconds}.{int(record.msecs):03}Z"


def _number(image: int | None) -> str:
    return "" if image is None else f" {image}"


def _where(record: logging.LogRecord) -> str:
    return f"in {record.module}:{record.lineno} {record.funcName}"


def _fault(error: BaseException) -> str:
    return ", because of ".join(_kind_and_place(each) for each in islice(_chain(error), DEEPEST))


def _kind_and_place(error: BaseException) -> str:
    code = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    calls = [
        f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return " > ".join([f"{type(error).__name__} {code}".strip(), *calls[-DEEPEST:]])


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and those behind it."""
    yield error
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for each in filter(None, (*inside, error.__cause__ or error.__context__)):
        yield from _chain(each)


def _moment(line: str) -> str:
    return line.partition(" ")[0]


def _tail(path: Path) -> list[str]:
    try:
        if not path.is_file():
            return []
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
