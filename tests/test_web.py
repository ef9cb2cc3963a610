"""The web server below pages and API."""

import socket

from batchgen_app.web import _listen


def test_what_is_sent_leaves_at_once() -> None:
    with (
        _listen("127.0.0.1", [0]) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
