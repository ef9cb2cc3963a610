"""Where a server is: what people type, made into the one form that everything else relies on; and
over https and wss, which certificates are trusted, and what to do about one that is not.
"""

import ssl
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
        # Of localhost:8188, what stands before the colon would be taken for a scheme.
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
    if not _is_host(url.host):
        raise _refused(later("The address names no host. {example}", example=EXAMPLE))
    if url.port is not None and not 0 < url.port <= 65535:
        raise _refused(later("{port} is not a port. {example}", port=url.port, example=EXAMPLE))
    if url.userinfo:
        raise _refused(later("The address must not contain a user name or password."))
    if url.query or url.fragment:
        raise _refused(later('The address must not contain "?" or "#". {example}', example=EXAMPLE))


def _is_host(host: str) -> bool:
    """Whether it can be looked up: what no name has stumbles the libraries."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return bool(host) and not any(char.isspace() or char in "\\%" for char in host)


def _refused(message: Message) -> InvalidRequest:
    return InvalidRequest.of("comfyui", "bad_address", message)


EXPIRED, WRONG_HOST, WRONG_ADDRESS = 10, 62, 64
"""Of OpenSSL's verify codes, those that trusting the certificate does not help (x509_vfy.h)."""

TRUST_IT = later(
    "If the server is yours, save its certificate (or that of the authority that signed it) "
    "as a PEM file and start BatchGen with SSL_CERT_FILE set to the path of that file."
)
RENEW_IT = later(
    "Renew the certificate of the server, or look whether this computer's clock is right."
)
NAME_IT = later("Use the address that the certificate was made for, or make it for this one.")
NO_TLS = later("Nothing there speaks https. Begin the address with http:// instead.")


def tls_for(address: str) -> ssl.SSLContext | None:
    """What https and wss go by: the usual authorities, this computer's own ones, and those in
    SSL_CERT_FILE. None for plain http, because reading all that takes long.
    """
    if not address.startswith("https:"):
        return None
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def advice(address: str, error: BaseException) -> str:
    """What is wrong with the server's https and what to do; empty if that is not the trouble."""
    match _tls_error(error):
        case ssl.SSLCertVerificationError() as refusal:
            return later(
                "The certificate of {address} is not trusted ({reason}). {remedy}",
                address=address,
                reason=refusal.verify_message,
                remedy=_remedy(refusal.verify_code),
            )
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "RECORD_LAYER_FAILURE"):
            return NO_TLS
    return ""


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """The fault of the TLS library that ``error`` was made from, which may look like one itself."""
    fault = None
    while error:
        if isinstance(error, ssl.SSLError):
            fault = error
        error = error.__cause__ or error.__context__
    return fault


def _remedy(verify_code: int) -> str:
    match verify_code:
        case code if code == EXPIRED:
            return RENEW_IT
        case code if code in {WRONG_HOST, WRONG_ADDRESS}:
            return NAME_IT
    return TRUST_IT
