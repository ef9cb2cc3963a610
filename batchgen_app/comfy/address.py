"""Where a server is: what people type, made into the one form that everything else relies on."""

from urllib.parse import quote

import httpx

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.language.message import Message, later

EXAMPLE = later("Write it like http://127.0.0.1:8188")


def normalise_address(text: str) -> str:
    """The base address without a slash at the end; a path prefix stays (PROTOCOL.md, rule 12).

    Raises InvalidRequest for what is no http or https address, and for one with a password in it,
    which would end up in logs and on pages.
    """
    typed = text.strip()
    try:
        url = httpx.URL(typed if "://" in typed else f"http://{typed}")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _refused(later("This is not an address. {example}", example=EXAMPLE)) from error
    _check(url)
    return str(url).rstrip("/")


def websocket_address(address: str, client_id: str) -> str:
    """Where the websocket of a normalised address is: same host, port and prefix."""
    return f"ws{address.removeprefix('http')}/ws?clientId={quote(client_id, safe='')}"


def _check(url: httpx.URL) -> None:
    if url.scheme not in {"http", "https"}:
        raise _refused(
            later("The address must begin with http:// or https://. {example}", example=EXAMPLE)
        )
    if not url.host or any(char.isspace() or char in "\\%" for char in url.host):
        raise _refused(later("The address names no host. {example}", example=EXAMPLE))
    if url.port is not None and not 0 < url.port <= 65535:
        raise _refused(later("{port} is not a port. {example}", port=url.port, example=EXAMPLE))
    if url.userinfo:
        raise _refused(later("The address must not contain a user name or password."))
    if url.query or url.fragment:
        raise _refused(later('The address must not contain "?" or "#". {example}', example=EXAMPLE))


def _refused(message: Message) -> InvalidRequest:
    return InvalidRequest.of("comfyui", "bad_address", message)
