"""Websockets that break in the middle of a message."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from batchgen_app.adapters.embedded_server import EmbeddedServer


class CutFrame(bytes):
    """A binary message of which only one half arrives."""


def break_websockets(server: EmbeddedServer, message: bytes) -> None:
    """To each the first half of a binary message, then nothing more; the server goes on."""
    whole = Frame(Opcode.BINARY, message).serialize(mask=False)
    for connection in list(server.server_state.connections):
        if isinstance(connection, WebSocketsSansIOProtocol):
            connection.transport.write(whole[: len(whole) // 2])
            connection.transport.close()
