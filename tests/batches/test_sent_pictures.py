"""A workflow whose pictures are only sent over the websocket gives them like any other (line 9):
kept whole; what nobody heard is made again, and said if it never comes.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batchgen_app.batches import prompt_tracker
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.demo.hub import Hub
from tests.batches.power_cut import power_cut, started_again, the_batch
from tests.demo.graphs import Graph, node, txt2img
from tests.faulty_engine import CutSentPicture, DropSockets, Hold, Moment, RefuseSockets
from tests.studio import Studio, studio

AS_IS: dict[str, Any] = {
    "model": None,
    "baseParameters": {},
    "batchCount": 2,
    "promptAsIs": True,
}


def sent(*sources: str) -> Graph:
    """Samplers behind which the picture is only sent."""
    kept = {node_id: kept for node_id, kept in txt2img().items() if node_id != "9"}
    ends = {f"s{s}": node("SaveImageWebsocket", images=[s, 0]) for s in sources or ("8",)}
    return {**kept, "look": node("PreviewImage", images=["8", 0]), **ends}


def colours(count: int, width: int = 64) -> Graph:
    """So many pictures at once, without a model."""
    return {
        "1": node("EmptyImage", width=width, height=64, batch_size=1, color=0xFF0000),
        "all": node("RepeatImageBatch", image=["1", 0], amount=count),
        "2": node("SaveImageWebsocket", images=["all", 0]),
    }


def kept_whole(here: Studio, batch: BatchState) -> bool:
    folder = here.app.storage.store.folder(batch.batch_id)
    for picture in batch.pictures:
        with Image.open(folder / picture.filename) as opened:
            assert f"Seed: {picture.seed}" in opened.info["parameters"]
            opened.load()
    return (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, len(batch.seeds))


def prompts(events: list[str]) -> int:
    return Counter(events)["image_submitted"]


@pytest.mark.parametrize("announced", [True, False], ids=["modern", "older server"])
async def test_a_picture_that_is_only_sent_is_the_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, announced: bool
) -> None:
    """An older server does not say whose a frame is."""
    if not announced:
        monkeypatch.setattr(Hub, "announced", lambda *_: False)
    async with studio(tmp_path, step_delay=0.01) as here:
        batch = await here.make(workflow=sent(), **AS_IS)
        assert kept_whole(here, batch)
        assert prompts(await here.events(batch)) == 2
        assert not any(picture.extras for picture in batch.pictures)


async def test_several_of_one_prompt_are_kept_beside_the_image(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=colours(3), **AS_IS)
        assert kept_whole(here, batch)
        assert [[e.number for e in p.extras] for p in batch.pictures] == [[2, 3], [2, 3]]
        assert prompts(await here.events(batch)) == 2


async def test_one_larger_than_any_preview_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_tracker, "LARGEST_PREVIEW", 10)
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=colours(1, width=2_000), **AS_IS)
        assert kept_whole(here, batch)
        assert batch.last_preview is None


async def test_what_the_websocket_missed_is_made_again(tmp_path: Path) -> None:
    """Also where the workflow shows another picture, which is not the one that was asked for."""
    async with studio(tmp_path, DropSockets(prompt=1)) as here:
        batch = await here.make(workflow=sent(), **AS_IS)
        assert kept_whole(here, batch)
        assert prompts(await here.events(batch)) > 2


@pytest.mark.parametrize("announced", [True, False], ids=["modern", "older server"])
@pytest.mark.parametrize("at", [1, 2, 3])
async def test_a_picture_in_whose_middle_the_websocket_is_lost_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, announced: bool, at: int
) -> None:
    """Neither the half of it nor those that came before it are taken for what was asked for."""
    if not announced:
        monkeypatch.setattr(Hub, "announced", lambda *_: False)
    async with studio(tmp_path, CutSentPicture(prompt=1, at=at)) as here:
        batch = await here.make(workflow=colours(3), **AS_IS)
        assert kept_whole(here, batch)
        assert [[e.number for e in p.extras] for p in batch.pictures] == [[2, 3], [2, 3]]
        assert prompts(await here.events(batch)) > 2


async def test_without_a_websocket_it_is_said_what_to_do(tmp_path: Path) -> None:
    async with studio(tmp_path, RefuseSockets()) as here:
        batch = await here.make(workflow=colours(1), **AS_IS)
        assert batch.status is BatchStatus.FAILED
        assert all("Use a Save Image node" in str(image.message) for image in batch.images)
        assert prompts(await here.events(batch)) == 6


async def test_more_than_can_be_kept_is_not_half_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_tracker, "MOST_SENT", 2)
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=colours(3), **AS_IS)
        assert batch.status is BatchStatus.FAILED
        assert "Use a Save Image node" in str(batch.images[0].message)


def sides() -> Graph:
    """A picture 64 wide that is saved; before and behind it in the graph, others are sent."""
    graph = {
        f"{width} wide": node("EmptyImage", width=width, height=64, batch_size=1, color=width)
        for width in (64, 80, 96, 112)
    }
    return {
        **graph,
        "last": node("SaveImageWebsocket", images=["112 wide", 0]),
        "before": node("SaveImageWebsocket", images=["80 wide", 0]),
        "mine": node("SaveImage", images=["64 wide", 0], filename_prefix="mine"),
        "behind": node("SaveImageWebsocket", images=["96 wide", 0]),
    }


def widths(here: Studio, batch: BatchState) -> list[list[int]]:
    """Of each image and its extras, in their order."""
    folder = here.app.storage.store.folder(batch.batch_id)

    def width(name: str) -> int:
        with Image.open(folder / name) as opened:
            return opened.width

    named = ([p.filename, *(f"extra/{e.filename}" for e in p.extras)] for p in batch.pictures)
    return [[width(name) for name in names] for names in named]


@pytest.mark.parametrize("announced", [True, False], ids=["modern", "older server"])
async def test_what_is_sent_beside_a_saved_picture_is_kept_in_the_order_of_the_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, announced: bool
) -> None:
    if not announced:
        monkeypatch.setattr(Hub, "announced", lambda *_: False)
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=sides(), **AS_IS)
        assert kept_whole(here, batch)
        assert widths(here, batch) == [[64, 112, 80, 96]] * 2
        assert not any(picture.remark for picture in batch.pictures)


async def test_one_of_several_that_are_sent_is_the_image_where_a_person_says_so(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, CutSentPicture(prompt=1, at=2)) as here:
        batch = await here.make(workflow=sides(), roles={"output": ["behind"]}, **AS_IS)
        assert kept_whole(here, batch)
        assert widths(here, batch) == [[96, 112, 80, 64]] * 2
        assert prompts(await here.events(batch)) > 2


async def test_a_workflow_that_saves_too_waits_for_no_websocket_and_says_what_is_missing(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, RefuseSockets()) as here:
        batch = await here.make(workflow=sides(), **AS_IS)
        assert kept_whole(here, batch)
        assert widths(here, batch) == [[64]] * 2
        assert prompts(await here.events(batch)) == 2
        assert "Not all pictures that SaveImageWebsocket (node last)" in batch.pictures[0].remark


async def test_what_was_sent_beside_a_saved_picture_while_the_app_was_away_is_said(
    tmp_path: Path,
) -> None:
    graph = {**sent(), "mine": node("SaveImage", images=["8", 0], filename_prefix="mine")}
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        await here.start(workflow=graph, **AS_IS)
        await hold.reached.wait()
        cut = power_cut(here)
        hold.released.set()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            first = batch.pictures[0]
            assert (first.index, len(first.extras)) == (1, 0)
            assert "(node s8) sent over the websocket" in first.remark


async def test_what_was_sent_while_the_app_was_away_is_made_again(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        await here.start(workflow=sent(), **AS_IS)
        await hold.reached.wait()
        cut = power_cut(here)
        hold.released.set()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            assert (batch.interrupted, batch.failed_images) == (True, ())
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            assert kept_whole(again, batch)
