"""A start from the fork server is like any other to whoever looks from outside."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.forkserver import INTERPRETERS, PLAIN, is_start_of_the_app

BATCHGEN = (sys.executable, "-m", "batchgen_app")
Starting = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["forked", "plain"])
def starting(request: pytest.FixtureRequest, tmp_path: Path) -> Starting:
    """Starts ``batchgen`` with these words; a start with a session of its own is never a fork."""

    def start(*words: str, **changes: str) -> "subprocess.Popen[str]":
        folders = {"BATCHGEN_DATA_DIR": str(tmp_path / "data")}
        return subprocess.Popen(
            [*BATCHGEN, *words],
            cwd=tmp_path,
            env={**os.environ, **folders, **changes},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=request.param == "plain",
        )

    return start


def test_it_is_a_child_with_an_end_of_its_own(
    starting: Starting, request: pytest.FixtureRequest
) -> None:
    process = starting("serve", "--port", "0", "--demo")
    assert process.stdout
    assert process.stdout.readline().startswith("Open http://127.0.0.1:")
    seen = psutil.Process(process.pid)
    assert seen.ppid() == os.getpid()
    is_fork = request.node.callspec.params["starting"] == "forked" and PLAIN not in os.environ
    assert ("tests.forkserver" in seen.cmdline()) == is_fork
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_its_words_streams_folder_and_exit_code_are_its_own(
    starting: Starting, tmp_path: Path
) -> None:
    said, told = starting("generate", "a fox", "-n", "1", "--json").communicate()
    assert (said, told) == ("", "Error: Minimum 2 images required for batch\n")
    (tmp_path / "mine.json").write_text("no workflow", encoding="utf-8")
    refused = starting("generate", "a fox", "--workflow", "mine.json", COLUMNS="200")
    assert "mine.json" in refused.communicate()[1]
    assert refused.returncode == 2


async def test_asyncio_gets_one_too() -> None:
    process = await asyncio.create_subprocess_exec(
        *BATCHGEN, "--version", stdout=subprocess.PIPE, env=os.environ
    )
    said, _ = await process.communicate()
    assert said.startswith(b"batchgen ")
    assert process.returncode == 0


@pytest.mark.parametrize(
    "unusual",
    [
        {"args": [sys.executable, "-c", "print()"]},
        {"args": [sys.executable, "-m", "batchgen_app.storage.decoder_process"]},
        {"args": "echo"},
        {"start_new_session": True},
        {"env": {**os.environ, INTERPRETERS[1] + "ALL": "C"}},
    ],
    ids=["other code", "a helper of the app", "a shell's line", "a session", "a language"],
)
def test_what_is_not_a_usual_start_of_the_app_is_left_to_python(unusual: dict[str, Any]) -> None:
    usual = {"args": list(BATCHGEN), "env": None}
    assert is_start_of_the_app(usual)
    assert not is_start_of_the_app({**usual, **unusual})
