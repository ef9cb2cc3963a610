"""The app, the engine that it uses, and a camera that takes pages of it in every look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from tests.e2e.batches import begin, made
from tests.e2e.conftest import DESKTOP, PHONE, Served
from tests.e2e.engine_thread import EngineThread

PATIENCE_MS = 60_000
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
}
Theme = Literal["dark", "light"]
THEMES: tuple[Theme, ...] = ("dark", "light")
PROMPTS = (
    "A lighthouse on a cliff at dawn, soft mist over the sea",
    "A quiet street in the rain at night, neon signs mirrored in the puddles, film still",
    "A birch forest in autumn, low sun between the trunks",
    "Snowy mountains above a still lake",
    "A bowl of lemons on a wooden table, window light",
    "Ringed planet over a frozen moon",
    "Desert dunes at noon",
    "City skyline from the harbour at blue hour",
)


def sized(side: int) -> dict[str, int]:
    """Parameters of a square picture."""
    return {"steps": 12, "width": side, "height": side}


@dataclass(frozen=True)
class Stage:
    """The app and the engine that it uses."""

    served: Served
    engine: EngineThread

    def batch(self, prompt: str = PROMPTS[0], count: int = 6, side: int = 512) -> str:
        """Start a batch; gives the address of its page."""
        return begin(self.served, count, prompt=prompt, baseParameters=sized(side))

    def finished(self, prompt: str = PROMPTS[0], count: int = 6, side: int = 512) -> str:
        """The page of a batch that has ended."""
        return made(self.served, count, prompt=prompt, baseParameters=sized(side))


@dataclass(frozen=True)
class Camera:
    """Opens pages and takes pictures of them, in every look."""

    browser: Browser
    folder: Path

    def take(self, moment: str, address: str, pose: Callable[[Page], object]) -> None:
        """A picture per look of the page at ``address``, once ``pose`` has it at its moment."""
        for size in SIZES:
            for theme in THEMES:
                with self._page(size, theme) as page:
                    page.goto(address)
                    pose(page)
                    page.screenshot(path=self.folder / f"{moment}-{size}-{theme}.png")

    @contextmanager
    def _page(self, size: str, theme: Theme) -> Iterator[Page]:
        context = self.browser.new_context(
            **SIZES[size], color_scheme=theme, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
        context.close()
