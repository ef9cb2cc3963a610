"""httpx as servers are spoken to, on aiohttp's connections: NiceGUI loads aiohttp anyway, and it
leaves the event loop more time than httpx's own do.
"""

import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

KEPT_SECONDS = 4.0
"""For a connection that nobody uses: less than the 5 after which uvicorn closes one."""
FAULTS = (
    httpx.RequestError,
    httpx.InvalidURL,  # the address, or where a redirect points
    aiohttp.ClientError,  # what is no HTTP is not made into a fault of httpx
    TimeoutError,
    UnicodeError,  # a host that cannot be a name
)
"""All that a request may raise."""


def http_client(
    tls: ssl.SSLContext | None, headers: Mapping[str, str], timeout: float
) -> httpx.AsyncClient:
    """Without proxies of the environment and without cookies, following no redirects; ``timeout``
    in seconds is for each single wait.
    """

    def connections() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls or True, keepalive_timeout=KEPT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    return httpx.AsyncClient(
        # Made at the first request, they belong to its event loop. Plain http has no one to verify.
        transport=AiohttpTransport(client=connections, verify=tls or False),
        headers=headers,
        # A jar that takes none: httpx would keep what a server sets, and send it back.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=httpx.Timeout(timeout, pool=None),
        trust_env=False,
    )
