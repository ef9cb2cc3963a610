"""The web server below pages and API."""

import socket

import pytest

from batchgen_app.cli.options import usual_ports
from batchgen_app.core.errors import BatchGenError
from batchgen_app.web import _listen


def test_what_is_sent_leaves_at_once() -> None:
    with (
        _listen("127.0.0.1", [0]) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_where_the_usual_port_is_taken_the_next_one_is_the_same_each_time() -> None:
    with _listen("127.0.0.1", [0]) as taken:
        port = taken.getsockname()[1]
        used = set()
        for _ in range(2):
            with _listen("127.0.0.1", usual_ports(port)) as listening:
                used.add(listening.getsockname()[1])
        assert len(used) == 1
        assert 0 < used.pop() - port < 10
        with pytest.raises(BatchGenError, match="Choose another"):
            _listen("127.0.0.1", [port])
