"""Waiting for what has no event of its own: another process's window, page or file."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.studio import TIMEOUT_OF_THE_TEST

LOOK = 0.05
"""Seconds between two looks."""


async def until_true(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until ``condition`` holds."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while not await condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(LOOK)


async def until_so(condition: Callable[[], bool]) -> None:
    """Wait until ``condition``, which may take its time, holds."""
    await until_true(lambda: asyncio.to_thread(condition))
