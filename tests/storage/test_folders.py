"""Folders that people choose."""

from pathlib import Path

import pytest

from batchgen_app.core.errors import StorageError
from batchgen_app.storage.folders import check_writable, free_bytes


def test_a_folder_that_is_still_missing_is_fine_and_stays_missing(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    check_writable(folder)
    assert free_bytes(folder) > 0
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_made_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file/pictures cannot be written .* Choose another"):
        check_writable(tmp_path / "file" / "pictures")
