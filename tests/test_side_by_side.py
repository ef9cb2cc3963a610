"""The steps of ``dev.py test``: at the same time, heard one by one, ended together."""

import os
import runpy
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from tests.studio import TIMEOUT_OF_THE_TEST

PACKAGING = Path(__file__).parent.parent / "packaging"
needs_signals = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is for a whole console there")
run_all = runpy.run_path(str(PACKAGING / "side_by_side.py"))["run_all"]

MEET = """
import sys, time
from pathlib import Path
me, other = sys.argv[1:]
print(me, "comes", flush=True)
Path(me).touch()
while not Path(other).exists():
    time.sleep(0.01)
print(me, "goes", flush=True)
"""
LEAVES_A_CHILD = """
import subprocess, sys
with open("alive", "w") as pipe:
    asleep = [sys.executable, "-c", "import time; time.sleep(1000)"]
    child = subprocess.Popen(asleep, pass_fds=[pipe.fileno()])
    print("begun", file=pipe, flush=True)
    open("begun", "w").close()
    child.wait()
"""
RUNS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores both
signal.signal(signal.SIGHUP, signal.SIG_DFL)
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from side_by_side import run_all
command = [sys.executable, "-c", sys.argv[2]]
exec(sys.argv[3])
run_all([command, command], at_once=1, folder=Path(), environment=os.environ)
"""
BEGINS_SLOWLY = """
import asyncio
begin = asyncio.create_subprocess_exec
async def slowly(*command, **how):
    process = await begin(*command, **how)
    while not os.path.exists("begun"):
        await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(100):
        await asyncio.sleep(0)
    return process
asyncio.create_subprocess_exec = slowly
"""
"""It is told to end while the command runs already, and that is not known yet."""


def told(folder: Path, *commands: Sequence[str], at_once: int = 2) -> list[int]:
    every = [[sys.executable, "-c", *command] for command in commands]
    codes: list[int] = run_all(every, at_once=at_once, folder=folder, environment=os.environ)
    return codes


def test_they_run_at_the_same_time_and_each_is_heard_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, (MEET, "one", "two"), (MEET, "two", "one")) == [0, 0]
    heard = capfd.readouterr().out.split("\n")[:-1]
    assert sorted([heard[:2], heard[2:]]) == [
        ["one comes", "one goes"],
        ["two comes", "two goes"],
    ]


def test_no_more_of_them_run_at_once_than_is_said(tmp_path: Path) -> None:
    alone = "import os, time; os.mkdir('here'); time.sleep(0.01); os.rmdir('here')"
    assert told(tmp_path, *[(alone,)] * 5, at_once=1) == [0] * 5


def test_one_that_fails_keeps_no_other_from_its_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fails = "import sys; print('oh', file=sys.stderr); sys.exit(3)"
    assert told(tmp_path, (fails,), ("print('well')",), at_once=1) == [3, 0]
    assert capfd.readouterr().out == "oh\nwell\n"


@contextmanager
def running(folder: Path, change: str = "") -> Iterator["subprocess.Popen[str]"]:
    """A process with two such commands, one after the other."""
    command = [sys.executable, "-c", RUNS, str(PACKAGING), LEAVES_A_CHILD, change]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def ended_with_all(process: "subprocess.Popen[str]", alive: TextIO) -> bool:
    """Whether it was interrupted, and nobody has ``alive`` open any more: the second command never
    had.
    """
    _, said = process.communicate(timeout=TIMEOUT_OF_THE_TEST)
    ended, _, _ = select.select([alive], [], [], TIMEOUT_OF_THE_TEST)
    assert said.splitlines()[-1] == "KeyboardInterrupt"
    return bool(ended) and alive.read() == ""


@needs_signals
@pytest.mark.parametrize("told_by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_they_end_and_so_does_what_they_have_started(
    tmp_path: Path, told_by: signal.Signals
) -> None:
    os.mkfifo(tmp_path / "alive")
    with running(tmp_path) as process, (tmp_path / "alive").open() as alive:
        assert alive.readline() == "begun\n"
        process.send_signal(told_by)
        assert ended_with_all(process, alive)


@needs_signals
def test_one_that_has_only_just_begun_ends_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "alive")
    with running(tmp_path, BEGINS_SLOWLY) as process, (tmp_path / "alive").open() as alive:
        assert alive.readline() == "begun\n"
        assert ended_with_all(process, alive)
