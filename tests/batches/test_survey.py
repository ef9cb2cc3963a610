"""A look through the files while the app is used, and folders that are brought in."""

import shutil
from pathlib import Path

from batchgen_app.batches.survey_service import SurveyService
from batchgen_app.storage.housekeeping.findings import Found
from tests.studio import studio, until


async def test_a_running_batch_is_looked_at_and_not_disturbed(tmp_path: Path) -> None:
    async with studio(tmp_path, step_delay=0.05) as here:
        batch = await here.start(batchCount=4)
        await until(lambda: batch.completed_images > 0)
        survey, gallery = here.app.survey, here.app.storage.gallery
        while not await gallery.images(batch.batch_id):  # shown just behind its event
            pass
        survey.begin()
        survey.begin()
        await until(lambda: not survey.is_running)
        found = survey.findings
        assert found
        assert found.found.model_copy(update={"alike": 0, "alike_bytes": 0}) == Found()
        assert not found.problems
        assert found.images >= 1
        await here.end(batch)
        assert batch.completed_images == 4


async def test_the_app_ends_in_the_middle_of_a_look_and_the_earlier_findings_stay(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        await here.make()
        here.app.survey.begin()
        await until(lambda: here.app.survey.findings is not None)
        await until(lambda: not here.app.survey.is_running)
        here.app.survey.begin()
    async with studio(tmp_path) as here:
        assert here.app.survey.findings
        assert here.app.survey.findings.images == 3
        assert not here.app.survey.is_running


def unknown(survey: SurveyService) -> list[str]:
    """The folders that were found and that no batch knows."""
    assert survey.findings
    return list(survey.findings.unknown)


async def test_what_was_cut_off_elsewhere_is_brought_in_as_interrupted(tmp_path: Path) -> None:
    async with studio(tmp_path / "one", step_delay=0.05) as one:
        batch = await one.start(batchCount=5)
        await until(lambda: batch.completed_images > 0)
        taken = tmp_path / "taken"
        shutil.copytree(one.app.storage.store.folder(batch.batch_id), taken)
        await one.app.batch_service.cancel(batch.batch_id, "enough")
        await one.end(batch)
    async with studio(tmp_path / "two") as two:
        place = two.app.storage.store.folder(batch.batch_id)
        shutil.copytree(taken, place)
        survey = two.app.survey
        survey.begin()
        await until(lambda: survey.findings is not None)
        assert unknown(survey) == [batch.batch_id]
        edited: list[str] = []
        two.app.image_service.changed.subscribe(edited.append)
        assert await survey.bring_in(batch.batch_id) == []
        assert edited == [batch.batch_id]
        assert unknown(survey) == []
        brought = await two.app.batch_service.batch(batch.batch_id)
        assert brought.ended
        assert brought.interrupted
        assert brought.completed_images >= 1
        resumed = (await two.app.batch_service.resume(batch.batch_id)).batch
        await two.end(resumed)
        assert resumed.completed_images == 5


async def test_a_folder_with_nothing_in_it_is_brought_in_by_nobody(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        stranger = "20200101-120000-000000-aaaa"
        here.app.storage.store.folder(stranger).mkdir(parents=True)
        problems = await here.app.survey.bring_in(stranger)
        assert len(problems) == 1
        assert stranger in problems[0]
        assert await here.app.storage.log.batch_ids() == []
