"""What the websocket says, sorted by prompt. Messages about prompts that nobody here submitted are
dropped: on a shared server they are other people's (PROTOCOL.md, section 3).
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from batchgen_app.comfy.listener import Connected, Disconnected, Heard
from batchgen_app.comfy.messages import Message, PromptEnded


class Watch:
    """What has been heard about one prompt; ``news`` is set when its truth should be asked for."""

    def __init__(self, on_message: Callable[[Message], None]) -> None:
        self.news = asyncio.Event()
        self.connection_lost = False
        self._on_message = on_message
        self._heard_at = time.monotonic()

    def touch(self) -> None:
        """It is alive: silence is counted from now."""
        self._heard_at = time.monotonic()

    @property
    def silent_for(self) -> float:
        """Seconds since anything was heard about the prompt."""
        return time.monotonic() - self._heard_at

    def hear(self, message: Message) -> None:
        """A message about this prompt."""
        self.touch()
        self._on_message(message)
        if isinstance(message, PromptEnded):
            self.news.set()

    def lose_connection(self) -> None:
        """Messages may have been missed: the server has to be asked."""
        self.touch()
        self.connection_lost = True
        self.news.set()


class Switchboard:
    """Gives each message to the watch of its prompt."""

    def __init__(self) -> None:
        self._watches: dict[str, Watch] = {}

    @contextmanager
    def watch(self, prompt_id: str, on_message: Callable[[Message], None]) -> Iterator[Watch]:
        """Messages about ``prompt_id``, as long as the context lasts."""
        watch = self._watches[prompt_id] = Watch(on_message)
        try:
            yield watch
        finally:
            del self._watches[prompt_id]

    def __call__(self, heard: Heard) -> None:
        """Take one message from the listener."""
        if isinstance(heard, Connected | Disconnected):
            for watch in self._watches.values():
                watch.lose_connection()
        elif meant := self._watches.get(getattr(heard, "prompt_id", None) or ""):
            meant.hear(heard)
