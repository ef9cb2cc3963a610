"""zipstream-ng, where contents are handed in instead of paths, which would lead over links."""

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from zipfile import ZIP64_LIMIT, ZIP_FILECOUNT_LIMIT

from zipstream import ZIP_STORED, ZipStream  # type: ignore[import-untyped]
from zipstream.ng import ZipStreamInfo  # type: ignore[import-untyped]

Date = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute, second: local time, as in every ZIP."""
HELD_BACK = 1000
"""So many bytes of a content are sent only when all of it was as it should be: where it was not,
there is room for a note that says so.
"""
_PIECE = bytes(64 * 1024)
_END, _END_OF_LARGE = 22, 22 + 76
"""Bytes behind the list of entries."""


class Lost(Exception):
    """Raised by a content that cannot be had after all when its turn comes."""


class DatedZip(ZipStream):  # type: ignore[misc]
    """A ZIP of known size, made while it is read, whose entries have the dates of their files. The
    library gives those only to what is added by its path.

    A content that raises Lost, or is not as long as was said, is not in it; its name is in
    ``lost``. The whole is as long as before: zeros lie in front of the list of entries, where no
    reader looks. RuntimeError where nothing would be in it at all, or no room for the note.
    """

    def __init__(self) -> None:
        super().__init__(compress_type=ZIP_STORED, sized=True)
        self.lost: list[str] = []
        self._dates: dict[str, Date] = {}
        self._note: tuple[str, Date, Callable[[Sequence[str]], bytes]] | None = None

    def add_dated(self, content: Iterable[bytes], name: str, size: int, date: Date) -> None:
        """``content`` is read when its turn comes."""
        self._dates[name] = date
        self.add(content, name, size=size)

    def add_note(self, name: str, date: Date, text: Callable[[Sequence[str]], bytes]) -> None:
        """A last entry, of what is told of those that were lost; none where that is empty. What is
        told when none is lost yet has its room from the start.
        """
        self._note = name, date, text
        if told := text(()):
            self._add_size_from_file(name, len(told))

    def _gen_file_entry(
        self, *, iterable: Iterable[bytes], size: int, arcname: str
    ) -> Iterator[bytes]:
        try:
            yield from self._entry(_checked(iterable, size), size, arcname, self._dates[arcname])
        except Lost:
            self.lost.append(arcname)

    def _entry(self, content: Iterator[bytes], size: int, name: str, date: Date) -> Iterator[bytes]:
        """Where it is lost before anything of it is to be sent, not even its head is."""
        first = next(content, b"")
        info = self._info(name, size, date)
        for part in info._file_data(chain([first], content)):  # noqa: SLF001 - its own
            yield self._track(part)
        self._filelist.append(info)

    def _info(self, name: str, size: int, date: Date) -> ZipStreamInfo:
        info = ZipStreamInfo(name, date)
        info.file_size, info.header_offset = size, self._pos
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        return info

    def _gen_archive_footer(self) -> Iterator[bytes]:
        if self._note:
            name, date, text = self._note
            if told := text(self.lost):
                yield from self._entry(iter([told]), len(told), name, date)
        if not self._filelist:
            raise RuntimeError("nothing is left to be in it")
        missing = self._missing()
        if missing < 0:
            raise RuntimeError("nothing is left to make up for what was left out")
        for start in range(0, missing, len(_PIECE)):
            yield self._track(_PIECE[: missing - start])
        yield from super()._gen_archive_footer()

    def _missing(self) -> int:
        """How many bytes there are still to be in front of the list of entries."""
        parts = (info._central_directory_header_data() for info in self._filelist)  # noqa: SLF001
        begins = len(self) - sum(map(len, parts)) - _END
        has_many = len(self._filelist) >= ZIP_FILECOUNT_LIMIT
        if begins > ZIP64_LIMIT or has_many:
            begins -= _END_OF_LARGE - _END
            if begins <= ZIP64_LIMIT and not has_many:
                self.comment = b" " * (_END_OF_LARGE - _END)
        return int(begins - self._pos)


def _checked(content: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same, the end of it only when all was there: Lost where it is not ``size`` long."""
    held, seen = b"", 0
    for chunk in content:
        seen += len(chunk)
        if seen > size:
            break
        held += chunk
        if len(held) > HELD_BACK:
            yield held[:-HELD_BACK]
            held = held[-HELD_BACK:]
    if seen != size:
        raise Lost
    yield held
