"""What somebody with bad intentions tries: refused, nothing leaked, and the app goes on."""

import asyncio
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.access.neighbour import Elsewhere, Neighbour
from tests.access.serving import Served, asked, serving, spoken

TRICKS = (
    "..",
    ".",
    "%2e%2e",
    "../../../../../../etc/passwd",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5c..%5cwindows%5cwin.ini",
    "%252e%252e%252fetc%252fpasswd",
    "%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
    "/etc/passwd",
    "%00",
    "{batch}%00",
    "{batch}%0d%0aSet-Cookie:%20a=b",
    "{batch}-001/../../batch.json",
    "{batch}-001%2f..%2fbatch.json",
    "{batch}/",
    "%ff%fe%80",
    "%F0%9F%A6%8A",
    "%E2%80%AE",
    "con",
    "*",
    "' OR 1=1 --".replace(" ", "%20"),
    "x" * 8000,
)
OTHER_PLACES = (
    "/batch/{}",
    "/assets/{}",
    "/previews/{}/{}/1",
    "/enter/{}",
    "/_nicegui/3.18.0/static/{}",
    "/_nicegui/3.18.0/components/{}",
    "/_nicegui/3.18.0/libraries/{}",
    "/_nicegui/3.18.0/resources/{}/{}",
    "/_nicegui/3.18.0/esm/{}/{}",
    "/_nicegui/3.18.0/dynamic_resources/{}",
    "/api/docs/files/{}",
    "/{}",
)
LEAKS = (b"root:", b"[extensions]", b'"comfyuiUrl"', b"Traceback", b"SQLite", b"site-packages")


def _calls(app: Served) -> Iterator[tuple[str, str]]:
    """Everything that takes an id, and every place with files."""
    paths = httpx.get(f"{app.address}/api/openapi.json").json()["paths"]
    for path, operations in paths.items():
        if "{" in path:
            place = re.sub(r"\{[^}]*\}", "{}", path)
            yield from ((method.upper(), f"/api{place}") for method in operations)
    yield from (("GET", place) for place in OTHER_PLACES)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick[:20])
def test_no_path_leads_out_of_the_app(app: Served, batch_id: str, trick: str) -> None:
    name = trick.replace("{batch}", batch_id)
    for method, place in _calls(app):
        target = place.format(*[name] * place.count("{}"))
        head = (f"{method} {target} HTTP/1.1", "Host: localhost", "Content-Length: 2")
        status, answer = spoken(app.port, *head, body=b"{}")
        assert 300 <= status < 500, (method, target, status)
        assert not [leak for leak in LEAKS if leak in answer], (method, target)
        assert b"\r\nset-cookie: a=b" not in answer.lower()
    assert httpx.get(f"{app.address}/api/batches/{batch_id}").status_code == 200


def test_a_body_that_says_it_is_too_large_is_not_waited_for(app: Served) -> None:
    for path, size in (("/api/batches", 10**12), ("/login", 5000), ("/", 10**9)):
        head = (f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {size}")
        status, answer = spoken(app.port, *head)
        assert status == 413
        assert b"are too much." in answer


def test_a_body_that_does_not_say_how_large_it_is_is_cut(app: Served) -> None:
    megabyte = b"f4240\r\n" + b" " * 1_000_000 + b"\r\n"
    head = "POST {} HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked"
    with socket.create_connection(("127.0.0.1", app.port), timeout=30) as connection:
        connection.sendall("\r\n".join([head[0].format("/login"), *head[1:], "", ""]).encode())
        connection.sendall(megabyte)
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


def test_slow_bodies_keep_nobody_waiting(app: Served, neighbour: Neighbour) -> None:
    lines = ("POST /login HTTP/1.1", f"Host: {neighbour.address}", "Content-Length: 100", "", "c")
    with ExitStack() as open_connections:
        for _ in range(100):
            where = (neighbour.address, app.port)
            slow = open_connections.enter_context(neighbour.do(socket.create_connection, where))
            slow.sendall("\r\n".join(lines).encode())
        assert httpx.get(f"{app.address}/api/health").status_code == 200
        with neighbour.client(app.port) as other:
            assert other.get("/login").status_code == 200


def test_codes_cannot_be_guessed(tmp_path: Path, neighbour: Neighbour) -> None:
    with serving(tmp_path, "--lan") as app, neighbour.client(app.port) as signed_in:
        assert signed_in.post("/login", data={"code": app.code}).status_code == 303
        with neighbour.client(app.port) as attacker, ThreadPoolExecutor(10) as at_once:
            guesses = [{"code": f"{number:012}"} for number in range(20)]
            answers = list(at_once.map(lambda g: attacker.post("/login", data=g), guesses))
            assert {answer.status_code for answer in answers} <= {401, 429}
            for locked in (
                attacker.post("/login", data={"code": app.code}),
                attacker.get("/", headers={"Authorization": f"Bearer {app.code}"}),
                attacker.get("/api/health", headers={"Authorization": "Bearer 1"}),
            ):
                assert locked.status_code == 429
                assert "Try again in 15 minutes." in locked.text
                assert 0 < int(locked.headers["retry-after"]) <= 900
        assert signed_in.get("/api/health").status_code == 200
        assert httpx.get(f"{app.address}/api/health").status_code == 200
    told = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    secret = app.code.replace("-", "").encode()
    assert [path.name for path in told if secret in path.read_bytes()] == ["secrets.json"]


def test_sessions_survive_a_restart_and_lie_in_a_file_of_ones_own(
    tmp_path: Path, neighbour: Neighbour
) -> None:
    with serving(tmp_path, "--lan") as app, neighbour.client(app.port) as client:
        client.post("/login", data={"code": app.code})
        cookie = client.headers["cookie"] = f"batchgen_session={client.cookies['batchgen_session']}"
    for name in ("sessions.json", "secrets.json"):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600
    kept = (tmp_path / "data" / "sessions.json").read_text()
    assert cookie.partition("=")[2] not in kept
    with serving(tmp_path, "--lan") as again, neighbour.client(again.port) as client:
        assert again.code == app.code
        assert client.get("/api/health", headers={"cookie": cookie}).status_code == 200


def test_without_lan_nobody_outside_can_connect(tmp_path: Path, neighbour: Neighbour) -> None:
    with serving(tmp_path) as app, neighbour.client(app.port) as client:
        with pytest.raises(httpx.ConnectError):
            client.get("/login")
        assert httpx.get(f"{app.address}/").status_code == 200


async def test_many_at_once_do_not_stop_others(
    app: Served, guest: Elsewhere, batch_id: str
) -> None:
    """A flood from one address is turned away, and the app answers everybody else."""
    paths = [f"/api/images/{batch_id}-001/thumbnail"] * 1500
    with ThreadPoolExecutor(12) as at_once:
        loop = asyncio.get_running_loop()
        floods = [loop.run_in_executor(at_once, guest.get, path) for path in paths]
        async with httpx.AsyncClient(base_url=app.address, timeout=30) as here:
            assert (await here.post("/api/batches", json=asked())).status_code == 201
        answers = await asyncio.gather(*floods)
    assert {answer.status_code for answer in answers} <= {200, 429}
