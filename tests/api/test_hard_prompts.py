"""Prompts that are hard to keep, from the request to everywhere that they go, and back."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.infotext import read_infotext
from tests.api.test_event_stream import read
from tests.api.test_pack import pack, shown
from tests.api.visitor import Visitor, visit
from tests.faulty_engine import SaveInstead
from tests.hard_prompts import PROMPTS
from tests.reading.sites import text_in
from tests.storage import making
from tests.test_cli import Machine

FORMATS = {
    "png": [],
    "jpg": [SaveInstead(ending="jpg", data=making.jpeg())],
    "webp": [SaveInstead(ending="webp", data=making.webp())],
}
SOUGHT = {
    "colon": "queen anna:",
    "steps": "BAKE 3x3",
    "weights": "masterpiece",
    "rtl": "שחור",
    "emoji": "Cafe -night",
    "nfd": "caf\xe9 nig",
    "u2028": '"a b c"',
    "quotes": "hyperlink",
    "markup": "onerror",
    "cyrillic": "шляпе",
    "percent": "cotton",
    "german": "strasse arger",
    "turkish": "istanbul",
    "lines": "three two",
}
"""What somebody types who looks for each."""

Made = dict[str, str]
"""The ids of batches, by the names of their prompts."""


def prompts_in(folder: Path, is_text: Callable[[Path], bool]) -> set[str]:
    """What the pictures in a folder say, or else the texts beside them."""
    found = (path for path in folder.iterdir() if path.name.startswith("00"))
    texts = [
        path.read_bytes().decode() if is_text(path) else text_in(path.read_bytes())
        for path in found
        if is_text(path) == (path.suffix == ".txt")
    ]
    return {read_infotext(text or "").prompt for text in texts}


def said(folder: Path) -> set[str]:
    """What pictures and texts of a folder say, which is the same."""
    inside = prompts_in(folder, lambda _: False)
    assert inside == prompts_in(folder, lambda path: path.suffix == ".txt")
    return inside


async def answers(visitor: Visitor, name: str, made: Made) -> None:
    """What the API tells of a batch and its pictures, found by a word."""
    batch_id, prompt = made[name], PROMPTS[name]
    told = await visitor.look(batch_id)
    assert told["batch"]["prompt"] == told["batch"]["request"]["prompt"] == prompt
    asked = {"q": SOUGHT[name]}
    found = (await visitor.get("/images", params=asked)).json()["images"]
    assert [(one["batchId"], one["prompt"]) for one in found] == [(batch_id, prompt)] * 2, name
    (batch,) = (await visitor.get("/batches", params=asked)).json()["batches"]
    assert (batch["batchId"], batch["prompt"]) == (batch_id, prompt)


async def taken_along(visitor: Visitor, name: str, batch_id: str, folder: Path) -> None:
    """What is in the ZIP, in the pack, and in a picture that is given to the form."""
    prompt = PROMPTS[name]
    answer = await visitor.get(f"/batches/{batch_id}/archive")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        texts = [text_in(archive.read(file)) or "" for file in archive.namelist()]
        picture = archive.read(archive.namelist()[0])
    assert [read_infotext(text).prompt for text in texts] == [prompt] * 2
    packed = folder / f"pack-{name}"
    with zipfile.ZipFile(BytesIO((await pack(visitor, batch_id)).content)) as archive:
        archive.extractall(packed)
    assert said(packed / "pictures") == {prompt}
    document = json.loads((packed / "batch.json").read_text(encoding="utf-8"))
    assert document["request"]["prompt"] == shown(packed)["title"] == prompt
    given = (await visitor.post("/import", files={"file": ("it", picture)})).json()
    assert (given["source"], given["request"]["prompt"]) == ("batchgen", prompt)


async def made(folder: Path, ending: str) -> Made:
    """A batch of each, told, found and taken along while the app runs."""
    async with visit(folder, *FORMATS[ending]) as (here, visitor):
        ids = {
            name: await visitor.make(prompt=prompt, batchCount=2)
            for name, prompt in PROMPTS.items()
        }
        await here.app.storage.gallery.catch_up(here.app.storage.log)
        for name, batch_id in ids.items():
            await answers(visitor, name, ids)
            await taken_along(visitor, name, batch_id, folder)
            assert said(folder / "images/batches" / batch_id) == {PROMPTS[name]}
        await visitor.patch(f"/images/{batch_id}-001", json={"rating": 3})
        told = await read(visitor, "image_rated")
    queued = [frame.data for frame in told if frame.event == "batch_queued"]
    assert {one["batchId"]: one["request"]["prompt"] for one in queued} == {
        ids[name]: prompt for name, prompt in PROMPTS.items()
    }
    return ids


def searched(machine: Machine, query: str) -> list[dict[str, Any]]:
    """What the terminal finds."""
    done = machine.run("search", "--json", "--", query)
    assert done.returncode == 0, done.stderr
    images: list[dict[str, Any]] = json.loads(done.stdout)["images"]
    return images


@pytest.mark.parametrize("ending", FORMATS)
async def test_a_hard_prompt_is_the_same_wherever_it_goes_and_comes_back(
    tmp_path: Path, ending: str
) -> None:
    await made(tmp_path / "here", ending)
    exported = tmp_path / "along"
    done = Machine(tmp_path / "here").run("export", "", "--to", str(exported))
    assert done.returncode == 0, done.stderr
    assert said(exported) == {*PROMPTS.values()}
    there = Machine(tmp_path / "there")
    kept = there.run("import", str(exported), "--keep", "--json", "--demo")
    assert kept.returncode == 0, kept.stderr
    told = [json.loads(line) for line in kept.stdout.splitlines()]
    assert len(told) == 2 * len(PROMPTS)
    assert {one["request"]["prompt"] for one in told} == {*PROMPTS.values()}
    for name in ("lines", "u2028", "turkish"):
        assert {one["prompt"] for one in searched(there, SOUGHT[name])} == {PROMPTS[name]}
    documents = (there.images / "batches").glob("*/batch.json")
    asked = {
        json.loads(each.read_text(encoding="utf-8"))["request"]["prompt"] for each in documents
    }
    assert asked == {*PROMPTS.values()}
