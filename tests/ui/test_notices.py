"""What is to be known about how the app was started, on every page."""

import asyncio
from pathlib import Path

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.storage.storage import DATABASE_NAME
from batchgen_app.ui.comparison import summary_words
from tests.batches.power_cut import power_cut
from tests.faulty_engine import HangWhileSampling
from tests.storage.locker import locked
from tests.studio import studio, until
from tests.ui.conftest import Opening

SENTENCE = "BatchGen stopped in the middle of a batch: 1 of 4 images are safe"


async def died(folder: Path) -> BatchState:
    """An app that died after the first of four images, and left this folder."""
    async with studio(folder / "before", HangWhileSampling(prompt=2)) as here:
        batch = await here.start(batchCount=4)
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        power_cut(here, folder)
    return batch


async def test_a_start_after_a_death_says_what_became_of_the_batch(
    opening: Opening, tmp_path: Path
) -> None:
    batch = await died(tmp_path)
    visit = await opening("/")
    await visit.sees("notice-text", f"{SENTENCE}; the missing 3 can be made.")
    assert visit.one("show-recovered").props["href"] == f"/batch/{batch.batch_id}"
    visit.click("put-away")
    await until(lambda: not visit.all("notice"))
    await visit.open("/gallery")
    assert not visit.all("notice")


async def test_the_notice_and_the_button_call_what_is_missing_by_the_same_words(
    opening: Opening, tmp_path: Path
) -> None:
    batch = await died(tmp_path)
    visit = await opening(f"/batch/{batch.batch_id}")
    button = summary_words.missing(3)
    await visit.sees("notice-text", button.removeprefix("Make "))
    await until(lambda: bool(visit.all("completion-summary")))
    visit.user.find(button).click()
    again = await visit.studio.app.batch_service.batch(batch.batch_id)
    await until(lambda: again.completed_images == 4)


async def test_an_interrupted_batch_is_called_so_everywhere_and_lasted_as_long_as_it_was_made(
    opening: Opening, tmp_path: Path
) -> None:
    batch = await died(tmp_path)
    visit = await opening(f"/batch/{batch.batch_id}")
    again = await visit.studio.app.batch_service.batch(batch.batch_id)
    await until(lambda: bool(visit.all("completion-summary")))
    said = [label.text for label in visit.inside(visit.one("completion-summary"), ui.label)]
    assert any(text.startswith("Interrupted: ") for text in said)
    assert again.completed_at
    last = max(picture.created_at for picture in again.pictures)
    assert again.working.until < again.completed_at
    assert again.working.until >= last
    await visit.open("/gallery")
    count = [label.text for label in visit.inside(visit.one("gallery-item"), ui.label)]
    assert "1 image · interrupted" in count


async def test_an_ordinary_start_says_nothing(opening: Opening) -> None:
    visit = await opening("/")
    assert not visit.all("notice")


async def test_what_had_to_be_put_aside_is_told_on_every_page_until_somebody_has_read_it(
    opening: Opening, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "batchgen.db").write_text("no database")
    visit = await opening("/gallery")
    await visit.sees("notice-text", "The database was damaged. It is kept as batchgen.db.broken-")
    assert not visit.all("show-recovered")
    visit.click("put-away")
    await until(lambda: not visit.all("notice"))
    await visit.open("/settings")
    assert not visit.all("notice")


async def test_a_database_that_another_program_locks_is_told_until_it_is_free(
    opening: Opening, tmp_path: Path
) -> None:
    visit = await opening("/settings")
    async with locked(tmp_path / "data" / DATABASE_NAME):
        starting = asyncio.create_task(visit.studio.start(batchCount=2))
        await visit.sees("database-locked", "Close that program, or wait")
        health = await visit.user.http_client.get("/api/health")
        assert health.json()["status"] == "database_in_use"
    await until(lambda: not visit.all("database-locked"))
    assert (await visit.studio.end(await starting)).completed_images == 2


async def test_a_batch_whose_folder_is_missing_says_so_on_its_page(
    opening: Opening, tmp_path: Path
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
    (tmp_path / "images").rename(tmp_path / "away")
    visit = await opening(f"/batch/{batch.batch_id}")
    await visit.sees("notice-text", "Nothing is forgotten meanwhile.")
    await visit.sees("folder-missing", f"The folder of batch {batch.batch_id} is not in")
    (tmp_path / "away").rename(tmp_path / "images")
    await visit.open(f"/batch/{batch.batch_id}")
    await until(lambda: bool(visit.all("completion-summary")))
    assert not visit.all("folder-missing")
