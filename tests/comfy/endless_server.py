"""A real server that never stops: answers without end, however little of it is wanted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNKED = b"HTTP/1.1 200 -\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
MEGABYTE = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
CRUMB = b"1\r\nx\r\n"


@dataclass
class Endless:
    """What it sends first and then for ever, with a pause after each; ``sent`` counts bytes."""

    head: bytes
    rest: bytes
    pause: float = 0.0
    url: str = ""
    sent: int = 0
    talks: list[asyncio.Task[None]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the client has enough."""
        if task := asyncio.current_task():
            self.talks.append(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(self.head)
            while not reader.at_eof():
                writer.write(self.rest)
                await writer.drain()
                self.sent += len(self.rest)
                await asyncio.sleep(self.pause)
        writer.close()


@asynccontextmanager
async def endless(head: bytes, rest: bytes, *, pause: float = 0.0) -> AsyncIterator[Endless]:
    """Serves on this host; leave it when no client is left."""
    endless = Endless(head, rest, pause)
    async with await asyncio.start_server(endless.talk, "127.0.0.1", 0) as server:
        endless.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield endless
        async with asyncio.timeout(20):
            await asyncio.gather(*endless.talks)
