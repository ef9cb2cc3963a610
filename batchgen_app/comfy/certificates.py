"""https and wss: which certificates are trusted, and what to do about one that is not."""

import ssl

import httpx

from batchgen_app.language.message import later

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
    """The fault of the TLS library that ``error`` was made from."""
    while error:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _remedy(verify_code: int) -> str:
    match verify_code:
        case code if code == EXPIRED:
            return RENEW_IT
        case code if code in {WRONG_HOST, WRONG_ADDRESS}:
            return NAME_IT
    return TRUST_IT
