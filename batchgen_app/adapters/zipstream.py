"""zipstream-ng, where contents are handed in instead of paths, which would lead over links."""

import stat
from collections.abc import Callable, Iterable, Iterator

from zipstream import ZIP_STORED, ZipStream  # type: ignore[import-untyped]
from zipstream.ng import ZipStreamInfo  # type: ignore[import-untyped]

Date = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute, second: local time, as in every ZIP."""
LONGEST_COMMENT = 0xFFFF


def _always() -> bool:
    return True


class DatedZip(ZipStream):  # type: ignore[misc]
    """A ZIP of known size, made while it is read, whose entries have the dates of their files. The
    library gives those only to what is added by its path.
    """

    def __init__(self) -> None:
        super().__init__(compress_type=ZIP_STORED, sized=True)
        self._about: dict[str, tuple[Date, Callable[[], bool]]] = {}
        self._owed = 0

    def add_dated(
        self,
        content: Iterable[bytes],
        name: str,
        size: int,
        date: Date,
        is_whole: Callable[[], bool] = _always,
    ) -> None:
        """``content`` is read when its turn comes; RuntimeError then if it is not ``size`` long.
        Where it is not what it should be after all (``is_whole``, asked behind it), its bytes stay
        and nobody finds them; the whole is as long as before.
        """
        self._about[name] = (date, is_whole)
        self.add(content, name, size=size)

    def _gen_file_entry(
        self, *, iterable: Iterable[bytes], size: int, arcname: str
    ) -> Iterator[bytes]:
        date, is_whole = self._about[arcname]
        info = ZipStreamInfo(arcname, date)
        info.file_size, info.header_offset = size, self._pos
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        for part in info._file_data(iterable):  # noqa: SLF001 - its own
            yield self._track(part)
        if info.file_size != size:
            raise RuntimeError(f"{arcname} has changed")
        if is_whole():
            self._filelist.append(info)
        else:
            self._owed += len(info._central_directory_header_data())  # noqa: SLF001

    def _gen_archive_footer(self) -> Iterator[bytes]:
        """What is left out of the list of entries is made up for by their comments: so neither the
        list begins elsewhere than was foreseen, nor is it shorter.
        """
        for info in reversed(self._filelist):
            info.comment = b" " * min(self._owed, LONGEST_COMMENT)
            self._owed -= len(info.comment)
        if self._owed:
            raise RuntimeError("nothing is left to make up for what was left out")
        yield from super()._gen_archive_footer()
