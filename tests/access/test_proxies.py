"""Behind another name: proxies that are trusted are believed, and nobody else is."""

from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from batchgen_app.cli.main import main
from tests.access.neighbour import Neighbour
from tests.access.serving import Served, asked, serving

NAME = "pictures.example"
PUBLIC = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": NAME}
OUTSIDE = "203.0.113.7"
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


def asking_for(client: str) -> dict[str, str]:
    """What a proxy says then."""
    return {**PUBLIC, "X-Forwarded-For": client}


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app, open to others, which trusts a proxy at this computer."""
    options = ("--allowed-host", NAME.upper(), "--trusted-proxy", "127.0.0.1")
    with serving(tmp_path_factory.mktemp("app"), "--lan", *options) as served:
        yield served


@pytest.fixture
def proxied(behind: Served) -> Iterator[httpx.Client]:
    """Somebody far away, for whom the proxy asks."""
    with httpx.Client(base_url=behind.address, headers=asking_for(OUTSIDE)) as client:
        yield client


def test_whoever_comes_through_it_needs_a_code_and_has_a_safe_cookie(
    behind: Served, proxied: httpx.Client
) -> None:
    assert proxied.get("/api/health").status_code == 401
    assert proxied.get("/").headers["location"].startswith("/login")
    welcome = proxied.post("/login", data={"code": behind.code})
    assert welcome.status_code == 303
    assert "secure" in welcome.headers["set-cookie"].lower()
    cookie = welcome.headers["set-cookie"].split(";")[0]
    inside = {"Cookie": cookie, "Origin": f"https://{NAME}"}
    assert proxied.get("/", headers=inside).status_code == 200
    started = proxied.post("/api/batches", json=asked(), headers=inside)
    assert started.status_code == 201
    with connect(
        f"ws://127.0.0.1:{behind.port}{SOCKET}",
        additional_headers={**asking_for(OUTSIDE), "Cookie": cookie},
        origin=Origin(f"https://{NAME}"),
    ) as socket:
        assert str(socket.recv()).startswith("0{")
    with httpx.Client(base_url=behind.address) as here:
        devices = here.get("/settings").text
    assert started.json()["batchId"]
    assert OUTSIDE in devices


@pytest.mark.parametrize(
    "origin", [f"http://{NAME}", f"https://{NAME}:8443", "https://evil.example", "null"]
)
def test_pages_of_others_are_as_foreign_as_ever(
    behind: Served, proxied: httpx.Client, origin: str
) -> None:
    bearer = {"Authorization": f"Bearer {behind.code}", "Origin": origin}
    assert proxied.post("/api/batches", json=asked(), headers=bearer).status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://127.0.0.1:{behind.port}{SOCKET}",
            additional_headers={**asking_for(OUTSIDE), **bearer},
        ).close()
    assert refused.value.response.status_code == 403


def test_a_name_is_known_in_any_case_and_others_are_refused(proxied: httpx.Client) -> None:
    for name in (NAME, NAME.upper(), f"{NAME}:8443"):
        assert proxied.get("/login", headers={"X-Forwarded-Host": name}).status_code == 200
    for name in ("evil.example", f"{NAME}.evil.example", f"{NAME}, evil.example", "a b"):
        refused = proxied.get("/login", headers={"X-Forwarded-Host": name, "Host": "evil.example"})
        assert refused.status_code == 421


def test_what_somebody_says_before_the_proxy_is_not_believed(
    behind: Served, proxied: httpx.Client
) -> None:
    for claimed in ("127.0.0.1", "::1", "localhost", "127.0.0.1:80", "[::1]:80", "", "?", "::"):
        told = {"X-Forwarded-For": f"{claimed}, {OUTSIDE}"}
        assert proxied.get("/api/health", headers=told).status_code == 401
        alone = {"X-Forwarded-For": claimed}
        assert proxied.get("/api/health", headers=alone).status_code == 401
    with httpx.Client(base_url=behind.address) as here:
        assert here.get("/api/health").status_code == 200


def test_a_stranger_who_says_to_be_a_proxy_is_a_stranger(
    behind: Served, neighbour: Neighbour
) -> None:
    with neighbour.client(behind.port) as stranger:
        assert stranger.post("/login", data={"code": behind.view_code}).status_code == 303
        told = {"X-Forwarded-Host": NAME, "X-Forwarded-Proto": "https"}
        ours = {**told, "Origin": f"https://{NAME}"}
        body = {"rating": 1}
        image = f"{behind.make()}-001"
        assert stranger.patch(f"/api/images/{image}", json=body, headers=told).status_code == 200
        assert stranger.patch(f"/api/images/{image}", json=body, headers=ours).status_code == 403
        assert stranger.get("/login", headers={"Host": NAME}).status_code == 200


def test_each_who_comes_through_it_has_tries_of_their_own(proxied: httpx.Client) -> None:
    def tried(client: str) -> int:
        told = {"X-Forwarded-For": client, "Authorization": "Bearer no-such-code"}
        return proxied.get("/api/health", headers=told).status_code

    while tried("198.51.100.9") != 429:
        pass
    assert tried("198.51.100.10") == 401


def test_without_the_network_nobody_comes_through_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    options = ("--allowed-host", NAME, "--trusted-proxy", "127.0.0.0/8")
    with (
        serving(tmp_path_factory.mktemp("alone"), *options) as served,
        httpx.Client(base_url=served.address) as here,
    ):
        assert here.get("/api/health", headers={"Host": NAME}).status_code == 200
        for path in ("/", "/login", "/api/health"):
            refused = here.get(path, headers=asking_for("127.0.0.1"))
            assert refused.status_code == 403


def test_a_chain_of_trusted_ones_leads_to_whoever_is_before_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    options = ("--lan", "--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8")
    with serving(tmp_path_factory.mktemp("chain"), *options) as served:
        chain = {"X-Forwarded-For": f"1.1.1.1, {OUTSIDE}, 10.1.2.3"}
        with httpx.Client(base_url=served.address, headers=chain) as here:
            assert here.post("/login", data={"code": served.code}).status_code == 303
        with httpx.Client(base_url=served.address) as here:
            page = here.get("/settings").text
        assert OUTSIDE in page
        assert "1.1.1.1" not in page


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--allowed-host", name) for name in ("a b", "")),
        ("--trusted-proxy", "proxy.example"),
        *(("--root-path", path) for path in ("pictures", "/a b", "/../a", "//a", "/a?b")),
    ],
)
def test_what_makes_no_sense_is_said_at_the_start(option: str, value: str) -> None:
    told = CliRunner().invoke(main, ["serve", option, value])
    assert told.exit_code == 2
    assert value in told.output
