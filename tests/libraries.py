"""Libraries of any size, for stories and benches about many pictures: a true log and a true
gallery, without the pictures themselves, or with small files in their folders.

    python -m tests.libraries DATA_DIR PICTURES [OUTPUT_DIR]

What stands in them looks like what people make: prompts of frequent and rare words, a few models,
marks on every third picture, batches of two to twenty over three years. It is the same each time.
"""

import asyncio
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from batchgen_app.core.batch import Parameters, Versions
from batchgen_app.core.events import (
    BatchCompleted,
    BatchQueued,
    BatchStarted,
    Event,
    ImageCompleted,
    ImageFavourited,
    ImageRated,
    ImageRejected,
    ImageTagged,
)
from batchgen_app.core.ids import new_batch_id
from batchgen_app.core.request import BatchRequest, Lora
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.event_log import _appended, replay
from batchgen_app.storage.gallery_rows import Rows
from batchgen_app.storage.storage import DATABASE_NAME
from tests.library_copies import multiplied
from tests.library_files import as_drawn, write_folders

FIRST_DAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
DAYS = 3 * 365
AT_ONCE = 500
"""Batches that are written in one transaction."""
MADE_UP = 20_000
"""Pictures that are made up one by one; a larger library has several copies of each batch."""
MODELS = (
    "dreamshaper_8.safetensors", "sd_xl_base_1.0.safetensors", "realisticVisionV60.safetensors",
    "juggernautXL_v9.safetensors", "flux1-dev.safetensors", "anything-v5.ckpt",
    "sub/analogMadness_v7.safetensors", "ünïcode_模型.safetensors",
)  # fmt: skip
SAMPLERS = ("euler", "euler_ancestral", "dpmpp_2m", "dpmpp_sde", "ddim", "uni_pc")
SCHEDULERS = ("normal", "karras", "simple")
LORAS = ("add_detail", "epiNoise", "filmgrain_v2", "pixel-art-xl", "lowra")
SIZES = ((512, 512), (512, 768), (768, 512), (1024, 1024), (832, 1216), (1344, 768))
SUBJECTS = (
    "fox", "lighthouse", "castle", "astronaut", "forest", "harbour", "portrait of a woman",
    "old man", "dragon", "city at night", "mountain lake", "teapot", "cat", "wolf", "café",
    "Straße", "狐と月", "ночной город", "garden", "train station",
)  # fmt: skip
COMMON = (
    "masterpiece", "best quality", "highly detailed", "cinematic lighting", "8k", "sharp focus",
    "volumetric light", "golden hour", "oil painting", "photo", "35mm", "bokeh", "soft light",
    "dramatic sky", "red", "blue", "green", "fog", "rain", "snow", "trending", "intricate",
)  # fmt: skip
SYLLABLES = ("ka", "lo", "mi", "ren", "tas", "vor", "ell", "ium", "sha", "dro", "pin", "ost")
RARE_WORDS = 4_000
NEGATIVES = ("blurry, low quality", "bad hands, extra fingers, watermark", None)
TAGS = ("for the wall", "Anna", "print", "idea", "Nacht", "série 2", "wip")


async def fill(
    db: Database, pictures: int, *, seed: int = 7, output_dir: Path | None = None
) -> list[str]:
    """Write a library of about so many ``pictures``, at least, and their files where an
    ``output_dir`` is given; gives the ids of its batches, oldest first.
    """
    if pictures > MADE_UP and not output_dir:
        return await _copied(db, pictures, seed)
    ids: list[str] = []
    stories = _Stories(random.Random(seed), pictures, have_files=bool(output_dir))
    while stories.left > 0:
        told = [stories.batch() for _ in range(AT_ONCE) if stories.left > 0]
        ids += [events[0].batch_id for events in told]
        if output_dir:
            await asyncio.to_thread(write_folders, output_dir, told)
        work = await asyncio.to_thread(_prepared, told)
        await db.write(partial(partial, _write, *work))
    return ids


