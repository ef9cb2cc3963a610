"""Prompts of more than 500 characters: taken where somebody has allowed them, and what was made
with one stays usable when that is over.
"""

from pathlib import Path

import pytest

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH, MAX_PROMPT_LENGTH
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.state import BatchState
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.storage.storage import DATABASE_NAME
from tests.faulty_engine import FailAtNode
from tests.studio import Studio, request, studio

LONG = ("a very detailed forest, " * 500)[: MAX_LONG_PROMPT_LENGTH - 1] + "."


def long_request(prompt: str = LONG) -> BatchRequest:
    asked = {**request().to_json(), "prompt": prompt}
    return BatchRequest.parse(asked, prompt_limit=MAX_LONG_PROMPT_LENGTH)


async def make(running: Studio) -> BatchState:
    """A batch with a long prompt, ended."""
    running.app.batch_service.prompt_limit = MAX_LONG_PROMPT_LENGTH
    return await running.end((await running.app.batch_service.start(long_request())).batch)


async def shown(running: Studio) -> list[str]:
    page = await running.app.storage.gallery.batches(GalleryQuery())
    return [batch.prompt for batch in page.batches]


async def test_it_comes_to_the_server_whole(tmp_path: Path) -> None:
    async with studio(tmp_path) as running:
        batch = await make(running)
        assert batch.status is BatchStatus.COMPLETE
        sent = str(batch.workflow["positive"]["inputs"]["text"])
        assert sent == LONG


async def test_it_is_refused_where_nobody_has_allowed_it(tmp_path: Path) -> None:
    async with studio(tmp_path) as running:
        assert running.app.batch_service.prompt_limit == MAX_PROMPT_LENGTH
        with pytest.raises(InvalidRequest) as refused:
            await running.app.batch_service.start(long_request("x" * 501))
        (problem,) = refused.value.problems
        assert (problem.field, problem.code) == ("prompt", "too_long")
        assert str(problem.message) == "Prompt exceeds 500 character limit"
        assert not running.app.queue.is_busy


async def test_words_that_vary_may_come_to_as_much(tmp_path: Path) -> None:
    varied = f"{{2$$, $${'red, ' * 150}|{'blue, ' * 100}}} fox"
    asked = {**request().to_json(), "prompt": varied, "dynamicPrompt": True}
    async with studio(tmp_path) as running:
        running.app.batch_service.prompt_limit = MAX_LONG_PROMPT_LENGTH
        wanted = BatchRequest.parse(asked, prompt_limit=MAX_LONG_PROMPT_LENGTH)
        batch = await running.end((await running.app.batch_service.start(wanted)).batch)
        words = [picture.prompt or "" for picture in batch.pictures]
        assert [text.count("red") for text in words] == [150] * batch.total_images
        assert all(len(text) > MAX_PROMPT_LENGTH for text in words)


async def test_when_it_is_off_again_a_batch_is_shown_and_finished_but_not_repeated(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, FailAtNode(prompt=1)) as running:
        batch_id = (await make(running)).batch_id
    async with studio(tmp_path) as running:
        assert await shown(running) == [LONG]
        accepted = await running.app.batch_service.resume(batch_id)
        batch = await running.end(accepted.batch)
        assert not batch.missing
        assert batch.request.prompt == LONG
        with pytest.raises(InvalidRequest, match="Prompt exceeds 500 character limit"):
            await running.app.batch_service.regenerate(batch_id)


@pytest.mark.parametrize("is_lost", ["the database", "the database and batch.json"])
async def test_when_it_is_off_again_a_lost_batch_comes_back(tmp_path: Path, is_lost: str) -> None:
    async with studio(tmp_path) as running:
        batch = await make(running)
        folder = running.app.storage.store.folder(batch.batch_id)
    for path in (tmp_path / "data").glob(f"{DATABASE_NAME}*"):
        path.unlink()
    if "batch.json" in is_lost:
        (folder / "batch.json").unlink()
    async with studio(tmp_path) as running:
        assert await shown(running) == [LONG]
