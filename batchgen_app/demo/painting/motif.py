"""What a picture is to show: everything that may influence it, and its own random numbers."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Motif:
    """The request behind one picture. Equal motifs are painted equal, bit by bit."""

    prompt: str
    seed: int
    negative: str = ""
    steps: int = 20
    cfg: float = 7.0
    sampler_name: str = "euler"
    scheduler: str = "normal"
    model: str = ""

    def in_batch(self, position: int) -> "Motif":
        """The motif of the picture at this position (from 0) of a latent batch."""
        return replace(self, seed=self.seed + position * 7919) if position else self

    def random(self, purpose: str) -> np.random.Generator:
        """A generator that depends on prompt, seed and purpose only."""
        text = f"{self.prompt}\x00{self.seed}\x00{purpose}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        return np.random.default_rng(int.from_bytes(digest[:16]))
