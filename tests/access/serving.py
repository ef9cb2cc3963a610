"""`batchgen serve` as a process, with what it says at the start."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SMALL = {"steps": 1, "width": 64, "height": 64}


@dataclass(frozen=True)
class Served:
    """A running app, and its codes."""

    address: str
    code: str
    view_code: str
    data: Path
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """The same for everybody."""
        return int(self.address.rsplit(":", 1)[1])

    def make(self, count: int = 2) -> str:
        """A small batch that has ended; gives its id. Asked for at this computer."""
        with httpx.Client(base_url=f"{self.address}/api", timeout=60) as client:
            batch_id = str(client.post("/batches", json=asked(count)).json()["batchId"])
            while client.get(f"/batches/{batch_id}").json()["batch"] is None:
                pass
            return batch_id


def asked(count: int = 2, **changes: Any) -> dict[str, Any]:
    """The JSON of a small request."""
    small = {"prompt": "a fox", "batchCount": count, "seedMode": "random", "baseParameters": SMALL}
    return {**small, "model": "demo-dreams-xl.safetensors", **changes}


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Served]:
    """The app open to the network, on its demo engine."""
    process = subprocess.Popen(
        [sys.executable, "-m", "batchgen_app", "serve", "--demo", "--port", "0", *options],
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        told = _told(process) if "--lan" in options else {}
        codes = (told.get("Access code", ""), told.get("View-only code", ""))
        yield Served(address, *codes, folder / "data", process)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _told(process: subprocess.Popen[str]) -> dict[str, str]:
    """Names and values of what is said at the start, up to the last of them."""
    told: dict[str, str] = {}
    assert process.stderr
    while "View-only code" not in told:
        name, _, value = process.stderr.readline().strip().partition(": ")
        assert name or process.poll() is None, "The app has ended."
        told[name] = value
    return told


def _environment(folder: Path) -> dict[str, str]:
    # NiceGUI behaves otherwise where it finds traces of pytest in its environment.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
    return {
        **clean,
        "BATCHGEN_DATA_DIR": str(folder / "data"),
        "BATCHGEN_OUTPUT_DIR": str(folder / "images"),
    }


def spoken(port: int, *lines: str, body: bytes = b"") -> tuple[int, bytes]:
    """Say exactly this on a connection of its own; gives the status and all that comes back."""
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return int(answer.split(b" ", 2)[1]), answer