async def _copied(db: Database, pictures: int, seed: int) -> list[str]:
    times = -(-pictures // MADE_UP)
    # Two batches follow each other in the time of two pictures, or later.
    apart = timedelta(days=DAYS) * 2 / MADE_UP / times
    with TemporaryDirectory() as folder:
        await library(Path(folder), MADE_UP, seed=seed)
        return await multiplied(db, Path(folder) / DATABASE_NAME, times, apart)


async def library(
    data_dir: Path, pictures: int, *, seed: int = 7, output_dir: Path | None = None
) -> None:
    """The same, into a data folder."""
    async with await open_database(data_dir / DATABASE_NAME) as db:
        await fill(db, pictures, seed=seed, output_dir=output_dir)


def _prepared(told: Sequence[list[Event]]) -> tuple[list[Event], list[Rows]]:
    return [event for events in told for event in events], [Rows(replay(e)) for e in told]


def _write(events: list[Event], rows: list[Rows], connection: sqlite3.Connection) -> None:
    last = _appended(events, connection)[-1].seq
    for one in rows:
        one.put(connection)
    connection.execute("UPDATE gallery_seen SET seq = ?", (last,))


class _Stories:
    """Makes up one batch after the other, until there are as many pictures as wanted."""

    def __init__(self, rng: random.Random, pictures: int, *, have_files: bool) -> None:
        self._rng = rng
        self._have_files = have_files
        self._pictures = pictures
        self.left = pictures
        self._rare = [
            "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(RARE_WORDS)
        ]
        self._weights = [*accumulate(1 / rank for rank in range(1, RARE_WORDS + 1))]

    def batch(self) -> list[Event]:
        """The events of the next one."""
        rng = self._rng
        images = rng.choice((2, 3, 4, 4, 5, 5, 6, 8, 10, 20))
        share = 1 - self.left / self._pictures
        at = FIRST_DAY + timedelta(days=share * DAYS, microseconds=rng.randrange(10**6))
        self.left -= images
        stamp: dict[str, Any] = {"at": at, "batch_id": new_batch_id(at, rng)}
        seeds = [rng.randrange(MAX_SEED) for _ in range(images)]
        made = self._parameters()
        request = {
            "prompt": self._prompt(),
            "negativePrompt": made.negative_prompt,
            "batchCount": images,
            "seedMode": "random",
            "model": made.model,
        }
        queued = BatchQueued(
            **stamp,
            request=BatchRequest.parse(request),
            seeds=seeds,
            workflow={},
            parameters=made,
        )
        return [
            queued,
            BatchStarted(**stamp, versions=Versions(app="0.1.0", server="0.3.64")),
            *(self._image(stamp, index, seed, made) for index, seed in enumerate(seeds, 1)),
            BatchCompleted(**stamp),
            *(mark for index in range(1, images + 1) for mark in self._marks(stamp, index)),
        ]

    def _parameters(self) -> Parameters:
        rng = self._rng
        width, height = rng.choice(SIZES)
        loras = rng.sample(LORAS, rng.choice((0, 0, 0, 1, 2)))
        return Parameters(
            model=rng.choices(MODELS, (40, 20, 10, 10, 8, 6, 4, 2))[0],
            negative_prompt=rng.choice(NEGATIVES),
            steps=rng.choice((8, 20, 20, 25, 30, 50)),
            cfg=rng.choice((4.0, 7.0, 7.5)),
            width=width,
            height=height,
            sampler_name=rng.choice(SAMPLERS),
            scheduler=rng.choice(SCHEDULERS),
            loras=[Lora(name=f"{name}.safetensors", strength=0.8) for name in loras] or None,
        )

    def _prompt(self) -> str:
        rng = self._rng
        rare = rng.choices(self._rare, cum_weights=self._weights, k=rng.randint(4, 20))
        common = rng.sample(COMMON, rng.randint(3, 9))
        return ", ".join([rng.choice(SUBJECTS), *common, " ".join(rare)])[:500]

    def _image(self, stamp: dict[str, Any], index: int, seed: int, made: Parameters) -> Event:
        said = ImageCompleted(
            **stamp,
            index=index,
            seed=seed,
            filename=f"{index:03d}_{seed}.png",
            width=made.width,
            height=made.height,
            bytes=self._rng.randrange(400_000, 2_000_000),
            sha256=f"{self._rng.getrandbits(256):064x}",
            seconds=4.0,
        )
        return as_drawn(said) if self._have_files else said

    def _marks(self, stamp: dict[str, Any], index: int) -> Iterator[Event]:
        chance, about = self._rng.random(), {**stamp, "index": index}
        if chance < 0.2:
            yield ImageRated(**about, rating=1 + int(chance * 25))
        if chance < 0.05:
            yield ImageFavourited(**about, favourite=True)
        if chance > 0.9:
            yield ImageRejected(**about, rejected=True)
        if 0.5 < chance < 0.55:
            yield ImageTagged(**about, tags=(self._rng.choice(TAGS),))


def main(folder: str, pictures: str, output_dir: str = "") -> None:
    """Make one in a data folder, and say how long it took."""
    began = time.perf_counter()
    output = Path(output_dir) if output_dir else None
    asyncio.run(library(Path(folder), int(pictures), output_dir=output))
    print(f"{pictures} pictures in {time.perf_counter() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
