"""LatePrompts: prompts that the server has, or takes in, when nobody waits for them any more.

A ``POST /prompt`` without an answer may still be on its way, in a proxy or in a validation that
takes its time, long after the prompt was looked for in vain and sent again, or given up. And a
server that works on one step for a minute stops only behind it.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from batchgen_app.comfy.client import Ended, Gone
from batchgen_app.comfy.ports import ServerClient
from batchgen_app.core.errors import ServerError

PAUSES = tuple(0.25 * 2**step for step in range(11))
"""Seconds between two looks at the server, four to nine minutes in all."""


@dataclass(eq=False)
class Withdrawal:
    """The taking back of one prompt. ``is_late``: the server may not have it yet. ``heard`` is set
    when the server has answered the first request to cancel it.
    """

    prompt_id: str
    is_late: bool
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class LatePrompts:
    """Takes such prompts back from one server; an async context manager."""

    def __init__(self, client: ServerClient) -> None:
        self._client = client
        self._withdrawals: dict[str, Withdrawal] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [withdrawal.task for withdrawal in self._withdrawals.values() if withdrawal.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def take_back(self, prompt_id: str) -> asyncio.Event:
        """Cancel a prompt that the server may take in only later, for some minutes. The event is
        set once the server has answered the first request.
        """
        return self._begin(Withdrawal(prompt_id, is_late=True))

    def stop(self, prompt_id: str) -> asyncio.Event:
        """Cancel a prompt that the server has, until it has let go of it; the same event."""
        return self._begin(Withdrawal(prompt_id, is_late=False))

    def let_be(self, prompt_id: str) -> None:
        """Cancel this prompt no more: somebody wants it after all."""
        withdrawal = self._withdrawals.pop(prompt_id, None)
        if withdrawal and withdrawal.task:
            withdrawal.task.cancel()

    def _begin(self, withdrawal: Withdrawal) -> asyncio.Event:
        self.let_be(withdrawal.prompt_id)
        self._withdrawals[withdrawal.prompt_id] = withdrawal
        withdrawal.task = asyncio.create_task(self._withdraw(withdrawal), name="take back a prompt")
        withdrawal.task.add_done_callback(lambda _: self._forget(withdrawal))
        return withdrawal.heard

    async def _withdraw(self, withdrawal: Withdrawal) -> None:
        for pause in PAUSES:
            with suppress(ServerError):
                await self._client.cancel(withdrawal.prompt_id)
                withdrawal.heard.set()
                if not withdrawal.is_late and await self._has_let_go(withdrawal.prompt_id):
                    return
            # One that may come late is never surely gone: it is cancelled until the pauses end.
            await asyncio.sleep(pause)

    async def _has_let_go(self, prompt_id: str) -> bool:
        return isinstance(await self._client.prompt_status(prompt_id), Ended | Gone)

    def _forget(self, withdrawal: Withdrawal) -> None:
        if self._withdrawals.get(withdrawal.prompt_id) is withdrawal:
            del self._withdrawals[withdrawal.prompt_id]
