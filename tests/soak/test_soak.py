"""The long runs in short."""

from pathlib import Path

from tests.faults.scene import scene
from tests.soak.damages import damage_often
from tests.soak.growth import grow, grown
from tests.soak.harms import HARMS
from tests.soak.kills import kill_often


async def test_six_deaths_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        report = await kill_often(here, kills=6, seed=2026)
        assert report.images >= report.batches > 0


async def test_twelve_batches_leave_nothing_behind_in_memory(tmp_path: Path) -> None:
    async with scene(tmp_path, step_delay=0.0) as here:
        before, after = await grow(here, first=6, more=6)
        assert before.counts["listeners"] > 0, "or nothing was looked at"
        assert not grown(before, after), f"{before} -> {after}"


async def test_a_database_harmed_in_every_way_hides_no_picture_of_the_folders(
    tmp_path: Path,
) -> None:
    report = await damage_often(tmp_path, times=len(HARMS), seed=2026)
    assert report.harms.total() == len(HARMS)
    assert report.sentences
