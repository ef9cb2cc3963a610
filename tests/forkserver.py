"""Starts of the app without its imports, which take two seconds of processor each time.

A fork server has imported them once for each test process. Where a story starts ``python -m
batchgen_app …``, however it does so, the new process is a fork of it: of its own in all that can be
seen from outside (number, streams, environment, folder, signals, exit code), and a child of whoever
started it. Only what ``ps`` says of it differs.

``BATCHGEN_TEST_PLAIN_STARTS=1`` does without, as do systems other than Linux.
"""

import atexit
import ctypes
import functools
import gc
import importlib
import inspect
import json
import os
import pkgutil
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

COMMANDS = "batchgen_app.cli"
"""Each of its modules is imported by some command, when that is given."""
PRELOADED = (
    "batchgen_app.adapters.embedded_server",
    "batchgen_app.demo",
    # What libraries import only when something is served.
    "nicegui.ui_run_with",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.wsproto_impl",
)
STARTS = re.compile(r"batchgen_app|tests\.(faults|soak)\.\w+")
"""The modules that are started as a fork."""
INTERPRETERS = ("PYTHON", "LC_", "LANG")
"""What the interpreter itself reads of its environment, before anything else."""
PLAIN = "BATCHGEN_TEST_PLAIN_STARTS"
REQUEST_BYTES = 1 << 18
PR_SET_CHILD_SUBREAPER = 36


def install() -> None:
    """From now on, this process starts the app in this way."""
    if sys.platform == "linux" and not os.environ.get(PLAIN):
        subprocess.Popen = ForkingPopen  # type: ignore[misc]


class ForkingPopen(subprocess.Popen[Any]):
    """``subprocess.Popen`` that lets the fork server do what it can do.

    Leans on a private part of CPython (3.11 to 3.14): Popen calls ``_execute_child`` once its pipes
    are made, to get a process that has them as its streams.
    """

    def _execute_child(self, *given: Any, **named: Any) -> None:
        plain = super()._execute_child  # type: ignore[misc]
        asked = inspect.signature(plain).bind(*given, **named).arguments
        if not is_start_of_the_app(asked):
            plain(*given, **named)
            return
        streams = (asked["p2cread"], asked["c2pwrite"], asked["errwrite"])
        start = {
            "words": list(map(os.fspath, asked["args"][2:])),
            "folder": os.fspath(asked["cwd"] or Path.cwd()),
            "environment": dict(os.environ if asked["env"] is None else asked["env"]),
        }
        self.pid = fork_server().start(
            start, [own if own >= 0 else n for n, own in enumerate(streams)]
        )
        self._child_created = True
        ends = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        self._close_pipe_fds(*(asked[end] for end in ends))  # type: ignore[attr-defined]


def is_start_of_the_app(asked: dict[str, Any]) -> bool:
    """Whether it is ``[sys.executable, "-m", "batchgen_app", …]`` and nothing unusual."""
    args = asked["args"]
    unusual = ("preexec_fn", "pass_fds", "shell", "start_new_session", "executable")
    if isinstance(args, str) or len(args) < 3 or any(map(asked.get, unusual)):
        return False
    if [str(arg) for arg in args[:2]] != [sys.executable, "-m"]:
        return False
    env = os.environ if asked["env"] is None else asked["env"]
    return bool(STARTS.fullmatch(str(args[2]))) and _for_the_interpreter(
        env
    ) == _for_the_interpreter(os.environ)


def _for_the_interpreter(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith(INTERPRETERS)}


class ForkServer:
    """The process that has imported the app; ends with this one."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # NiceGUI behaves otherwise where it finds traces of pytest in its environment.
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forkserver", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**clean, "OPENBLAS_NUM_THREADS": "1"},  # a fork has one thread
        )
        theirs.close()

    def start(self, start: dict[str, Any], streams: list[int]) -> int:
        """The number of a new process, a child of this one."""
        with self._turn:
            # The server's children are its children's children, which end at once; Linux gives
            # theirs to the next above that takes in orphans.
            _take_in_orphans(True)
            try:
                socket.send_fds(self._socket, [json.dumps(start).encode()], streams)
                return int(self._socket.recv(REQUEST_BYTES))
            finally:
                _take_in_orphans(False)

    def end(self) -> None:
        """It ends when nobody is there to ask it."""
        self._socket.close()
        self._process.wait()


@functools.cache
def fork_server() -> ForkServer:
    """This process's own."""
    server = ForkServer()
    atexit.register(server.end)
    return server


def _take_in_orphans(wanted: bool) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)


def serve(requests: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Answer requests; only the new processes come back from here, each with what was asked and its
    streams.
    """
    while True:
        request, streams, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 3)
        if not request:
            os._exit(0)
        reading, writing = os.pipe()
        if not (between := os.fork()):
            if child := os.fork():
                os.write(writing, str(child).encode())
                os._exit(0)
            for unneeded in (reading, writing, requests.fileno()):
                os.close(unneeded)
            return json.loads(request), streams
        os.close(writing)
        os.waitpid(between, 0)
        requests.send(os.read(reading, 32))
        for unneeded in (reading, *streams):
            os.close(unneeded)


def become(start: dict[str, Any], streams: list[int]) -> None:
    """Be ``python -m`` with these words."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(start["environment"])
    os.chdir(start["folder"])
    sys.path[0] = start["folder"]
    module, *sys.argv[1:] = start["words"]
    sys.stdout.reconfigure(line_buffering=sys.stdout.isatty())  # type: ignore[union-attr]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    """Import the app, then answer requests on the socket that was handed down."""
    commands = pkgutil.iter_modules(importlib.import_module(COMMANDS).__path__, f"{COMMANDS}.")
    for module in (*(command.name for command in commands), *PRELOADED):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests
    become(*serve(socket.socket(fileno=int(sys.argv[1]))))


if __name__ == "__main__":
    main()
