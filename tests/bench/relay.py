"""A relay between app and server that notes when the server's words left it."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

PROGRESS = re.compile(rb'"type":\s*"progress",\s*"data":\s*\{"value":\s*(\d+)[^}]*"max":\s*(\d+)')
PICTURE = b"GET /view"
CHUNK = 65536


@dataclass
class Relay:
    """Passes bytes on, and keeps times: seconds since 1970, as browsers count them, too."""

    address: str
    steps: list[tuple[float, int]] = field(default_factory=list)
    """When each ``progress`` left the server, and the share of the image it stands for, percent."""
    pictures: list[float] = field(default_factory=list)
    """When the last byte of each picture left the server."""
    url: str = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = urlsplit(self.address)
        server_reader, server_writer = await asyncio.open_connection(host.hostname, host.port)
        connection = _Connection(self)
        await asyncio.gather(
            _pump(reader, server_writer, connection.asked),
            _pump(server_reader, writer, connection.answered),
            return_exceptions=True,
        )


class _Connection:
    """One connection: whether it is giving a picture at this moment."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._picture: int | None = None

    def asked(self, data: bytes) -> None:
        if data.startswith(PICTURE):
            self._picture = len(self._relay.pictures)
            self._relay.pictures.append(time.time())
        elif data.startswith((b"GET ", b"POST ")):
            self._picture = None

    def answered(self, data: bytes) -> None:
        now = time.time()
        if self._picture is not None:
            self._relay.pictures[self._picture] = now
        for value, maximum in PROGRESS.findall(data):
            self._relay.steps.append((now, round(100 * int(value) / int(maximum))))


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[bytes], None]
) -> None:
    try:
        while data := await reader.read(CHUNK):
            note(data)
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
