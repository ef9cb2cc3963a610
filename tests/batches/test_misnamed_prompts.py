"""A server that answers a prompt with an id of its own: the batch goes on, whatever it says."""

from pathlib import Path
from uuid import uuid4

import pytest

from batchgen_app.batches import submissions
from batchgen_app.core.batch import BatchStatus
from tests.faulty_engine import LosePrompt, MisnamePrompt
from tests.studio import studio

THEIRS = "00000000-0000-4000-8000-000000000001"


async def test_ids_that_an_older_server_makes_itself_are_taken(tmp_path: Path) -> None:
    async with studio(tmp_path, MisnamePrompt(is_true=True)) as here:
        batch = await here.make()
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 3)


async def test_a_server_that_answers_every_prompt_with_the_same_id_costs_nothing_if_it_takes_ours(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, MisnamePrompt(answer=THEIRS)) as here:
        batch = await here.make()
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 3)
        assert len({image.prompt_id for image in batch.images} | {THEIRS}) == 4


async def test_an_answer_with_the_id_of_the_first_image_takes_nothing_from_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [THEIRS, *(str(uuid4()) for _ in range(2))]
    monkeypatch.setattr(submissions, "uuid4", iter(ours).__next__)
    async with studio(tmp_path, MisnamePrompt(answer=THEIRS), step_delay=0.02) as here:
        batch = await here.make()
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 3)
        assert [image.prompt_id for image in batch.images] == ours


async def test_prompts_that_all_run_under_one_id_fail_in_words_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, MisnamePrompt(answer=THEIRS, is_true=True)) as here:
        first, second = await here.make(), await here.make()
        assert (first.status, first.failed_images) == (BatchStatus.COMPLETE, (2, 3))
        assert "same id" in (first.image(2).message or "")
        assert second.status is BatchStatus.FAILED
        assert "same id" in (second.ended_because or "")


async def test_ids_that_nobody_knows_fail_in_words(tmp_path: Path) -> None:
    async with studio(tmp_path, MisnamePrompt(is_true=True), LosePrompt()) as here:
        batch = await here.make(batchCount=2)
        assert batch.status is BatchStatus.FAILED
        assert "lost this image" in (batch.ended_because or "")
