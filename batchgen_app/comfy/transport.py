"""HTTP to one server: answers within limits, and every fault of the wire in our own words."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from batchgen_app.comfy.json_text import read_json
from batchgen_app.core.errors import ServerFault, ServerUnreachable
from batchgen_app.core.wire import JsonObject

JSON_LIMIT = 64 * 2**20
"""Bytes of one JSON answer: queue items carry whole graphs."""

GATEWAY_STATUSES = frozenset({502, 503, 504})
"""A proxy answered, because the server behind it did not."""


class TooLarge(ServerFault):
    """The answer is longer than its limit."""


@dataclass(frozen=True)
class Answer:
    """A whole answer, whatever its status."""

    status: int
    body: bytes


class Transport:
    """Speaks HTTP with the server at ``address``; ``timeout`` in seconds.

    No redirects, no proxies of the environment, no Origin (PROTOCOL.md, section 9). Raises
    ServerUnreachable where no whole answer comes, ServerFault where it makes no sense.
    """

    def __init__(self, address: str, headers: Mapping[str, str], timeout: float) -> None:
        self.address = address
        self.tls = _tls_for(address)
        self._timeout = timeout
        self._http = httpx.AsyncClient(
            base_url=address,
            # Pictures do not shrink, and what is sent plain has no surprise inside.
            headers={"Accept-Encoding": "identity", **headers},
            timeout=timeout,
            trust_env=False,
            verify=self.tls or False,  # plain http has nothing to verify
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        """The JSON value at ``path``."""
        return self.json_of(self.checked(await self.ask("GET", path)))

    async def post(self, path: str, body: JsonObject) -> None:
        """Tell the server something; it answers nothing."""
        self.checked(await self.ask("POST", path, body))

    async def ask(self, method: str, path: str, body: JsonObject | None = None) -> Answer:
        """The answer, whatever its status, within the time limit."""
        with self._faults_translated():
            async with (
                asyncio.timeout(self._timeout),
                self._http.stream(method, path, json=body) as response,
            ):
                return await self._whole(response, JSON_LIMIT)

    async def download(self, path: str, params: Mapping[str, str], limit: int) -> Answer:
        """A file of any size up to ``limit`` bytes; only silence is a time-out. Raises TooLarge."""
        with self._faults_translated():
            async with self._http.stream("GET", path, params=params) as response:
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
                f"The server at {self.address} refuses access (status {status}). "
                "Check the address and the access key, if it needs one."
            )
        if status >= 500:
            raise ServerFault(f"The server at {self.address} is in trouble (status {status}).")
        raise ServerFault(f"{self.address} does not answer like ComfyUI (status {status}).")

    def json_of(self, answer: Answer) -> Any:
        """What ``answer`` says."""
        try:
            return read_json(answer.body)
        except ValueError as error:
            raise ServerFault(f"{self.address} does not answer like ComfyUI (no JSON).") from error

    async def _whole(self, response: httpx.Response, limit: int) -> Answer:
        chunks, size = [], 0
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"The server at {self.address} sent more than {limit} bytes.")
            chunks.append(chunk)
        return Answer(response.status_code, b"".join(chunks))

    @contextmanager
    def _faults_translated(self) -> Iterator[None]:
        try:
            yield
        except httpx.DecodingError as error:
            raise ServerFault(f"The server at {self.address} sent a garbled answer.") from error
        except (httpx.TransportError, TimeoutError) as error:
            raise ServerUnreachable(self.address, str(error) or type(error).__name__) from error


def _tls_for(address: str) -> ssl.SSLContext | None:
    """Reading the certificates takes long, so only where they are needed."""
    return httpx.create_ssl_context() if address.startswith("https:") else None
