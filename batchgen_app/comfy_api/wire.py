"""Wire: the official client, speaking over HTTP as the rest of the app does."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

import httpx
from comfy_low import ApiError, AsyncComfyLow
from comfy_low.transport import origin
from pydantic import ValidationError

from batchgen_app.comfy.address import advice, normalise_address, tls_for
from batchgen_app.comfy.http_client import FAULTS, http_client
from batchgen_app.comfy.transport import (
    ANSWER_LIMIT,
    CUT_SHORT,
    GATEWAY_STATUSES,
    TooLarge,
    refuses_access,
)
from batchgen_app.core.errors import (
    PromptRefused,
    ServerBusy,
    ServerError,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.core.json_values import clipped
from batchgen_app.language.message import later

IDENTITY = {"Accept-Encoding": "identity"}
"""Pictures do not shrink, and what is sent plain has no surprise inside."""
PREFIX = "/api/v2"
"""Of all paths; the client puts it before them."""
MOST_HOPS = 3
"""Redirects to where a file lies."""
CONTENT, EVENTS = "/content", "/events"
"""Ends of paths whose answers are not held: of files, whoever reads them has limits of their own;
of events, one line.
"""

NO_CREDITS = later(
    "The account at {address} has no credits left ({reason}). Buy some there, then make what is "
    "missing."
)
TAKES_NO_MORE = later("The server takes no more at the moment ({reason})")
BEHIND_IT = later("{address} answers, but the ComfyUI behind it does not ({reason}).")
NOBODY_THERE = later(
    "Nothing answers at {address}. Look whether that is right and this computer is online, then "
    "try again."
)
NOT_THIS = later("{address} does not answer like Comfy API v2 ({reason}).")
IN_TROUBLE = later("The server at {address} is in trouble ({reason}).")
TOO_LARGE = later("The answer of {address} is larger than {limit} bytes.")


class Wire:
    """Speaks with the server at ``address``, which is given without ``/api/v2``; ``timeout`` in
    seconds is for each single wait. A key goes by ``headers`` as ``Authorization: Bearer …``; like
    all of them, it goes to that server alone, wherever its links lead.
    """

    def __init__(self, address: str, headers: Mapping[str, str], timeout: float) -> None:
        self.address = normalise_address(address).removesuffix(PREFIX)
        self._timeout = timeout
        own = origin(self.address)
        key, others = _key_in(headers)

        async def with_ours(request: httpx.Request) -> None:
            if origin(str(request.url)) == own:
                request.headers.update(others)

        self._http = http_client(tls_for(self.address), IDENTITY, timeout)
        self._http.event_hooks = {"request": [with_ours], "response": [_limited]}
        self._elsewhere: httpx.AsyncClient | None = None
        self.low = AsyncComfyLow(self.address, key, client=self._http)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()
        if self._elsewhere:
            await self._elsewhere.aclose()

    @asynccontextmanager
    async def asking(
        self, *, raw: bool = False, seconds: float | None = None
    ) -> AsyncIterator[AsyncComfyLow]:
        """The client, for one question, which may take so many seconds. What goes wrong with it
        becomes ServerUnreachable, ServerBusy, ServerFault, or PromptRefused where it costs too
        much; ``raw``, what the server refuses stays ApiError.
        """
        with self.translated(raw=raw):
            async with asyncio.timeout(seconds or self._timeout):
                yield self.low

    @asynccontextmanager
    async def content(self, asset_id: str) -> AsyncIterator[httpx.Response]:
        """The answer with the bytes of a file, wherever the server's links lead; without the key
        where that is elsewhere.
        """
        async with self.low.open("GET", f"/assets/{asset_id}/content") as response:
            if not response.has_redirect_location:
                yield response
                return
            where = response.url.join(response.headers["Location"])
        for _ in range(MOST_HOPS):
            async with self._opened(str(where)) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                where = response.url.join(response.headers["Location"])
        raise ServerFault(later(NOT_THIS, address=self.address, reason="redirects without an end"))

    def _opened(self, url: str) -> AbstractAsyncContextManager[httpx.Response]:
        if origin(url) == origin(self.address):
            return self.low.open("GET", url)
        if self._elsewhere is None:  # reading the authorities takes long
            self._elsewhere = http_client(tls_for("https:"), IDENTITY, self._timeout)
        return self._elsewhere.stream("GET", url)

    @contextmanager
    def translated(self, *, raw: bool = False) -> Iterator[None]:
        """The same for what is not asked in one go."""
        try:
            yield
        except ApiError as error:
            if raw:
                raise
            raise self.fault(error) from error
        except FAULTS as error:
            reason = CUT_SHORT if isinstance(error, httpx.ReadError) else clipped(str(error))
            raise ServerUnreachable(
                self.address,
                reason or type(error).__name__,
                advice=advice(self.address, error) or later(NOBODY_THERE, address=self.address),
            ) from error
        except (ValidationError, ValueError) as error:
            reason = type(error).__name__
            raise ServerFault(later(NOT_THIS, address=self.address, reason=reason)) from error

    def fault_of(self, status: int) -> ServerError:
        """The same for an answer that was not read."""
        return self.fault(ApiError(f"status {status}", http_status=status))

    def fault(self, error: ApiError) -> ServerError:
        """What the server's refusal is for the rest of the app."""
        status, reason = error.http_status, clipped(str(error))
        say = {"address": self.address, "reason": reason}
        if status in GATEWAY_STATUSES:
            told = later(BEHIND_IT, **say) if error.code == "upstream_unreachable" else ""
            return ServerUnreachable(self.address, f"status {status}", advice=told)
        if status in {401, 403}:
            return refuses_access(self.address, status)
        if status == 402:
            return PromptRefused(later(NO_CREDITS, **say), error.details)
        if status == 429:
            return ServerBusy(self.address, later(TAKES_NO_MORE, **say))
        return ServerFault(later(IN_TROUBLE if status >= 500 else NOT_THIS, **say))


class _Limited(httpx.AsyncByteStream):
    """As long as it is not longer than an answer may be, or ``by_line`` no line of it is."""

    def __init__(self, stream: httpx.AsyncByteStream, address: str, *, by_line: bool) -> None:
        self._stream = stream
        self._address = address
        self._by_line = by_line

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._stream:
            line = piece.rfind(b"\n") if self._by_line else -1
            size = len(piece) - line if line >= 0 else size + len(piece)
            if size > ANSWER_LIMIT:
                raise TooLarge(later(TOO_LARGE, address=self._address, limit=ANSWER_LIMIT))
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _limited(response: httpx.Response) -> None:
    url, stream = response.request.url, response.stream
    if not url.path.endswith(CONTENT) and isinstance(stream, httpx.AsyncByteStream):
        address, by_line = f"{url.scheme}://{url.netloc.decode()}", url.path.endswith(EVENTS)
        response.stream = _Limited(stream, address, by_line=by_line)


def _key_in(headers: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """The key, and the headers that are none."""
    key, others = None, dict[str, str]()
    for name, value in headers.items():
        scheme, _, rest = value.strip().partition(" ")
        if name.lower() == "authorization" and scheme.lower() == "bearer":
            key = rest.strip() or None
        else:
            others[name] = value
    return key, others
