"""ComfyListener: what a ComfyUI server says, as it says it (PROTOCOL.md, sections 1 and 8).

Nothing here waits for anything but the socket, and for a long message to be read: the server sends
to its clients one after another, so a client that does not read stops the messages of all. And
nothing may rely on the websocket alone: what was said while it was away is never said again.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Self, TypeAlias
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.client import backoff
from websockets.exceptions import ConnectionClosedOK, WebSocketException

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.json_text import of_text
from batchgen_app.comfy.messages import Message
from batchgen_app.comfy.parsing import parse_frame
from batchgen_app.core.json_values import clipped

logger = logging.getLogger(__name__)

LONGEST_MESSAGE = 32 * 2**20
"""Bytes: a picture of 1024x1024 over the socket has three million at most."""
FLAGS = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})

Delays: TypeAlias = Callable[[], Iterator[float]]
soon_then_slowly: Delays = partial(backoff, initial_delay=1.0, min_delay=1.0, max_delay=10.0)


@dataclass(frozen=True)
class Connected:
    """A new connection: messages about prompts posted with ``client_id`` come from now on. What
    happened before is not told: ask for the status of what is not finished.
    """

    client_id: str


@dataclass(frozen=True)
class Disconnected:
    """The connection ended; a new one follows as soon as the server lets it."""

    reason: str


Heard: TypeAlias = Message | Connected | Disconnected


class ComfyListener:
    """Hears one server as long as its context lasts, and reconnects by itself.

    ``on_message`` is called from the read loop, so it must be quick and never block; what it raises
    is logged. ``delays`` gives the pauses in seconds between connections, from the start again
    after each connection on which the server spoke; it must do so within ``first_word`` seconds.
    """

    def __init__(
        self,
        client: ComfyClient,
        on_message: Callable[[Heard], None],
        *,
        delays: Delays = soon_then_slowly,
        ping_every: float = 20.0,
        first_word: float = 20.0,
    ) -> None:
        self._client = client
        self._on_message = on_message
        self._delays = delays
        self._ping_every = ping_every
        self._first_word = first_word
        self._client_id: str | None = None
        self._spoke = False
        self._up = asyncio.Event()
        self._in_a_hurry = asyncio.Event()
        self._life: asyncio.Timeout | None = None
        self._last_heard = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def client_id(self) -> str | None:
        """To post prompts with; made anew for each connection, None while there is none."""
        return self._client_id

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen(), name="comfy listener")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def connected(self) -> None:
        """Wait until there is a connection on which the server has spoken."""
        await self._up.wait()

    def expect_status(self, *, since: float, within: float = 5.0) -> None:
        """Say that something must be heard now, because a prompt was posted at ``since`` (by
        time.monotonic(), taken before the request left). If nothing was heard after that within
        ``within`` seconds from now, the connection is dead without a sign of it and is made anew.
        """
        loop = asyncio.get_running_loop()
        loop.call_later(within, self._reconnect_if_silent, since, self._client_id)

    def reconnect(self) -> None:
        """Give this connection up; the next one has a client_id of its own."""
        if self._life and not self._life.expired():
            # At a moment of the loop's clock that has passed: the timeout strikes at once.
            self._life.reschedule(0)
            # Taking leave lasts where the server is slow: who posts meanwhile would not be heard.
            self._go_down()

    def hurry(self) -> None:
        """Try for the next connection now instead of after the pause; harmless if there is one."""
        self._in_a_hurry.set()

    def _reconnect_if_silent(self, since: float, client_id: str | None) -> None:
        same = client_id is not None and client_id == self._client_id
        if same and self._last_heard < since:
            logger.warning("The server took a prompt, but its websocket is silent: reconnecting")
            self.reconnect()

    async def _listen(self) -> None:
        while True:
            for delay in self._delays():
                # Each has an id of its own: where the server still had it for a dead connection,
                # the new one would get no messages (section 1).
                spoke = await self._one_connection(uuid4().hex)
                await self._pause(delay)
                if spoke:
                    break

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._in_a_hurry.wait()
        self._in_a_hurry.clear()

    async def _one_connection(self, client_id: str) -> bool:
        """From its opening to its end; True if the server spoke."""
        self._spoke = False
        try:
            async with asyncio.timeout(self._first_word) as self._life:
                await self._converse(client_id)
            reason = "The server closed the connection."
        # TimeoutError is an OSError: no first word in time, or reconnect().
        except (OSError, WebSocketException) as error:
            reason = clipped(str(error)) or "The connection was given up."
        except Exception:  # whatever a server makes the libraries stumble over
            logger.exception("The websocket broke off")
            reason = "The connection broke off."
        finally:
            self._life = None
            self._go_down()
        if self._spoke:
            logger.info("The websocket is gone")
            self._tell(Disconnected(reason))
        return self._spoke

    async def _converse(self, client_id: str) -> None:
        """Announce ourselves first (rule 4), then hear until the end."""
        async with self._open(client_id) as socket:
            await socket.send(FLAGS)
            with suppress(ConnectionClosedOK):
                while True:  # undecoded: of a long text, that takes its time
                    await self._hear(await socket.recv(decode=False), client_id)

    def _open(self, client_id: str) -> "_Connect":
        return _Connect(
            self._client.websocket_url(client_id),
            additional_headers=self._client.headers,
            ssl=self._client.tls,
            # As over HTTP: nothing goes through a proxy of the environment.
            proxy=None,
            # Pictures do not shrink, and what comes packed may unpack to any size.
            compression=None,
            max_size=LONGEST_MESSAGE,
            # The server sends none (section 1): without ours, a half-open connection looks alive.
            ping_interval=self._ping_every,
            ping_timeout=self._ping_every,
            close_timeout=0.5,
        )

    async def _hear(self, frame: bytes, client_id: str) -> None:
        self._last_heard = time.monotonic()
        if not self._spoke:
            self._begin(client_id)
        if message := await of_text(parse_frame, frame):
            self._tell(message)

    def _begin(self, client_id: str) -> None:
        """Its first word shows that the server has put us down under our client_id."""
        if self._life:
            self._life.reschedule(None)
        self._client_id = client_id
        self._spoke = True
        self._up.set()
        self._tell(Connected(client_id))

    def _go_down(self) -> None:
        self._up.clear()
        self._client_id = None

    def _tell(self, heard: Heard) -> None:
        try:
            self._on_message(heard)
        except Exception:
            logger.exception("A message could not be dealt with")


class _Connect(connect):
    """Follows no redirects: our headers are for one server only."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc
