"""Prompts that vary from image to image, through the whole app: each image's graph has its own
words, they are chosen once, and they come back from wherever they were written down.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.infotext import read_infotext
from batchgen_app.core.state import BatchState
from batchgen_app.storage import png
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.storage.metadata.writing import KEYWORD
from batchgen_app.storage.storage import open_storage
from tests.batches.power_cut import power_cut, started_again, the_batch
from tests.demo.graphs import txt2img
from tests.faulty_engine import Hold, Moment, out_of_memory
from tests.studio import Studio, studio, until

COLOURS = ["red", "blue", "green", "grey", "pink", "gold"]
TEMPLATE = "# a note\na __colour__ fox {a|b|c|d} {e|f|g|h}"
VARIED = {"prompt": TEMPLATE, "negativePrompt": "{blurry|dark|pale}", "dynamicPrompt": True}


def keep(here: Studio, name: str = "colour", *options: str) -> Path:
    """A wildcard file of the person."""
    file = here.folder / "data" / "wildcards" / f"{name}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(options or COLOURS), encoding="utf-8")
    return file


async def graphs(here: Studio) -> dict[int, dict[str, Any]]:
    """By its seed, every graph that the server has run since it was started."""
    async with httpx.AsyncClient() as http:
        history = (await http.get(f"{here.engine.url}/history")).json()
    run = [entry["prompt"][2] for entry in history.values()]
    return {graph["sampler"]["inputs"]["seed"]: graph for graph in run}


def texts(graph: dict[str, Any]) -> tuple[str, str]:
    return graph["positive"]["inputs"]["text"], graph["negative"]["inputs"]["text"]


def planned(batch: BatchState) -> list[tuple[str, str | None]]:
    return [(words.prompt, words.negative_prompt) for words in batch.prompts]


async def test_each_image_is_made_of_its_own_words(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        batch = await here.make(**VARIED, batchCount=8)
        run = await graphs(here)
        assert [texts(run[seed]) for seed in batch.seeds] == planned(batch)
        assert len({words.prompt for words in batch.prompts}) > 1
        assert all("{" not in words.prompt and "#" not in words.prompt for words in batch.prompts)
        assert batch.request.prompt == TEMPLATE


async def test_the_words_stand_wherever_the_picture_is_told_of(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        batch = await here.make(**VARIED)
        folder = here.app.storage.store.folder(batch.batch_id)
        for picture, words in zip(batch.pictures, batch.prompts, strict=True):
            assert (picture.prompt, picture.negative_prompt) == (
                words.prompt,
                words.negative_prompt,
            )
            parts = png.chunks((folder / picture.filename).read_bytes())
            found = read_infotext(png.text(parts, KEYWORD) or "")
            assert (found.prompt, found.template) == (words.prompt, TEMPLATE)
            assert found.parameters.negative_prompt == words.negative_prompt
            assert await here.app.storage.gallery.image(picture.id) == picture
        assert here.batch_file(batch)["prompts"] == [w.to_json() for w in batch.prompts]


@pytest.mark.parametrize("text", ["a __colour__ fox", TEMPLATE])
async def test_without_being_asked_for_nothing_is_chosen(tmp_path: Path, text: str) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        batch = await here.make(prompt=text, batchCount=2)
        run = await graphs(here)
        assert {texts(graph)[0] for graph in run.values()} == {text}
        assert "prompts" not in here.batch_file(batch)
        assert not batch.prompts
        assert "prompt" not in batch.pictures[0].to_json()


async def test_a_regenerate_chooses_anew_and_the_same_seeds_choose_the_same(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        fixed = {**VARIED, "seedMode": "incremental", "baseSeed": 5, "batchCount": 6}
        first, again = await here.make(**fixed), await here.make(**fixed)
        assert first.prompts == again.prompts
        accepted = await here.app.batch_service.regenerate(first.batch_id)
        other = await here.end(accepted.batch)
        assert other.request.prompt == TEMPLATE
        assert other.prompts != first.prompts


async def test_a_resume_uses_the_recorded_words_though_the_wildcard_file_is_gone(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, out_of_memory(prompt=2)) as here:
        file = keep(here)
        batch = await here.make(**VARIED)
        assert batch.failed_images == (2,)
        file.unlink()
        before = batch.prompts
        await here.app.batch_service.resume(batch.batch_id)
        await here.end(batch)
        assert batch.completed_images == 3
        run = await graphs(here)
        assert [texts(run[seed]) for seed in batch.seeds] == planned(batch)
        assert batch.prompts == before


async def test_after_a_kill_the_rest_is_made_of_the_words_that_were_chosen(tmp_path: Path) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        keep(here)
        first = await here.start(**VARIED, batchCount=4)
        await until(lambda: first.completed_images == 1 and first.image(3).prompt_id is not None)
        await until(lambda: len(here.batch_file(first)["images"]) == 1)
        cut = power_cut(here)
        (cut / "data" / "wildcards" / "colour.txt").write_text("other")
        hold.released.set()
        await here.end(first)
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            assert batch.completed_images == 4
            assert batch.prompts == first.prompts
            assert [picture.prompt for picture in batch.pictures] == [
                words.prompt for words in first.prompts
            ]
            run = await graphs(again)
            assert texts(run[batch.seeds[3]]) == planned(batch)[3]


async def reindexed(folder: Path) -> BatchState:
    """What comes back of the one batch from its folder alone."""
    (folder / "data" / "batchgen.db").unlink()
    async with open_storage(folder / "data", folder / "images") as storage:
        (batch_id,) = await storage.log.batch_ids()
        batch = await storage.log.state(batch_id)
        assert batch
        return batch


async def test_the_folder_brings_the_words_back(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        batch = await here.make(**VARIED)
    back = await reindexed(tmp_path)
    assert (back.prompts, back.request) == (batch.prompts, batch.request)
    assert back.pictures == batch.pictures


async def test_so_do_the_pictures_alone(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        batch = await here.make(**VARIED, batchCount=4)
        folder = here.app.storage.store.folder(batch.batch_id)
    (folder / "batch.json").unlink()
    for text in folder.glob("*.txt"):
        text.unlink()
    back = await reindexed(tmp_path)
    assert back.prompts == batch.prompts
    assert (back.request.prompt, back.request.negative_prompt, back.request.dynamic_prompt) == (
        TEMPLATE,
        VARIED["negativePrompt"],
        True,
    )
    assert [p.prompt for p in back.pictures] == [words.prompt for words in batch.prompts]


async def test_the_gallery_finds_the_template_and_what_came_of_it(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        keep(here, "colour", "Ultramarine")
        batch = await here.make(**VARIED)
        for text in ("__colour__", "ultramarine fox"):
            page = await here.app.storage.gallery.batches(GalleryQuery(text=text))
            assert [found.batch_id for found in page.batches] == [batch.batch_id]
            assert page.batches[0].prompts == list(batch.prompts)


async def test_in_a_workflow_the_words_go_wherever_the_prompt_does(tmp_path: Path) -> None:
    graph = txt2img()
    async with studio(tmp_path) as here:
        batch = await here.make(prompt="a {red|blue} fox", workflow=graph, dynamicPrompt=True)
        async with httpx.AsyncClient() as http:
            history = (await http.get(f"{here.engine.url}/history")).json()
        run = {json.dumps(entry["prompt"][2]) for entry in history.values()}
        assert len(run) == 3
        for words in batch.prompts:
            assert any(json.dumps(words.prompt) in text for text in run)
        assert all("{red" not in text for text in run)
        assert all(words.negative_prompt is None for words in batch.prompts)


async def test_a_prompt_without_a_place_does_not_vary(tmp_path: Path) -> None:
    graph = txt2img()
    async with studio(tmp_path) as here:
        batch = await here.make(
            prompt="a {red|blue} fox",
            workflow=graph,
            dynamicPrompt=True,
            promptAsIs=True,
            roles={"prompt": [], "negativePrompt": []},
        )
        assert not batch.prompts
        assert "{" not in batch.request.prompt


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"prompt": "a {red|blue fox"}, "prompt", "unclosed_choice"),
        ({"prompt": "a __color__ fox"}, "prompt", "unknown_wildcard"),
        ({"negativePrompt": "__ring__"}, "negativePrompt", "wildcard_ring"),
        ({"prompt": "{|}"}, "prompt", "blank"),
        ({"prompt": "__long__"}, "prompt", "too_long"),
        ({"prompt": "__huge__"}, "prompt", "wildcard_too_large"),
    ],
)
async def test_what_makes_no_sense_is_refused_before_anything_is_begun(
    tmp_path: Path, asked: dict[str, str], field: str, code: str
) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        keep(here, "ring", "__ring__")
        keep(here, "long", "word " * 200)
        with keep(here, "huge").open("wb") as huge:
            huge.truncate(100_000_000)
        with pytest.raises(InvalidRequest) as refusal:
            await here.start(**asked, dynamicPrompt=True)
        assert [(p.field, p.code) for p in refusal.value.problems] == [(field, code)]
        assert not await here.app.storage.log.batch_ids()


async def test_an_unknown_wildcard_says_where_it_was_looked_for(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        keep(here)
        with pytest.raises(InvalidRequest) as refusal:
            await here.start(prompt="a __color__ fox", dynamicPrompt=True)
        said = str(refusal.value)
        assert '"color"' in said
        assert str(tmp_path / "data" / "wildcards") in said
        assert "Similar ones: colour." in said
