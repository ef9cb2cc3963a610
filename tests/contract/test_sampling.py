"""Sampling with the first checkpoint that the server offers: steps, previews, cache, stopping."""

import io

import pytest
from PIL import Image

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import Outcome
from batchgen_app.comfy.messages import ExecutionCached, Preview, Progress
from tests.contract.graphs import any_colour, sampled
from tests.contract.visitor import Visitor

SAMPLER, LOADER, SAVE = "3", "4", "9"


@pytest.fixture
async def checkpoint(visitor: Visitor) -> str:
    """The name of a checkpoint."""
    models = await Catalog(visitor.client).models()
    names = [model.name for model in models if model.is_checkpoint]
    if not names:
        pytest.skip("The server has no checkpoint to sample with.")
    return names[0]


async def test_every_step_is_told_and_previews_say_whose_they_are(
    visitor: Visitor, checkpoint: str
) -> None:
    prompt_id = await visitor.post(sampled(checkpoint, any_colour()))
    entry = await visitor.end_of(prompt_id)
    assert [file.node_id for file in entry.files] == [SAVE]
    told = [m for m in visitor.about(prompt_id) if isinstance(m, Progress | Preview)]
    steps = [m for m in told if isinstance(m, Progress)]
    assert steps == [Progress(prompt_id, SAMPLER, n, 2) for n in (1, 2)]
    previews = [m for m in told if isinstance(m, Preview)]
    assert bool(previews) is (await visitor.client.stats()).previews
    assert not [m for m in visitor.ear.of(Preview) if m.prompt_id is None]
    if previews:
        assert isinstance(told[0], Preview)
        check_preview(previews[0])


def check_preview(preview: Preview) -> None:
    assert (preview.node, preview.content_type) == (SAMPLER, "image/jpeg")
    with Image.open(io.BytesIO(preview.picture)) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", 512)


async def test_another_seed_does_not_load_the_model_again(
    visitor: Visitor, checkpoint: str
) -> None:
    seed = any_colour()
    first, second = [await visitor.post(sampled(checkpoint, seed + n)) for n in (0, 1)]
    before, after = await visitor.end_of(first), await visitor.end_of(second)
    (cached,) = [m for m in visitor.about(second) if isinstance(m, ExecutionCached)]
    assert LOADER in cached.nodes
    assert SAMPLER not in cached.nodes
    assert before.files != after.files


async def test_sampling_stops_between_two_steps(visitor: Visitor, checkpoint: str) -> None:
    prompt_id = await visitor.post(sampled(checkpoint, any_colour(), steps=30))
    await visitor.ear.until(lambda: bool(visitor.ear.of(Progress)))
    await visitor.client.cancel(prompt_id)
    entry = await visitor.end_of(prompt_id)
    assert (entry.outcome, entry.files) == (Outcome.INTERRUPTED, ())
    assert len([m for m in visitor.about(prompt_id) if isinstance(m, Progress)]) < 30
