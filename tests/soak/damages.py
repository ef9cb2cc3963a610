"""A database that is harmed in every way, again and again; the app is started on what is left."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from batchgen_app.app import build
from batchgen_app.core.batch import Marks
from batchgen_app.core.events import ImageCompleted
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings
from batchgen_app.storage.storage import DATABASE_NAME
from tests.api.visitor import Visitor, served
from tests.batches.power_cut import power_cut
from tests.faulty_engine import FailAtNode
from tests.soak.harms import HARMS, Victim
from tests.studio import QUICK, Studio, studio

KEPT = ("favourite", "rating", "seed", "filename", "bytes")
"""What must be the same of every picture, besides its file."""


@dataclass(frozen=True)
class Library:
    """Some batches, in the folders of apps: one that ended in order, one that was cut off, and one
    from earlier; and what everybody must find there.
    """

    ended: Path
    cut: Path
    earlier: Path
    pictures: Mapping[str, dict[str, Any]]
    files: Mapping[str, bytes]
    events: int


@dataclass
class DamageReport:
    """What many harms came to."""

    harms: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        told = sum(self.sentences.values())
        return (
            f"{self.harms.total()} harmed databases, {told} sentences: every picture of the "
            "folders is in the gallery"
        )


async def damage_often(folder: Path, times: int, seed: int) -> DamageReport:
    """Harm a database, start the app, look at everything. AssertionError says what is not there."""
    report = DamageReport()
    library = await make_library(folder / "library")
    async with DemoEngine(DemoSettings()) as engine:
        for turn in range(times):
            await _damage_once(folder / "harmed", library, engine.url, (seed, turn), report)
    return report


async def make_library(folder: Path) -> Library:
    """With marks, a failure, and things in the trash."""
    async with studio(folder / "ended", FailAtNode(prompt=5, message="no luck")) as here:
        first, second = await here.make(), await here.make()
        await here.app.image_service.mark(Marks(favourite=True), first.pictures[0].id)
        await here.app.image_service.mark(Marks(rating=4), second.pictures[1].id)
        earlier = power_cut(here, folder / "earlier")
        third, fourth = await here.make(batchCount=2), await here.make(batchCount=2)
        await here.app.image_service.mark(Marks(rating=5), third.pictures[0].id)
        await here.app.image_service.mark(Marks(favourite=True), first.pictures[1].id)
        await here.app.image_service.delete_images(first.pictures[2].id)
        await here.app.image_service.delete_batch(fourth.batch_id)
        fifth = await here.make(batchCount=4)
        batches = (first, second, third, fifth)
        pictures = {p.id: p.to_json() for batch in batches for p in batch.pictures}
        files = {name: await asyncio.to_thread(_file(here, p)) for name, p in pictures.items()}
        cut = power_cut(here, folder / "cut")
        events = await here.app.storage.log.end()
    return Library(folder / "ended", cut, earlier, pictures, files, events)


def _file(here: Studio, picture: dict[str, Any]) -> Any:
    path = here.app.storage.store.picture_path(picture["batchId"], picture["filename"])
    return path.read_bytes


async def _damage_once(
    folder: Path, library: Library, engine: str, luck: tuple[int, int], report: DamageReport
) -> None:
    rng = random.Random(repr(luck))
    harm = HARMS[luck[1] % len(HARMS)]
    await asyncio.to_thread(_lay_out, rng.choice((library.ended, library.cut)), folder)
    victim = Victim(folder / "data" / DATABASE_NAME, library.earlier / "data", rng)
    await asyncio.to_thread(harm, victim)
    about = f"{harm.__name__}, seed {luck[0]}, turn {luck[1]}"
    report.harms[harm.__name__] += 1
    told = await _look(folder, library, engine, about)
    report.sentences.update([harm.__name__] if told else [])


def _lay_out(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for name in ("data", "images"):
        shutil.copytree(source / name, target / name)


async def _look(folder: Path, library: Library, engine: str, about: str) -> bool:
    """What the app shows; whether it said something about how it found things."""
    settings = Settings(data_dir=folder / "data", output_dir=folder / "images", comfyui_url=engine)
    async with (
        build(settings, timeouts=QUICK) as app,
        served(app) as address,
        Visitor(address, app.queue) as visitor,
    ):
        await _assert_all_is_there(visitor, library, about)
        log = await app.storage.log.read()
        assert [entry.seq for entry in log] == list(range(1, len(log) + 1)), about
        is_as_before = len(log) == library.events and not app.notices
        assert is_as_before or app.notices, f"{about}: nothing was said"
        made = [entry.event for entry in log if isinstance(entry.event, ImageCompleted)]
        assert len({(event.batch_id, event.index) for event in made}) == len(made), about
    async with build(settings, timeouts=QUICK) as app:
        assert not app.notices, f"{about}: said again: {app.notices}"
    return not is_as_before


async def _assert_all_is_there(visitor: Visitor, library: Library, about: str) -> None:
    page = await _got(visitor, "/batches?limit=100", about)
    shown = {name for batch in page["batches"] for name in batch["images"]}
    assert shown == set(library.pictures), f"{about}: {shown ^ set(library.pictures)}"
    for batch in page["batches"]:
        found = await _got(visitor, f"/batches/{batch['batchId']}", about)
        for picture in found["images"]:
            before = library.pictures[picture["id"]]
            changed = {k: (before[k], picture[k]) for k in KEPT if before[k] != picture[k]}
            assert not changed, f"{about}: {changed}"
    for name, data in library.files.items():
        assert (await visitor.get(f"/images/{name}")).content == data, about
        assert (await visitor.get(f"/images/{name}/thumbnail")).status_code == 200, about
    await _got(visitor, "/events?limit=1000", about)


async def _got(visitor: Visitor, path: str, about: str) -> dict[str, Any]:
    answer = await visitor.get(path)
    assert answer.status_code == 200, f"{about}: {path}: {answer.status_code} {answer.text}"
    return dict(answer.json())
