"""A disk that fills up, and a process that is killed in the middle of a word."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.storage.images import ImageStore

SMALL_DISK = (
    'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" -m tests.storage.processes fill "$1"'
)
IN_A_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")


def said(*command: str) -> list[Any]:
    """What a process says, value by value."""
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=120)
    return [json.loads(line) for line in ended.stdout.splitlines()]


def can_have_a_disk_of_its_own() -> bool:
    if shutil.which("unshare") is None:
        return False
    shell = ["sh", "-c", 'mount -t tmpfs tmpfs "$0"', "/tmp"]
    return (
        subprocess.run([*IN_A_NAMESPACE, *shell], check=False, capture_output=True).returncode == 0
    )


@pytest.mark.skipif(not can_have_a_disk_of_its_own(), reason="may not mount a small disk")
def test_a_full_disk_is_told_in_words_and_with_room_again_everything_goes_on(
    tmp_path: Path,
) -> None:
    shell = ["sh", "-c", SMALL_DISK, "sh", str(tmp_path), sys.executable]
    pictures_saved, events_logged, next_seq, last_picture = said(*IN_A_NAMESPACE, *shell)
    assert pictures_saved["done"] > 3
    assert "is full" in pictures_saved["words"]
    assert "is full" in events_logged["words"]
    assert next_seq == events_logged["done"] + 1
    assert last_picture == "999_999.png"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_process_that_is_killed_anywhere_leaves_only_whole_files(tmp_path: Path) -> None:
    process = await asyncio.to_thread(
        said, sys.executable, "-m", "tests.storage.processes", "killed", str(tmp_path)
    )
    assert len(process) > 10
    assert process[-1] == 0
    for turn in range(1, len(process) + 1):
        await everything_is_whole(ImageStore(tmp_path / str(turn)))


async def everything_is_whole(store: ImageStore) -> None:
    """Under the final names: a batch file that can be read, and a picture with all that belongs
    to it, which can be saved again.
    """
    for batch_id in await store.batch_ids():
        await store.document(batch_id)
        folder = store.folder(batch_id)
        names = {path.name for path in folder.rglob("*") if not path.name.startswith(".")}
        if "001_1.png" in names:
            assert names >= {"001_1.txt", "001.webp"}
            assert await store.find(batch_id, 1, 1)
