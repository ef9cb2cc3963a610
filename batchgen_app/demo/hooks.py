"""The moments in a server's life at which somebody may step in: the engine of the app asks nobody.

Who wants to hold a server up, or to make it fail, derives a class from `Hooks` and hands it over
as `DemoSettings(hooks=…)`; `tests/faulty_engine` does. An `ordinal` says which prompt it is
about: the number of its `POST /prompt` since the engine was made, from 1; a restart does not
begin anew.
"""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from batchgen_app.demo.queue import HistoryEntry, QueuedPrompt

if TYPE_CHECKING:
    from batchgen_app.adapters.embedded_server import EmbeddedServer


class Hooks:
    """Lets everything take its course."""

    def around(self, app: ASGIApp) -> ASGIApp:
        """What every request and every websocket comes to, before anything of the engine."""
        return app

    def listening(self, server: "EmbeddedServer") -> None:
        """The engine can be reached, by way of this server."""

    def unreachable(self) -> None:
        """Every connection is cut; what still waits for an answer may end."""

    def telling(self, frame: str | bytes) -> str | bytes | None:
        """What the websockets are told next, in place of this frame; None is nothing."""
        return frame

    async def arriving(self, ordinal: int) -> Response | None:
        """POST /prompt is there, but not looked at; an answer given here is the last word."""
        return None

    def queueing(self, prompt: QueuedPrompt) -> QueuedPrompt:
        """The prompt that goes into the queue, in place of this one, which is valid."""
        return prompt

    async def answering(self, ordinal: int, request: Request, answer: Response) -> Response:
        """What POST /prompt answers, in place of this; the prompt is queued, or refused."""
        return answer

    def attending_to(self, ordinal: int) -> AbstractContextManager[None]:
        """Held while the prompt is put into the queue, and again from when it leaves it to its end:
        what the websockets are told meanwhile is about it.
        """
        return nullcontext()

    def takes_up(self, ordinal: int) -> bool:
        """Whether the prompt runs, now that it is its turn."""
        return True

    def before_node(self, ordinal: int, class_type: str) -> None:
        """The node is told of, but does nothing yet; what is raised here is its failure."""

    async def after_step(self, ordinal: int, step: int, interrupted: asyncio.Event) -> None:
        """A sampling step, counted from 1, is done and told of."""

    async def before_history(self, ordinal: int, entry: HistoryEntry | None) -> HistoryEntry | None:
        """The history's entry, in place of this one, which is told but not there; None is none."""
        return entry

    def saved(self, ordinal: int, path: Path) -> None:
        """The prompt has made a file."""

    async def viewing(self, path: Path) -> Response | None:
        """GET /view of this file is there; an answer given here is the last word."""
        return None

    def showing_queue(self, pending: list[Any]) -> list[Any]:
        """The waiting prompts that GET /queue shows, in place of these."""
        return pending

    def interrupting(self, prompt_id: str | None) -> str | None:
        """The prompt that POST /interrupt is about, in place of this one; None is any."""
        return prompt_id
