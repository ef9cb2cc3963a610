"""TLS of our own: the app by https, with a certificate that somebody has."""

import ssl
from pathlib import Path

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.language.message import Message, later


def tls_with(certificate: Path, key: Path) -> ssl.SSLContext:
    """For a server that shows ``certificate``, with those of its issuers behind it, both as PEM.
    Raises InvalidRequest where they cannot be used.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as error:
            raise _unusable(
                later("{file} cannot be read ({reason}).", file=file, reason=error.strerror)
            ) from error
    try:
        # Without a password that would be asked for in the terminal, and stop the start.
        context.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        raise _unusable(
            later(
                "{certificate} and {key} cannot be used together ({reason}). The first is a "
                "certificate as PEM, the second its key without a password.",
                certificate=certificate,
                key=key,
                reason=error.reason or "PEM",
            )
        ) from error
    return context


def _unusable(why: Message) -> InvalidRequest:
    return InvalidRequest.of("tlsCertificate", "unusable", why)
