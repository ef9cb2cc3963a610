"""Damaged folders, one after another: whatever is in one of them, the others are in the gallery,
and so is every picture of its own that can be read; no answer is a fault of the app, and nothing
outside is read or written.
"""

import os
import random
import shutil
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from batchgen_app.app import build
from batchgen_app.core.batch import ExtraPicture
from batchgen_app.core.errors import PictureBroken
from batchgen_app.core.events import Event
from batchgen_app.core.wire import JsonObject
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings
from batchgen_app.storage.pictures import look_of
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import Storage
from tests.api.visitor import Visitor, served
from tests.core.stories import all_done, completed, queued, started, submitted
from tests.soak.folder_damages import damage
from tests.storage import making
from tests.storage.rooms import opened

INTACT = ("20261122-000000-000000-0001", "20261122-000000-000000-0003")
VICTIM = "20261122-000000-000000-0002"
SECRET = "somebody else's secret"
MOST_MEGABYTES = 400
"""That the app may take more than at first."""


@dataclass(frozen=True)
class FolderReport:
    """What many damages came to."""

    damages: int
    answers: int
    problems: int
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.damages} damaged folders: {self.answers} answers, none a fault; "
            f"{self.problems} sentences; {self.megabytes:.0f} MB more"
        )


async def damage_folders(home: Path, damages: int, seed: int) -> FolderReport:
    """AssertionError says what is lost, read or written, and after which damage."""
    rng, answers, problems = random.Random(seed), 0, 0
    original, outside = home / "original", home / "elsewhere"
    for folder in (original, outside):
        folder.mkdir()
    await _make(original)
    (outside / "secret").write_text(SECRET)
    megabytes = _megabytes()
    async with DemoEngine(DemoSettings(step_delay=0.0, load_delay=0.0)) as engine:
        for turn in range(damages):
            place = home / str(turn)
            shutil.copytree(original, place)
            batch = place / "images" / "batches" / VICTIM
            done = "; ".join(damage(batch, outside, rng) for _ in range(rng.choice((1, 1, 2, 3))))
            try:
                told, seen = await _look(place, engine.url)
                _check_outside(outside, seen)
                assert _megabytes() - megabytes < MOST_MEGABYTES
            except BaseException as error:
                error.add_note(f"Seed {seed}, damage {turn}: {done}")
                raise
            answers, problems = answers + len(seen), problems + len(told)
            _remove(place)
    return FolderReport(damages, answers, problems, _megabytes() - megabytes)


async def _make(place: Path) -> None:
    """Three batches of two images, each image with an extra."""
    async for rooms in opened(place, "first.db"):
        for batch_id in (*INTACT, VICTIM):
            events: list[Event] = []
            for index in (1, 2):
                done = completed(index)
                extra = making.png(making.picture(40))
                await rooms.store.save_extra(batch_id, index, 100 + index, extra, "x", after=1)
                record = ExtraPicture(
                    number=2,
                    filename=f"{index:03d}_{100 + index}_2.png",
                    width=40,
                    height=40,
                    bytes=len(extra),
                )
                events += [submitted(index), done.model_copy(update={"extras": (record,)})]
            await rooms.live(queued(2), started(), *events, all_done(), batch_id=batch_id)


async def _look(place: Path, server: str) -> tuple[list[str], list[httpx.Response]]:
    """Begin without a database, and ask for everything; gives what is told and every answer."""
    settings = Settings(data_dir=place / "data", output_dir=place / "images", comfyui_url=server)
    readable = _readable(place / "images" / "batches" / VICTIM)
    async with build(settings) as backend:
        storage = backend.storage
        report = await reindex(storage.log, storage.gallery, storage.store, storage.locks)
        await _check_intact(storage, place)
        await _check_victim(storage, place, readable)
        seen: list[httpx.Response] = []
        async with served(backend) as address, Visitor(address, backend.queue) as visitor:
            visitor.event_hooks["response"].append(_keep_in(seen))
            whole = await _ask_for_all(visitor)
        told = report.problems or not _lies_there(place)
        assert whole or told, "it is not whole, and nothing is said"
    return report.problems, seen


