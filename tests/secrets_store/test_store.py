"""Texts under names: in the keyring, or else in a file."""

import os
from pathlib import Path

import pytest

from batchgen_app.core.errors import StorageError
from batchgen_app.secrets_store.store import KeyringStore
from tests.secrets_store.rings import FileRing


@pytest.mark.parametrize("forgets", [False, True])
async def test_a_secret_is_kept_in_the_keyring_or_else_in_a_file(
    tmp_path: Path, ring: FileRing, forgets: bool
) -> None:
    ring.forgets = forgets
    data = tmp_path / "data"
    await KeyringStore(data).write("code", "123456")
    assert await KeyringStore(data).read("code") == "123456"
    assert (data / "secrets.json").exists() is forgets
    assert await KeyringStore(tmp_path / "other").read("code") is None


async def test_what_the_keyring_would_not_take_is_the_newer_until_it_does(
    tmp_path: Path, ring: FileRing
) -> None:
    secrets = KeyringStore(tmp_path / "data")
    await secrets.write("code", "old")
    ring.forgets = True
    await secrets.write("code", "new")
    assert await secrets.read("code") == "new"
    ring.forgets = False
    await secrets.write("code", "newest")
    assert await secrets.read("code") == "newest"
    assert "newest" not in (tmp_path / "data" / "secrets.json").read_text()


async def test_what_nothing_takes_is_said(tmp_path: Path, ring: FileRing) -> None:
    ring.forgets = True
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="not remembered"):
        await KeyringStore(tmp_path / "data").write("code", "123456")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among files")
async def test_a_pipe_in_place_of_the_file_holds_nothing_and_the_next_secret_takes_its_place(
    tmp_path: Path, ring: FileRing
) -> None:
    ring.forgets = True
    os.mkfifo(tmp_path / "secrets.json")
    secrets = KeyringStore(tmp_path)
    assert await secrets.read("code") is None
    await secrets.write("code", "123456")
    assert await secrets.read("code") == "123456"
