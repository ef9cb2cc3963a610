"""The long run over damaged folders in short."""

from pathlib import Path

from tests.soak.folders import damage_folders


async def test_whatever_is_in_one_folder_the_others_come_back(tmp_path: Path) -> None:
    report = await damage_folders(tmp_path, damages=8, seed=2026)
    assert report.answers > 8 * 20
    assert report.problems > 0