def _lies_there(place: Path) -> bool:
    return os.path.lexists(place / "images" / "batches" / VICTIM)


def _keep_in(seen: list[httpx.Response]) -> Callable[[httpx.Response], Awaitable[None]]:
    async def keep(answer: httpx.Response) -> None:
        await answer.aread()
        assert answer.status_code < 500, f"{answer.url}: {answer.status_code} {answer.text[:300]}"
        seen.append(answer)

    return keep


async def _ask_for_all(visitor: Visitor) -> bool:
    """As pages do, and somebody who deletes and restores; whether the victim came back whole."""
    batches = (await visitor.get("/batches", params={"limit": 100})).json()["batches"]
    shown = {batch["batchId"]: await visitor.look(batch["batchId"]) for batch in batches}
    missing = 0
    for batch_id, batch in shown.items():
        for image in batch["images"]:
            missing += await _ask_for(visitor, image)
        await visitor.get(f"/batches/{batch_id}/archive")
    for batch_id in set(shown) - set(INTACT):
        for change in ("delete", "restore"):
            path = f"/batches/{batch_id}"
            await (visitor.delete(path) if change == "delete" else visitor.post(f"{path}/restore"))
        for image in shown[batch_id]["images"][:1]:
            await visitor.patch(f"/images/{image['id']}", json={"rating": 3})
            await visitor.delete(f"/images/{image['id']}")
            await visitor.post(f"/images/{image['id']}/restore")
        await visitor.post(f"/batches/{batch_id}/resume")
    await visitor.get("/events", params={"limit": 1000})
    return VICTIM in shown and not missing


async def _ask_for(visitor: Visitor, image: JsonObject) -> int:
    """How many of an image's pictures are not there."""
    path = f"/images/{image['id']}"
    extras = [f"/extras/{extra['number']}" for extra in image["extras"]]
    for small in ("/thumbnail", "/info", *(f"{extra}/thumbnail" for extra in extras)):
        await visitor.get(path + small)
    huge = {"range": "bytes=0-1000000"}
    asked = [await visitor.get(path + part, headers=huge) for part in ("", *extras[:1])]
    return sum(answer.status_code not in {200, 206} for answer in asked[:1])


def _readable(batch: Path) -> set[str]:
    """The pictures of a batch's folder that are whole, whatever became of the rest."""
    if batch.is_symlink():
        return set()
    names = (f"{index:03d}_{100 + index}.png" for index in (1, 2))
    return {name for name in names if _is_readable(batch / name)}


def _is_readable(path: Path) -> bool:
    with suppress(OSError, PictureBroken):
        return _is_whole(path)
    return False


def _is_whole(path: Path) -> bool:
    """Raises OSError, PictureBroken."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 10**6:
        return False
    return bool(look_of(path.read_bytes()))


async def _check_victim(storage: Storage, place: Path, readable: set[str]) -> None:
    """Whatever its ``batch.json`` says, its readable pictures are shown, or in the trash."""
    shown = {image.filename for image in await storage.gallery.images(VICTIM)}
    trash = place / "images" / "trash" / VICTIM
    thrown_away = {path.name for path in trash.rglob("*.png")}
    assert readable <= shown | thrown_away, f"not in the gallery: {readable - shown}"


async def _check_intact(storage: Storage, place: Path) -> None:
    """Every picture of the folders that nothing was done to is in the gallery and on the disk."""
    for batch_id in INTACT:
        images = await storage.gallery.images(batch_id)
        assert [image.index for image in images] == [1, 2], batch_id
        for image in images:
            for name in image.filenames:
                with await storage.store.open(batch_id, name) as there:
                    making.opened(there.file.read())


def _check_outside(outside: Path, seen: Iterable[httpx.Response]) -> None:
    assert {path.name: path.read_text() for path in outside.iterdir()} == {"secret": SECRET}
    assert not any(SECRET.encode() in answer.content for answer in seen)


def _megabytes() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _remove(place: Path) -> None:
    for path in place.rglob("*"):
        with suppress(OSError):
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(place, ignore_errors=True)
