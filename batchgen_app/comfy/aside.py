"""Work that does not keep others: what a server sent is read beside the event loop where that may
take a moment, and a request is let go at once, whole.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import anyio

SMALL = 32 * 2**10
"""Bytes or characters that are read before another thread would have begun."""

TextT = TypeVar("TextT", str, bytes)
T = TypeVar("T")


async def of_text(read: Callable[[TextT], T], text: TextT) -> T:
    """What ``read`` makes of ``text``; raises what it raises."""
    if len(text) <= SMALL:
        return read(text)
    return await asyncio.to_thread(read, text)


async def abandonable(request: Coroutine[Any, Any, T]) -> T:
    """What ``request`` gives. Whoever is cancelled meanwhile goes on as soon as its connections are
    closed: httpcore closes them behind anyio's shields, which hold against anyio's cancellation
    only. Against asyncio's, it would lose some of them.
    """
    scope = anyio.CancelScope()
    task = asyncio.create_task(_within(scope, request))
    try:
        (answer,) = await asyncio.shield(task)
    except asyncio.CancelledError:
        scope.cancel()
        await asyncio.wait({task})
        raise
    return answer


async def _within(scope: anyio.CancelScope, request: Coroutine[Any, Any, T]) -> list[T]:
    """Empty where the scope was cancelled."""
    with scope:
        return [await request]
    return []
