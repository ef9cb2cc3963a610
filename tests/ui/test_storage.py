"""The page "/storage": how much room the pictures take, and whether their files are in order."""

import json
from pathlib import Path

from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import Marks
from batchgen_app.core.state import BatchState
from batchgen_app.ui.housekeeping import words
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_theme import toasted


def file(visit: Visit, batch: BatchState, index: int) -> Path:
    name = batch.pictures[index - 1].filename
    return visit.studio.app.storage.store.picture_path(batch.batch_id, name)


async def look(visit: Visit) -> None:
    """Look through the files, to the end."""
    visit.click("look")
    await visit.sees("last-look")


async def test_without_pictures_the_page_says_what_it_is_for(opening: Opening) -> None:
    visit = await opening("/storage")
    await visit.user.should_see(str(words.NOTHING_YET_HINT))
    await look(visit)
    assert visit.texts("all-well") == [str(words.ALL_WELL)]


async def test_room_is_told_by_month_and_model_and_follows_the_trash(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    await visit.open("/storage")
    assert visit.texts("storage-stats")[0].startswith("3 images · ")
    assert len(visit.all("by-month")) == len(visit.all("by-model")) == 1
    await visit.user.should_see("demo-dreams-xl.safetensors")
    assert visit.texts("storage-trash") == [str(words.TRASH_EMPTY)]
    await visit.studio.app.image_service.delete_images(batch.pictures[0].id)
    await until(lambda: visit.texts("storage-stats")[0].startswith("2 images · "))
    assert "lie in the trash" in visit.texts("storage-trash")[0]


async def test_what_is_missing_leads_to_its_batch(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    file(visit, batch, 2).unlink()
    (file(visit, batch, 1).parent / "holiday.jpg").write_bytes(b"mine")
    await visit.open("/storage")
    await look(visit)
    await visit.user.should_see("1 is missing")
    await visit.user.should_see("holiday.jpg")
    assert len(visit.all("faulty")) == len(visit.all("foreign")) == 1
    assert not visit.all("all-well")


async def test_every_file_can_be_checked_for_wrong_pixels(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    path = file(visit, batch, 2)
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)
    await visit.open("/storage")
    await look(visit)
    assert not visit.all("faulty")
    visit.click("check-files")
    await visit.sees("faulty")
    await visit.user.should_see("1 is damaged")


async def test_what_an_earlier_build_has_found_otherwise_is_looked_for_again(
    opening: Opening, tmp_path: Path
) -> None:
    no_text = "\udcff"
    earlier = {
        "endedAt": "2026-11-30T10:00:00Z",
        "images": 1,
        "bytes": 1,
        "found": {"unknown": 1},
        "unknown": [no_text],
        "same": [{"images": [no_text, no_text], "bytes": 1}],
    }
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "findings.json").write_text(json.dumps(earlier))
    visit = await opening("/storage")
    assert visit.one("look").text == str(words.LOOK)
    assert not visit.all("last-look")
    await look(visit)
    assert visit.texts("all-well") == [str(words.ALL_WELL)]


async def test_batches_of_one_minute_are_told_apart(opening: Opening) -> None:
    visit = await opening("/settings")
    for prompt in ("a red fox", "a blue whale"):
        file(visit, await visit.studio.make(prompt=prompt), 1).unlink()
    await visit.open("/storage")
    await look(visit)
    for prompt in ("a red fox", "a blue whale"):
        await visit.user.should_see(prompt)


def test_a_batch_is_named_as_exactly_as_it_takes() -> None:
    alone, first, second, twin, strange = (
        "20261122-141500-123456-9f3a", "20261122-141601-123456-9f3a",
        "20261122-141602-123456-9f3a", "20261122-141602-123457-0000", "from-elsewhere",
    )  # fmt: skip
    names = words.names_of([alone, first, second, twin, strange])
    assert len(set(names.values())) == len(names)
    assert names[alone].count(":") == 1
    assert names[first].count(":") == 2
    assert (second in names[second], twin in names[twin]) == (True, True)
    assert names[strange] == strange


async def test_of_equal_pictures_the_best_is_kept_and_that_can_be_undone(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    for index in (2, 3):
        file(visit, batch, index).write_bytes(file(visit, batch, 1).read_bytes())
    ids = [picture.id for picture in batch.pictures]
    await visit.studio.app.image_service.mark(Marks(rating=4), ids[1])
    await visit.open("/storage")
    await look(visit)
    assert len(visit.all("group")) == 1
    visit.click("keep-best")
    await until(lambda: [picture.id for picture in batch.pictures] == [ids[1]])
    await until(lambda: bool(visit.all("toast")))
    assert toasted(visit) == "2 images moved to the trash."
    await until(lambda: not visit.all("group"))
    visit.click("undo")
    await until(lambda: len(batch.pictures) == 3)
    await until(lambda: len(visit.all("group")) == 1)


async def test_a_folder_that_nobody_knows_is_brought_in(opening: Opening, tmp_path: Path) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    home = file(visit, batch, 1).parent
    stranger = home.with_name("20200101-120000-000000-aaaa")
    stranger.mkdir()
    for made in home.glob("00*"):
        (stranger / made.name).write_bytes(made.read_bytes())
    await visit.open("/storage")
    await look(visit)
    await visit.user.should_see(stranger.name)
    visit.click("bring-in")
    await until(lambda: bool(visit.all("toast")))
    assert toasted(visit)
    await until(lambda: not visit.all("unknown"))
    await until(lambda: visit.texts("storage-stats")[0].startswith("6 images · "))


async def test_findings_stay_for_the_next_visit(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    file(visit, batch, 2).unlink()
    await visit.open("/storage")
    await look(visit)
    await visit.open("/gallery")
    UserInteraction(visit.user, {visit.one("open-storage")}, None).click()
    await visit.open("/storage")
    await visit.user.should_see("1 is missing")
    assert (visit.studio.folder / "data" / "findings.json").is_file()
