"""A line with TLS in front of a plain server, under a certificate made a moment ago."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import trustme


@asynccontextmanager
async def tls_line(plain_url: str, certificate: trustme.LeafCert) -> AsyncIterator[str]:
    """The https address behind which ``plain_url`` answers."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    target = urlsplit(plain_url)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_connection(target.hostname, target.port)
        there = asyncio.create_task(_pass_on(reader, their_writer))
        back = asyncio.create_task(_pass_on(their_reader, writer))
        passing.update({there, back})

    passing: set[asyncio.Task[None]] = set()
    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with asyncio.timeout(20):
            await asyncio.gather(*passing)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()
