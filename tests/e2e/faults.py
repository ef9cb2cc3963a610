"""What goes wrong in a page without anybody seeing it: errors of its scripts, what it writes as an
error into its console, what it loads from other hosts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

LOST = (
    "ERR_CONNECTION_",
    "ERR_EMPTY_RESPONSE",
    "ERR_NETWORK_CHANGED",
    "ERR_SOCKET_",
    "WebSocket connection to",
)
"""What Chromium itself writes down while an app or a network is away, or a story beside this one
brings up a network of its own: no script's doing.
"""


@dataclass
class Faults:
    """Collected from every page of every context that is watched."""

    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, host: str) -> None:
        """From now on, also in pages that open by themselves."""
        context.on("weberror", self._script)
        context.on("console", self._console)
        context.on("request", lambda request: self._request(request.url, host))

    def besides(self, expected: Sequence[str]) -> list[str]:
        """All but those that contain one of these texts."""
        return [fault for fault in self.found if not any(text in fault for text in expected)]

    def _script(self, error: WebError) -> None:
        self.found.append(f"script error: {error.error}")

    def _console(self, told: ConsoleMessage) -> None:
        if told.type == "error" and not any(lost in told.text for lost in LOST):
            self.found.append(f"console error: {told.text} ({told.location.get('url')})")

    def _request(self, url: str, host: str) -> None:
        asked = httpx.URL(url)
        if asked.scheme in {"http", "https", "ws", "wss"} and asked.netloc.decode() != host:
            self.found.append(f"loaded from another host: {url}")
