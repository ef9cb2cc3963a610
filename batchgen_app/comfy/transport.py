"""HTTP to one server: answers within limits, and every fault of the wire in our own words."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from batchgen_app.comfy.certificates import advice, tls_for
from batchgen_app.comfy.json_text import clipped, read_json
from batchgen_app.core.errors import ServerFault, ServerUnreachable
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.said import later

ANSWER_LIMIT = 16 * 2**20
"""Bytes of one JSON answer."""
QUEUE_LIMIT = 64 * 2**20
"""Bytes of the queue, whose items carry whole graphs, of all clients."""
DOWNLOAD_SECONDS = 900.0
"""For one file, however steadily it drips."""
LONGEST_ADDRESS = 200

GATEWAY_STATUSES = frozenset({502, 503, 504})
"""A proxy answered, because the server behind it did not."""


class TooLarge(ServerFault):
    """The answer is longer than its limit."""


@dataclass(frozen=True)
class Answer:
    """A whole answer, whatever its status; ``elsewhere`` is where a redirect points."""

    status: int
    body: bytes
    elsewhere: str


class Transport:
    """Speaks HTTP with the server at ``address``; ``timeout`` in seconds.

    No redirects, no cookies, no proxies of the environment, no Origin (PROTOCOL.md, section 9).
    Raises ServerUnreachable where no whole answer comes, ServerFault where it makes no sense.
    """

    def __init__(self, address: str, headers: Mapping[str, str], timeout: float) -> None:
        self.address = address
        self.tls = tls_for(address)
        self._timeout = timeout
        self._http = httpx.AsyncClient(
            base_url=address,
            # Pictures do not shrink, and what is sent plain has no surprise inside.
            headers={"Accept-Encoding": "identity", **headers},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=timeout,
            trust_env=False,
            verify=self.tls or False,  # plain http has nothing to verify
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def get(self, path: str, limit: int = ANSWER_LIMIT) -> Any:
        """The JSON value at ``path``, of at most ``limit`` bytes."""
        return self.json_of(self.checked(await self.ask("GET", path, limit=limit)))

    async def post(self, path: str, body: JsonObject) -> None:
        """Tell the server something; it answers nothing."""
        self.checked(await self.ask("POST", path, body))

    async def ask(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        *,
        limit: int = ANSWER_LIMIT,
    ) -> Answer:
        """The answer, whatever its status, within the time limit."""
        with self._faults_translated():
            async with (
                asyncio.timeout(self._timeout),
                self._http.stream(method, path, json=body) as response,
            ):
                return await self._whole(response, limit)

    async def download(self, path: str, params: Mapping[str, str], limit: int) -> Answer:
        """A file of up to ``limit`` bytes; as long as it comes, it may take its time. Raises
        TooLarge.
        """
        with self._faults_translated():
            async with (
                asyncio.timeout(DOWNLOAD_SECONDS),
                self._http.stream("GET", path, params=params) as response,
            ):
                return await self._whole(response, limit)

    def checked(self, answer: Answer) -> Answer:
        """``answer`` if its status says that all is well."""
        status = answer.status
        if 200 <= status < 300:
            return answer
        if status in GATEWAY_STATUSES:
            raise ServerUnreachable(self.address, f"status {status}")
        if status in {401, 403}:
            raise ServerFault(
                later(
                    "The server at {address} refuses access (status {status}). "
                    "Check the address and the access key, if it needs one.",
                    address=self.address,
                    status=status,
                )
            )
        if status >= 500:
            raise ServerFault(
                later(
                    "The server at {address} is in trouble (status {status}).",
                    address=self.address,
                    status=status,
                )
            )
        if answer.elsewhere:
            raise ServerFault(
                later(
                    "{address} sends visitors on to {elsewhere}. "
                    "If your ComfyUI is there, use that address.",
                    address=self.address,
                    elsewhere=answer.elsewhere,
                )
            )
        raise ServerFault(
            later(
                "{address} does not answer like ComfyUI (status {status}).",
                address=self.address,
                status=status,
            )
        )

    def json_of(self, answer: Answer) -> Any:
        """What ``answer`` says."""
        try:
            return read_json(answer.body)
        except ValueError as error:
            raise ServerFault(
                later("{address} does not answer like ComfyUI (no JSON).", address=self.address)
            ) from error

    async def _whole(self, response: httpx.Response, limit: int) -> Answer:
        """Never unpacked: nothing was to be packed, and a few bytes may become very many."""
        packing = response.headers.get("Content-Encoding", "identity")
        if packing != "identity":
            raise ServerFault(
                later("The server at {address} sent a packed answer unasked.", address=self.address)
            )
        self._check_size(int(response.headers.get("Content-Length", 0)), limit)
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            self._check_size(len(body), limit)
        elsewhere = response.headers.get("Location", "") if response.is_redirect else ""
        return Answer(response.status_code, bytes(body), clipped(elsewhere, LONGEST_ADDRESS))

    def _check_size(self, size: int, limit: int) -> None:
        if size > limit:
            raise TooLarge(
                later(
                    "The server at {address} sent more than {limit} bytes.",
                    address=self.address,
                    limit=limit,
                )
            )

    @contextmanager
    def _faults_translated(self) -> Iterator[None]:
        try:
            yield
        except (httpx.RequestError, TimeoutError) as error:
            reason = clipped(str(error)) or type(error).__name__
            raise ServerUnreachable(
                self.address, reason, advice=advice(self.address, error)
            ) from error
