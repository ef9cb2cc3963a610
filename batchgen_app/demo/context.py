"""What a node's function works with: what may be asked of the engine while it runs, and what flows
along the links of a graph, which is names and numbers in place of tensors.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL.Image import Image

from batchgen_app.demo.files import Folders
from batchgen_app.demo.hooks import Hooks
from batchgen_app.demo.painting.painter import Motif
from batchgen_app.demo.queue import Graph, QueuedPrompt
from batchgen_app.demo.report import NodeProgress
from batchgen_app.demo.settings import DemoSettings

Pictures = tuple[Image, ...]


@dataclass(frozen=True)
class Model:
    """MODEL, and in the same form CLIP and VAE: the file it came from and the LoRAs on it."""

    name: str
    loras: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "+".join((self.name, *self.loras))


@dataclass(frozen=True)
class Conditioning:
    """CONDITIONING: the words of a prompt."""

    text: str = ""


@dataclass(frozen=True)
class Latent:
    """LATENT: a size in pixels, how many pictures, and what they will show once sampled; what they
    were encoded from, which share of it sampling has changed, and where.
    """

    width: int
    height: int
    batch_size: int = 1
    motif: Motif | None = None
    source: Pictures = ()
    denoise: float = 1.0
    mask: Image | None = None


@dataclass(frozen=True)
class Guider:
    """GUIDER of the custom sampling nodes."""

    model: Model
    positive: Conditioning
    negative: Conditioning
    cfg: float


@dataclass(frozen=True)
class Sigmas:
    """SIGMAS: how many steps, which schedule, and which share of it."""

    steps: int
    scheduler: str
    denoise: float = 1.0


class InterruptedByUserError(Exception):
    """POST /interrupt hit the running prompt."""


@dataclass(frozen=True)
class Bench:
    """The engine's things that every running prompt works with."""

    settings: DemoSettings
    folders: Folders
    session_word: str
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def hooks(self) -> Hooks:
        return self.settings.hooks

    def stop_if_interrupted(self) -> None:
        if self.interrupted.is_set():
            raise InterruptedByUserError


@dataclass(frozen=True)
class NodeContext:
    """The bench, seen from one node of one prompt. `graph` is the one that goes into PNG files."""

    bench: Bench
    prompt: QueuedPrompt
    graph: Graph
    node_id: str
    progress: NodeProgress

    @property
    def folders(self) -> Folders:
        return self.bench.folders

    @property
    def session_word(self) -> str:
        return self.bench.session_word

    @property
    def extra_pnginfo(self) -> Mapping[str, Any]:
        extra = self.prompt.extra_data.get("extra_pnginfo")
        return extra if isinstance(extra, dict) else {}

    async def load(self) -> None:
        """Takes the time of loading a model; an interrupt does not shorten it (section 6)."""
        await asyncio.sleep(self.bench.settings.load_delay)

    async def step(self, value: int, maximum: int, preview: Callable[[], bytes]) -> None:
        """One sampling step: takes its time and reports. Raises InterruptedByUserError."""
        await asyncio.sleep(self.bench.settings.step_delay)
        self.bench.stop_if_interrupted()
        frame = await asyncio.to_thread(preview) if self.bench.settings.previews else None
        self.progress.step(self.node_id, value, maximum, frame)
        await self.bench.hooks.after_step(self.prompt.ordinal, value, self.bench.interrupted)
