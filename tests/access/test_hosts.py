"""Names and addresses."""

import pytest

from batchgen_app.access.hosts import addresses, is_loopback, same_network
from batchgen_app.access.sessions import device_name
from batchgen_app.core.host_names import host_of


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost", "localhost"),
        ("LocalHost.:8420", "localhost"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("[::1]:8420", "::1"),
        ("my-pc.local", "my-pc.local"),
        ("", None),
        ("localhost:", None),
        ("localhost:8420@evil.example", None),
        ("localhost\n", None),
        ("evil.example/localhost", None),
        ("[::1", None),
        ("löcalhost", None),
        ("a" * 300, None),
    ],
)
def test_a_host_header_is_read_strictly(header: str, host: str | None) -> None:
    assert host_of(header) == host


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *((own, True) for own in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")),
        *((other, False) for other in ("10.0.0.1", "::", "0.0.0.0", "", "localhost")),
    ],
)
def test_who_is_at_this_computer(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected


def test_one_household_counts_once() -> None:
    assert same_network("2001:db8::1") == same_network("2001:db8::ffff:2")
    assert same_network("2001:db8::1") != same_network("2001:db8:0:1::1")
    assert same_network("::ffff:10.0.0.1") == same_network("10.0.0.1") == "10.0.0.1"


def test_our_addresses_are_outside_ones() -> None:
    assert not [address for address in addresses() if is_loopback(address)]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 16; Pixel) Chrome/150 Mobile Safari/537",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Version/19 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150 Safari/537 Edg/150", "Edge on Windows"),
        ("python-httpx/0.28", "python-httpx"),
        ("", "Unknown device"),
        ("\x1b[31m\u202e evil", "[31m"),
    ],
)
def test_devices_have_names_that_people_know(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
