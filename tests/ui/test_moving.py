"""The settings, where all pictures move to another folder."""

from pathlib import Path
from shutil import copytree

from batchgen_app.storage.housekeeping import move_record
from batchgen_app.storage.housekeeping.move_record import MoveRecord, Phase
from tests.ui.conftest import Opening


async def test_pictures_are_moved_and_the_page_follows(opening: Opening, tmp_path: Path) -> None:
    visit = await opening("/gallery")
    await visit.studio.make()
    await visit.open("/settings")
    visit.click("move-pictures")
    visit.fill("move-to", str(tmp_path / "images" / "inside"))
    visit.click("begin-move")
    await visit.user.should_see("lies inside of")
    visit.fill("move-to", str(tmp_path / "new"))
    visit.click("begin-move")
    await visit.sees("moving-state", "Start BatchGen again")
    await visit.open("/settings")
    visit.click("give-up-move")
    await visit.sees("move-pictures")
    assert not (tmp_path / "data" / "moving.json").exists()


async def test_old_files_are_removed_after_a_question(opening: Opening, tmp_path: Path) -> None:
    visit = await opening("/gallery")
    await visit.studio.make()
    old, moving = tmp_path / "old", visit.studio.app.moving
    copytree(tmp_path / "images", old)
    (old / "batches" / "alone.png").write_bytes(b"mine")
    record = MoveRecord(source=old, target=tmp_path / "images", phase=Phase.USED)
    move_record.write(tmp_path / "data", record)
    moving.record = record
    await visit.open("/settings")
    await visit.sees("moving-state", str(old))
    visit.click("free-old")
    await visit.sees("agree")
    visit.click("agree")
    await visit.sees("moving-state", "1 file (4")
    assert [path.name for path in old.rglob("*") if path.is_file()] == ["alone.png"]
    visit.click("leave-old")
    await visit.sees("move-pictures")
    assert (old / "batches" / "alone.png").is_file()
