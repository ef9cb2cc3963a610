"""The log: what helps is in it, secrets are not, and no disk can hurt the app with it."""

import asyncio
import logging
import os
import re
import sys
from pathlib import Path

import pytest

from batchgen_app import logs
from tests.faulty_engine import FailAtNode
from tests.studio import studio

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) [a-z_.]+ (\[\S+( \d+)?\] )?\S.*"
)
logger = logging.getLogger("batchgen_app.tests")


def lines(folder: Path) -> list[str]:
    return logs.latest(folder / "data", 1000)


async def test_each_line_says_when_where_and_which_batch_and_image(tmp_path: Path) -> None:
    with logs.written(tmp_path / "data", logs.APP):
        async with studio(tmp_path, FailAtNode(prompt=2)) as here:
            batch = await here.make(batchCount=3)
    told = lines(tmp_path)
    assert all(map(LINE.fullmatch, told)), told
    assert "app BatchGen" in told[0]
    about = f"[{batch.batch_id}"
    (failed,) = [line for line in told if "The image failed" in line]
    assert f"WARNING batches.image_outcomes {about} 2] The image failed: ExecutionFailed" in failed
    assert any(f"{about} 3] image_completed is event" in line for line in told)
    assert f"{about}] batch_completed is event" in told[-2]
    assert told[-1].endswith("app Told to end")


def test_an_exception_is_told_without_its_words(tmp_path: Path) -> None:
    def stumble() -> None:
        try:
            (tmp_path / "a prompt").read_text()
        except OSError as error:
            raise ExceptionGroup("a secret", [ValueError("password")]) from error

    with logs.written(tmp_path / "data", logs.APP):
        try:
            stumble()
        except ExceptionGroup:
            logger.exception("It\nbroke off")
            logging.getLogger("elsewhere").exception("Broke off with a secret")
    ours, foreign = lines(tmp_path)
    assert "It broke off | ExceptionGroup > test_logs.py:" in ours
    assert "because of ValueError" in ours
    assert "because of FileNotFoundError ENOENT" in ours
    assert "ERROR elsewhere in test_logs:" in foreign
    assert not re.search("prompt|secret|password", ours + foreign)


def test_lines_of_one_moment_stay_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST", 6000)
    with logs.written(tmp_path / "data", logs.APP):
        for number in reversed(range(100, 300)):
            logger.info("Line %d", number)
    assert len(list((tmp_path / "data" / "logs").iterdir())) > 1
    told = [int(line.split()[-1]) for line in lines(tmp_path)]
    assert told == [*reversed(range(100, 300))]


def test_old_lines_make_room_for_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 1000)
    with logs.written(tmp_path / "data", logs.APP):
        for number in range(200):
            logger.info("Line %d", number)
    files = list((tmp_path / "data" / "logs").iterdir())
    assert len(files) == 1 + logs.KEPT
    assert all(file.stat().st_size <= 1000 for file in files)
    assert lines(tmp_path)[-1].endswith("Line 199")


async def test_where_the_log_cannot_be_written_batches_are_made_all_the_same(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "logs").write_text("no folder")
    with logs.written(tmp_path / "data", logs.APP):
        async with studio(tmp_path) as here:
            batch = await here.make(batchCount=2)
    assert batch.completed_images == 2
    assert not lines(tmp_path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among files")
def test_a_pipe_in_place_of_the_log_keeps_nothing_from_ending(tmp_path: Path) -> None:
    for name in (f"{logs.APP}.log", f"{logs.APP}.log.1"):
        (tmp_path / "data" / "logs").mkdir(parents=True, exist_ok=True)
        os.mkfifo(tmp_path / "data" / "logs" / name)
    with logs.written(tmp_path / "data", logs.APP):
        logger.info("Nobody reads this")
    assert not lines(tmp_path)


async def test_tasks_at_the_same_time_keep_their_batches_apart(tmp_path: Path) -> None:
    async def tell(batch: str, image: int, turn: asyncio.Barrier) -> None:
        with logs.about(batch=batch), logs.about(image=image):
            await turn.wait()
            logger.info("here")

    turn = asyncio.Barrier(2)
    with logs.written(tmp_path / "data", logs.APP):
        await asyncio.gather(tell("one", 1, turn), tell("two", 2, turn))
    assert {line.split(" tests ")[1] for line in lines(tmp_path)} == {
        "[one 1] here",
        "[two 2] here",
    }
