"""Files on their way from a server, by its own links."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from batchgen_app.comfy.arrival import Arrival, Place
from batchgen_app.comfy.output_files import (
    LARGER_THAN,
    LONGEST_NAME,
    NOT_ANY_MORE,
    PICTURE_LIMIT,
    TooLargeToHold,
)
from batchgen_app.comfy.prompt_status import OutputFile
from batchgen_app.comfy.transport import DOWNLOAD_SECONDS, LARGE_DOWNLOAD_SECONDS, SENT_PACKED
from batchgen_app.comfy_api.jobs import ApiFile
from batchgen_app.comfy_api.wire import Wire
from batchgen_app.core.errors import PictureMissing, ServerFault
from batchgen_app.core.json_values import clipped
from batchgen_app.language.message import later


class Outputs:
    """Those of one server; ``arrival`` knows how one comes. Raises PictureMissing where the server
    does not give it, and what ``Wire.translated`` raises.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def read(self, file: OutputFile, limit: int | None, arrival: Arrival) -> bytes:
        """All of it. Raises TooLargeToHold where it is longer than ``limit`` bytes, or than what is
        held at all.
        """
        limit, pieces = limit or PICTURE_LIMIT, list[bytes]()
        async with self._given(file, DOWNLOAD_SECONDS) as answer:
            arrival.begin(_size(answer))
            async for piece in self._pieces(answer, file, limit):
                pieces.append(piece)
                arrival.add(len(piece))
        # Joined where others go on: a picture may have hundreds of megabytes.
        return await asyncio.to_thread(b"".join, pieces)

    async def write(self, place: Place, file: OutputFile, arrival: Arrival) -> None:
        """The same of any length, to its ``place`` as it comes; raises also what that raises."""
        async with self._given(file, LARGE_DOWNLOAD_SECONDS) as answer:
            arrival.begin(_size(answer))
            await place.begin(_size(answer))
            async for piece in self._pieces(answer, file, sys.maxsize):
                await place.add(piece)
                arrival.add(len(piece))
            await place.end()

    @asynccontextmanager
    async def _given(self, file: OutputFile, seconds: float) -> AsyncIterator[httpx.Response]:
        if not isinstance(file, ApiFile):
            raise self._missing(file, 404)
        with self._wire.translated():
            async with asyncio.timeout(seconds), self._wire.content(file.asset_id) as answer:
                if answer.status_code in {400, 404, 410}:
                    raise self._missing(file, answer.status_code)
                if not answer.is_success:
                    raise self._wire.fault_of(answer.status_code)
                yield answer

    async def _pieces(
        self, answer: httpx.Response, file: OutputFile, limit: int
    ) -> AsyncIterator[bytes]:
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise ServerFault(later(SENT_PACKED, address=self._wire.address))
        self._check_size(_size(answer), file, limit)
        size = 0
        async for piece in answer.aiter_raw():
            size += len(piece)
            self._check_size(size, file, limit)
            yield piece

    def _check_size(self, size: int, file: OutputFile, limit: int) -> None:
        if size > limit:
            raise TooLargeToHold(later(LARGER_THAN, name=_name(file), limit=limit))

    def _missing(self, file: OutputFile, status: int) -> PictureMissing:
        return PictureMissing(later(NOT_ANY_MORE, name=_name(file), status=status))


def _size(answer: httpx.Response) -> int:
    """Bytes that it announces; 0 if it does not."""
    return int(answer.headers.get("Content-Length", 0))


def _name(file: OutputFile) -> str:
    return clipped(file.filename, LONGEST_NAME)
