"""By https, with a certificate of one's own: also for others, and a faulty one is said at once."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from websockets.sync.client import connect

from tests.access.neighbour import Neighbour
from tests.access.serving import Served, serving

NAME = "pictures.localhost"
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Somebody who trusts it."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def files(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key."""
    folder = tmp_path_factory.mktemp("tls")
    issued = authority.issue_cert(NAME, "127.0.0.1", "192.0.2.1")
    issued.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    return folder / "certificate.pem", folder / "key.pem"


def options(certificate: Path, key: Path) -> tuple[str, ...]:
    return "--tls-certificate", str(certificate), "--tls-key", str(key)


@pytest.fixture(scope="module")
def app(files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Open to others, under a name."""
    named = ("--lan", "--allowed-host", NAME)
    with serving(tmp_path_factory.mktemp("app"), *named, *options(*files)) as served:
        yield served


def test_it_is_announced_as_what_it_is_and_pages_and_socket_work(
    app: Served, trusting: ssl.SSLContext
) -> None:
    assert app.address == f"https://{NAME}:{app.port}"
    there, host = f"127.0.0.1:{app.port}", {"Host": f"{NAME}:{app.port}"}
    with httpx.Client(base_url=f"https://{there}", verify=trusting, headers=host) as here:
        page = here.get("/settings").text
        assert app.address in page
        headers = {"Origin": app.address}
        assert here.post("/api/batches", json={}, headers=headers).status_code == 400
        foreign = {"Origin": f"http://{NAME}:{app.port}"}
        assert here.post("/api/batches", json={}, headers=foreign).status_code == 403
    with connect(f"wss://{there}{SOCKET}", ssl=trusting) as socket:
        assert str(socket.recv()).startswith("0{")


def test_others_come_by_it_too_and_their_cookie_goes_no_other_way(
    app: Served, neighbour: Neighbour
) -> None:
    there = f"https://{neighbour.address}:{app.port}"
    with neighbour.client(app.port, verify=False) as stranger:
        stranger.base_url = httpx.URL(there)
        welcome = stranger.post("/login", data={"code": app.code})
        assert welcome.status_code == 303
        assert "secure" in welcome.headers["set-cookie"].lower()
        assert stranger.get("/api/health").status_code == 200
    with neighbour.client(app.port) as plain, pytest.raises(httpx.TransportError):
        plain.get("/login")


def faulty(files: tuple[Path, Path], folder: Path) -> dict[str, tuple[str, ...]]:
    """Options that cannot work, and a word of what is said."""
    certificate, key = files
    broken, other = folder / "broken.pem", folder / "other.pem"
    broken.write_text("no certificate", encoding="utf-8")
    trustme.CA().issue_cert(NAME).private_key_pem.write_to_path(other)
    return {
        "No such file": options(folder / "nowhere.pem", key),
        "cannot be used together (PEM": options(broken, key),
        "cannot be used together (KEY_VALUES_MISMATCH)": options(certificate, other),
        "belong together": ("--tls-key", str(key)),
    }


def test_what_cannot_work_is_said_before_anything_starts(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    for said, given in faulty(files, tmp_path).items():
        command = (sys.executable, "-m", "batchgen_app", "serve", "--demo", "--port", "0", *given)
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "BATCHGEN_DATA_DIR": str(tmp_path / "data")},
        )
        assert ended.returncode == 2
        assert said in ended.stderr
        assert "Open " not in ended.stdout
