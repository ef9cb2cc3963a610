"""A picture is made again from its own file, and compared: identical, or what differs."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from batchgen_app.batches.image_graphs import ANEW
from batchgen_app.batches.proving import Prover
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.batch_file_events import events_of
from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound
from batchgen_app.core.proof import Proof
from batchgen_app.core.serializers import proof_of
from batchgen_app.core.state import BatchState
from batchgen_app.storage import png
from batchgen_app.storage.event_log import replay
from batchgen_app.storage.workflow_file import workflow_of_picture
from tests.batches.power_cut import power_cut, started_again
from tests.faulty_engine import HangWhileSampling
from tests.studio import Studio, studio, until

IMAGE = 2
"""Which one is proved."""


async def proved(here: Studio, batch: BatchState, index: int = IMAGE) -> BatchState:
    """The batch in which a picture was made again."""
    image = batch.image(index).picture
    assert image
    return await here.end((await here.app.batch_service.prove(image.id)).batch)


def told(batch: BatchState) -> Proof:
    """What came of it."""
    proof = proof_of(batch)
    assert proof
    return proof


def about(batch: BatchState) -> list[str]:
    """What differs, by kinds."""
    return [difference.about for difference in told(batch).differences]


def path_of(here: Studio, batch: BatchState, index: int = IMAGE) -> Path:
    picture = batch.image(index).picture
    assert picture
    return here.app.storage.store.picture_path(batch.batch_id, picture.filename)


def graph_in(path: Path) -> dict[str, Any]:
    workflow = workflow_of_picture(path.read_bytes())
    assert workflow
    return workflow.nodes


def repainted(path: Path, *dots: tuple[int, int]) -> None:
    """The picture with some of its pixels another colour, and all its texts."""
    parts = png.chunks(path.read_bytes())
    texts = PngInfo()
    for keyword in ("parameters", "prompt"):
        texts.add_text(keyword, png.text(parts, keyword) or "")
    with Image.open(path) as image:
        image.load()
        for dot in dots:
            image.putpixel(dot, (255, 0, 0))
        image.save(path, pnginfo=texts)


async def test_the_same_picture_comes_out_again(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        again = await proved(here, batch)
        image = batch.image(IMAGE)
        assert told(again) == Proof(image=f"{batch.batch_id}-002", identical=True)
        assert (again.seeds, again.total_images) == ((image.seed,), 1)
        assert again.request.prompt == batch.request.prompt
        assert path_of(here, again, 1).read_bytes() != path_of(here, batch).read_bytes()
        assert (await here.events(again))[-2:] == ["batch_proved", "batch_completed"]
        assert here.batch_file(again)["proof"] == told(again).to_json()
        shown = await here.app.storage.gallery.batch(again.batch_id)
        assert shown
        assert shown.proof == told(again)


async def test_the_server_really_makes_it_though_it_remembers_the_earlier_one(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        first, second = await proved(here, batch, 2), await proved(here, batch, 2)
        assert told(first).identical
        assert told(second).identical
        for again in (first, second):
            graph = graph_in(path_of(here, again, 1))
            assert [node for node in graph.values() if ANEW in node["inputs"]]
            assert ANEW not in str(again.workflow)
        third = await proved(here, second, 1)  # of what carries such a mark itself
        assert told(third).identical
        assert ANEW not in str(third.workflow)


async def test_what_was_only_recalled_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that knows by other signs that it has made it."""
    monkeypatch.setattr("batchgen_app.batches.image_graphs.anew", lambda nodes, _: nodes)
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        again = await proved(here, batch)
        assert again.status is BatchStatus.FAILED
        assert told(again).identical is None
        assert about(again) == ["not_made"]
        assert "nothing is proved" in told(again).differences[0].message


