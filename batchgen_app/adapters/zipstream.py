"""zipstream-ng, where contents are handed in instead of paths, which would lead over links."""

import stat
from collections.abc import Iterable, Iterator

from zipstream import ZIP_STORED, ZipStream  # type: ignore[import-untyped]
from zipstream.ng import ZipStreamInfo  # type: ignore[import-untyped]

Date = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute, second: local time, as in every ZIP."""


class DatedZip(ZipStream):  # type: ignore[misc]
    """A ZIP of known size, made while it is read, whose entries have the dates of their files. The
    library gives those only to what is added by its path.
    """

    def __init__(self) -> None:
        super().__init__(compress_type=ZIP_STORED, sized=True)
        self._dates: dict[str, Date] = {}

    def add_dated(self, content: Iterable[bytes], name: str, size: int, date: Date) -> None:
        """``content`` is read when its turn comes; RuntimeError then if it is not ``size`` long."""
        self._dates[name] = date
        self.add(content, name, size=size)

    def _gen_file_entry(
        self, *, iterable: Iterable[bytes], size: int, arcname: str
    ) -> Iterator[bytes]:
        info = ZipStreamInfo(arcname, self._dates[arcname])
        info.file_size, info.header_offset = size, self._pos
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        for part in info._file_data(iterable):  # noqa: SLF001 - its own
            yield self._track(part)
        if info.file_size != size:
            raise RuntimeError(f"{arcname} has changed")
        self._filelist.append(info)
