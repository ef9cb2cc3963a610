"""What people type as an address, and what becomes of it."""

import pytest

from batchgen_app.comfy.address import normalise_address
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.core.errors import InvalidRequest


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("localhost:8188", "http://localhost:8188"),
        ("  http://127.0.0.1:8188/ ", "http://127.0.0.1:8188"),
        ("HTTP://Gpu-Box:8188", "http://gpu-box:8188"),
        ("https://example.org/some/prefix/", "https://example.org/some/prefix"),
        ("https://example.org:443", "https://example.org"),
        ("[::1]:8188", "http://[::1]:8188"),
    ],
)
def test_an_address_gets_the_one_form_that_all_else_relies_on(typed: str, address: str) -> None:
    assert normalise_address(typed) == address
    assert normalise_address(address) == address


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "names no host"),
        ("http://", "names no host"),
        ("foo bar", "names no host"),
        (f"http://{'a' * 64}.example.org", "names no host"),
        ("http://a..example.org", "names no host"),
        ("ftp://example.org", "must begin with http"),
        ("ws://example.org", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("http://me:secret@example.org", "user name or password"),
        ("http://example.org/?x=1", 'must not contain "?"'),
        ("http://example.org:99999", "99999 is not a port"),
        ("http://example.org:port", "is not an address"),
        ("http://[::1", "is not an address"),
        ("http://a\nb", "is not an address"),
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str, complaint: str) -> None:
    with pytest.raises(InvalidRequest, match=complaint.replace("?", r"\?")) as raised:
        normalise_address(typed)
    assert [(p.field, p.code) for p in raised.value.problems] == [("comfyui", "bad_address")]


@pytest.mark.parametrize(
    ("address", "websocket"),
    [
        ("http://127.0.0.1:8188", "ws://127.0.0.1:8188/ws?clientId=a%20b"),
        ("https://example.org/prefix/", "wss://example.org/prefix/ws?clientId=a%20b"),
    ],
)
async def test_the_websocket_is_at_the_same_place(address: str, websocket: str) -> None:
    async with ComfyClient(address) as client:
        assert client.websocket_url("a b") == websocket
