"""The page in a window, asked over its toolkit's own debugging port (Chrome DevTools Protocol)."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.window.waiting import until_true

ANSWER_SECONDS = 3.0
"""A page that has not answered by then may have left."""


class WindowPage:
    """One page, from the splash through all that the window loads."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._script_errors: list[str] = []

    async def value(self, script: str) -> Any:
        """What an expression comes to. Asked again where a page that leaves takes the question
        along.
        """
        while True:
            asked = await self.say(script)
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await self._answer(asked)

    async def say(self, script: str) -> int:
        """Have it run without waiting for it; gives the number of its answer."""
        return await self._command(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )

    async def watch(self) -> None:
        """From now on, listen to errors of its scripts, too."""
        await self._command("Runtime.enable")

    async def script_errors(self) -> list[str]:
        """Those of this page until now, or until it was gone."""
        with suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._answer(await self.say("0"))
        return self._script_errors

    async def _command(self, method: str, **parameters: object) -> int:
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        await self._socket.send(json.dumps(command))
        return number

    async def has(self, selector: str) -> bool:
        """Whether there is such an element."""
        return bool(await self.value(f"!!document.querySelector({json.dumps(selector)})"))

    async def appears(self, selector: str) -> None:
        """Wait until there is."""
        await until_true(lambda: self.has(selector))

    async def becomes(self, script: str) -> None:
        """Wait until an expression is true."""

        async def looked() -> bool:
            return bool(await self.value(script))

        await until_true(looked)

    async def click(self, selector: str) -> None:
        """Click on it, as soon as it is there."""
        await self.appears(selector)
        await self.say(f"document.querySelector({json.dumps(selector)}).click()")

    async def text(self, selector: str) -> str:
        """What stands in it, once it is there."""
        while True:
            await self.appears(selector)
            seen = await self.value(f"document.querySelector({json.dumps(selector)})?.innerText")
            if seen is not None:
                return str(seen)

    async def _answer(self, asked: int) -> Any:
        while (answer := json.loads(await self._socket.recv())).get("id") != asked:
            if answer.get("method") == "Runtime.exceptionThrown":
                details = answer["params"]["exceptionDetails"]
                if not _was_for_the_page_before(details):
                    self._script_errors.append(json.dumps(details))
        return answer.get("result", {}).get("result", {}).get("value")


def _was_for_the_page_before(details: dict[str, Any]) -> bool:
    """Pywebview (6.2.1, ``util.js_bridge_call``) answers what a page has asked it, also where that
    page has been left, and the next one does not have its object yet.
    """
    frames = details.get("stackTrace", {}).get("callFrames", [])
    is_injected = not any(frame["url"] for frame in frames)
    return is_injected and details["text"].endswith("ReferenceError: pywebview is not defined")


@asynccontextmanager
async def page_at(port: int) -> AsyncIterator[WindowPage]:
    """The page that can be debugged at ``port``, as soon as there is one. An error in a script of
    it fails its story.
    """
    found: list[str] = []

    async def looked() -> bool:
        found.extend(await _addresses(port))
        return bool(found)

    await until_true(looked)
    async with connect(found[0], max_size=None, proxy=None) as socket:
        page = WindowPage(socket)
        await page.watch()
        yield page
        errors = await page.script_errors()
        assert not errors, errors


async def _addresses(port: int) -> list[str]:
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            listed = (await http.get(f"http://127.0.0.1:{port}/json/list")).json()
    except (httpx.HTTPError, ValueError):
        return []
    return [target["webSocketDebuggerUrl"] for target in listed if target["type"] == "page"]