async def test_other_pixels_are_counted_and_found(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        repainted(path_of(here, batch), (3, 5), (10, 9))
        again = await proved(here, batch)
        (told_of,) = told(again).differences
        assert told(again).identical is False
        assert (told_of.about, told_of.count, told_of.total) == ("pixels", 2, 64 * 64)
        assert told_of.area == [3, 5, 8, 5]
        assert told_of.largest
        assert "2 of 4096 pixels differ (0.05 %)" in told_of.message
        assert here.batch_file(again)["proof"]["identical"] is False


async def test_another_server_is_named_where_it_paints_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        repainted(path_of(here, batch), (0, 0))
        assert batch.versions
        batch.versions = batch.versions.model_copy(update={"server": "0.2.9"})
        again = await proved(here, batch)
        assert about(again) == ["pixels", "server"]
        assert "it was 0.2.9" in told(again).differences[1].message


async def test_another_size_another_graph_and_another_file_are_named(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        other = await here.make(batchCount=2, baseParameters={"width": 128, "height": 64})
        again = await proved(here, batch)
        # As if somebody had put another picture in its place before it was compared.
        shutil.copy(path_of(here, other), path_of(here, batch))
        verdict = await here.app.batch_service._prover.proof(again)
        assert [each.about for each in verdict.differences] == ["size", "nodes"]
        with Image.open(path_of(here, other)) as image:
            image.save(path_of(here, batch), "WEBP")
        verdict = await here.app.batch_service._prover.proof(again)
        assert [each.about for each in verdict.differences][:2] == ["format", "size"]


async def test_the_models_hash_tells_that_its_file_is_another_one(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        again = await proved(here, batch)
        for path, digest in ((path_of(here, batch), "0aaa"), (path_of(here, again, 1), "0bbb")):
            text = f"a fox\nSteps: 2, Model hash: {digest}, Model: x, Seed: 7"
            with Image.open(path) as image:
                image.load()
                texts = PngInfo()
                texts.add_text("parameters", text)
                image.putpixel((0, 0), (0, 0, 0) if digest == "0aaa" else (9, 9, 9))
                image.save(path, pnginfo=texts)
        verdict = await here.app.batch_service._prover.proof(again)
        assert [each.about for each in verdict.differences] == ["pixels", "model"]
        assert verdict.differences[1].message == "Model hash is 0bbb now; it was 0aaa."


async def test_graph_and_seed_are_those_of_the_file(tmp_path: Path) -> None:
    """Whatever else is known of it: the file is what is handed on."""
    async with studio(tmp_path) as here:
        batch = await here.make()
        other = await here.make(prompt="a blue owl")
        shutil.copy(path_of(here, other), path_of(here, batch))
        again = await proved(here, batch)
        assert told(again).identical
        assert again.seeds == (other.image(IMAGE).seed,)
        assert "a blue owl" in str(again.workflow)
        assert "a red fox" not in str(again.workflow)


async def test_a_file_without_a_graph_is_made_by_what_is_noted_and_that_is_said(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(dynamicPrompt=True, prompt="a {red|blue|green} fox")
        with Image.open(path_of(here, batch)) as image:
            image.load()
            image.save(path_of(here, batch))
        picture = batch.image(IMAGE).picture
        assert picture
        accepted = await here.app.batch_service.prove(picture.id)
        assert "carries no graph itself" in accepted.remark
        again = await here.end(accepted.batch)
        assert told(again).identical
        assert again.request.prompt == batch.words(IMAGE).prompt
        assert not again.request.dynamic_prompt


async def test_a_graph_that_nobody_knows_is_a_conflict(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        with Image.open(path_of(here, batch)) as image:
            image.load()
            image.save(path_of(here, batch))
        batch.workflow = {}
        with pytest.raises(Conflict, match="workflow of this batch is not known"):
            await proved(here, batch)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"class_type": "NoSuchLoader"}, "does not know the node"),
        ({"inputs": {"ckpt_name": "gone.safetensors"}}, "gone.safetensors"),
    ],
)
async def test_what_the_server_lacks_is_said_before_anything_starts(
    tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        path, texts = path_of(here, batch), PngInfo()
        graph = graph_in(path)
        loader = next(n for n, node in graph.items() if "ckpt_name" in node["inputs"])
        texts.add_text("prompt", json.dumps({**graph, loader: {**graph[loader], **change}}))
        with Image.open(path) as image:
            image.load()
            image.save(path, pnginfo=texts)
        end = await here.app.storage.log.end()
        with pytest.raises(InvalidRequest, match=why):
            await proved(here, batch)
        assert await here.app.storage.log.end() == end


async def test_the_picture_that_is_deleted_meanwhile_leaves_it_open(tmp_path: Path) -> None:
    async with studio(tmp_path, step_delay=0.02) as here:
        batch = await here.make(batchCount=2)
        picture = batch.image(IMAGE).picture
        assert picture
        accepted = await here.app.batch_service.prove(picture.id)
        await here.app.image_service.delete_images(picture.id)
        again = await here.end(accepted.batch)
        assert again.status is BatchStatus.COMPLETE
        assert told(again).identical is None
        assert about(again) == ["picture"]
        with pytest.raises(NotFound):
            await here.app.batch_service.prove(picture.id)


async def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    async with studio(tmp_path, step_delay=0.02) as here:
        batch = await here.make(batchCount=2)
        path, picture = path_of(here, batch), batch.image(IMAGE).picture
        assert picture
        accepted = await here.app.batch_service.prove(picture.id)
        path.unlink()
        again = await here.end(accepted.batch)
        assert (told(again).identical, about(again)) == (None, ["picture"])
        with pytest.raises(NotFound):
            await here.app.batch_service.prove(picture.id)


async def test_a_proof_that_is_cancelled_says_so_and_can_be_gone_on_with(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=3)) as here:
        batch = await here.make(batchCount=2)
        picture = batch.image(IMAGE).picture
        assert picture
        again = (await here.app.batch_service.prove(picture.id)).batch
        await until(lambda: again.current_step == 1)
        assert proof_of(again) is None
        await here.app.batch_service.cancel(again.batch_id, "enough")
        await here.end(again)
        assert again.status is BatchStatus.CANCELLED
        assert (told(again).identical, about(again)) == (None, ["not_made"])
        assert "enough" in told(again).differences[0].message
        assert here.batch_file(again)["proof"]["identical"] is None
        await here.app.batch_service.resume(again.batch_id)
        await here.end(again)
        assert told(again).identical


async def test_an_app_that_dies_before_it_compared_does_so_at_its_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        picture = batch.image(IMAGE).picture
        assert picture

        async def never(*_: object) -> Proof:
            await asyncio.Event().wait()
            raise AssertionError("it does not end")

        with monkeypatch.context() as fault:
            fault.setattr(Prover, "proof", never)
            again = (await here.app.batch_service.prove(picture.id)).batch
            await until(lambda: bool(again.pictures))
            await until(lambda: len(here.batch_file(again)["images"]) == 1)
            cut = power_cut(here)
        async with started_again(cut, here.engine) as later:
            found = await later.app.batch_service.batch(again.batch_id)
            await later.end(found)
            assert found.status is BatchStatus.COMPLETE
            assert told(found) == Proof(image=picture.id, identical=True)
            assert (await later.events(found))[-2:] == ["batch_proved", "batch_completed"]


async def test_where_the_app_is_closed_before_it_compared_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> Proof:
        await asyncio.Event().wait()
        raise AssertionError("it does not end")

    monkeypatch.setattr(Prover, "proof", never)
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        again = (await here.app.batch_service.prove(f"{batch.batch_id}-001")).batch
        await until(lambda: bool(again.pictures))
    assert again.status is BatchStatus.COMPLETE
    assert (told(again).identical, about(again)) == (None, ["not_compared"])


async def test_a_proof_comes_back_from_its_folder_alone(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        repainted(path_of(here, batch), (1, 1))
        again = await proved(here, batch)
        known = told(again)
        events = events_of(here.batch_file(again))
        assert told(replay(events)) == known


async def test_what_only_seems_to_be_a_proof_is_refused(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        for image in (1, None):
            origin = {"batchId": batch.batch_id, "how": "proved", "image": image}
            with pytest.raises(InvalidRequest, match="prove"):
                await here.start(basedOn=origin)
        again = await proved(here, batch)
        regenerated = await here.app.batch_service.regenerate(again.batch_id)
        assert not regenerated.batch.proves
        assert not again.request.with_seeds([1]).based_on


async def test_a_film_is_compared_byte_by_byte_and_that_is_said(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        again = await proved(here, batch)
        path_of(here, batch).write_bytes(b"\0\0\0\x18ftypmp42")
        path_of(here, again, 1).write_bytes(b"\0\0\0\x18ftypmp41")
        prover = here.app.batch_service._prover
        verdict = await prover.proof(again)
        assert (verdict.identical, verdict.differences[0].about) == (None, "not_decoded")
        assert "no picture that can be decoded" in verdict.differences[0].message
        path_of(here, again, 1).write_bytes(b"\0\0\0\x18ftypmp42")
        assert (await prover.proof(again)).identical


async def test_what_started_from_a_picture_does_so_again_also_on_a_server_that_lost_it(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        first = await here.make(batchCount=2)
        start = {"picture.image": f"{first.batch_id}-001"}
        batch = await here.make(batchCount=2, inputImages=start)
        assert told(await proved(here, batch)).identical
        for given in here.engine.folders.input.rglob("*.png"):
            given.unlink()
        assert told(await proved(here, batch)).identical
