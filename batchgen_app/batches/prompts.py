"""The prompts of one batch on one server: which are ours, and what all of them share."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from batchgen_app.batches.retry import OnTrouble, Retry
from batchgen_app.batches.server import Server
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.timeouts import Timeouts


class Posted(Protocol):
    """One of them."""

    id: str
    is_given_up: bool
    """Whether nobody waits for it any more."""


class Prompts:
    """All prompts of one batch on one server, and what they share."""

    def __init__(
        self, server: Server, timeouts: Timeouts, stop: Stop, on_trouble: OnTrouble
    ) -> None:
        self.retry = Retry(timeouts, stop, on_trouble)
        self.server = server
        self.timeouts = timeouts
        self.stop = stop
        self._known: dict[str, Posted] = {}
        self._waited_in_vain = False

    def know(self, prompt: Posted) -> None:
        """Count ``prompt`` as ours, under the id that it has now."""
        self._known[prompt.id] = prompt

    def others(self, prompt_ids: Iterable[str]) -> int:
        """How many of these prompts belong to somebody else."""
        return sum(prompt_id not in self._known for prompt_id in prompt_ids)

    def are_given_up(self, prompt_ids: Iterable[str]) -> bool:
        """Whether these prompts are all ours, and nobody waits for any of them any more."""
        known = map(self._known.get, prompt_ids)
        return all(prompt is not None and prompt.is_given_up for prompt in known)

    async def websocket(self) -> str | None:
        """The connection that hears about what is posted now, if there can be one. Where none came
        for one prompt, the next one does not wait for it.
        """
        listener = self.server.listener
        seconds = 0 if self._waited_in_vain else self.timeouts.websocket
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await listener.connected()
        self._waited_in_vain = listener.client_id is None
        return listener.client_id
