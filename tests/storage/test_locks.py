"""Who works on what: nobody works on the same thing twice, and the dead hold nothing."""

import asyncio
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from batchgen_app.core.errors import AlreadyRunning
from batchgen_app.storage import running_instance
from batchgen_app.storage.locks import Locks
from tests.storage.processes import BATCH
from tests.test_settings import a_device, a_pipe, endless


@contextmanager
def a_process_that_holds(what: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, as soon as it holds the lock; it keeps it until it is killed."""
    command = [sys.executable, "-m", "tests.storage.processes", "hold", str(folder), what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().strip() == "true"
            yield process
        finally:
            process.kill()


async def test_a_batch_is_held_by_one_process_until_it_is_let_go(tmp_path: Path) -> None:
    async with Locks(tmp_path) as ours, Locks(tmp_path) as theirs:
        assert await ours.take(BATCH)
        assert await ours.take(BATCH)
        assert not await theirs.take(BATCH)
        assert await theirs.others_are_here()
        assert not await ours.others_are_here()
        await ours.let_go(BATCH)
        assert await theirs.take(BATCH)


async def test_what_is_just_being_let_go_can_be_taken_again(tmp_path: Path) -> None:
    async with Locks(tmp_path) as locks:
        for _ in range(100):
            assert await locks.take(BATCH)
            async with asyncio.TaskGroup() as both:
                both.create_task(locks.let_go(BATCH))
                taken = both.create_task(locks.take(BATCH))
            assert taken.result()


async def test_who_leaves_lets_go_of_every_batch_and_leaves_no_files(tmp_path: Path) -> None:
    async with Locks(tmp_path) as ours:
        assert await ours.take(BATCH)
    async with Locks(tmp_path) as theirs:
        assert await theirs.take(BATCH)
    assert not list((tmp_path / "locks").iterdir())


@pytest.mark.parametrize("what", [BATCH, "app"])
async def test_who_is_killed_holds_nothing_any_more(tmp_path: Path, what: str) -> None:
    async with Locks(tmp_path) as ours:
        with a_process_that_holds(what, tmp_path) as process:
            assert not await ours.take(what)
            process.kill()
            process.wait()
        assert not await ours.others_are_here()
        assert await ours.take(what)


async def test_a_second_copy_of_the_app_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    async with Locks(tmp_path).only_app() as running_instance:
        await running_instance.write("http://127.0.0.1:8420")
        assert (await refused_by(tmp_path)).address == "http://127.0.0.1:8420"
    async with Locks(tmp_path).only_app():
        pass


async def test_a_second_copy_waits_for_an_address_that_is_just_coming(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group, Locks(tmp_path).only_app() as running_instance:
        second = group.create_task(refused_by(tmp_path))
        done, _ = await asyncio.wait({second}, timeout=0.1)
        assert not done
        await running_instance.write("http://127.0.0.1:8420")
        assert (await second).address


async def test_what_the_dead_wrote_on_the_door_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_instance, "STARTING_SECONDS", 0.1)
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "address").write_text("http://127.0.0.1:1")
    async with Locks(tmp_path).only_app():
        refused = await refused_by(tmp_path)
        assert refused.address is None
        assert "close it" in str(refused)


async def refused_by(folder: Path) -> AlreadyRunning:
    with pytest.raises(AlreadyRunning) as refused:
        await Locks(folder).only_app().__aenter__()
    return refused.value


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_only_its_owner_can_read_the_address(tmp_path: Path) -> None:
    async with Locks(tmp_path).only_app() as running_instance:
        await running_instance.write("http://127.0.0.1:8420")
        mode = (tmp_path / "locks" / "address").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def no_text(path: Path) -> None:
    path.write_bytes(b"\xff")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes nor holes in files")
@pytest.mark.parametrize("harm", [a_pipe, a_device, endless, no_text])
async def test_a_doorplate_that_is_none_tells_nothing_and_is_replaced(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    plate = running_instance.RunningInstance.of(tmp_path)
    (tmp_path / running_instance.LOCKS).mkdir()
    harm(tmp_path / running_instance.LOCKS / "address")
    assert plate.glance() is None
    assert await plate.read() is None
    await plate.write("http://127.0.0.1:8420")
    assert plate.glance() == "http://127.0.0.1:8420"
