"""From a second address: without a code nothing, with one everything, with the other one a look."""

import json
import re
import socket
import zipfile
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.access.neighbour import Elsewhere, Neighbour
from tests.access.serving import Served, asked, spoken

SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport="
PAGES = (
    "/",
    "/gallery",
    "/workflows",
    "/workflows/sdxl",
    "/settings",
    "/batch/{batch}",
    "/no-such-page",
)
OTHERS = (
    "/api/health",
    "/api/events",
    "/api/batches",
    "/api/batches/{batch}",
    "/api/batches/{batch}/archive",
    "/api/images/{batch}-001",
    "/api/images/{batch}-001/thumbnail",
    "/api/openapi.json",
    "/api/docs",
    "/api/no-such-call",
    "/assets/style.css",
    "/favicon.ico",
    f"{SOCKET}polling",
)


@pytest.mark.parametrize("path", OTHERS)
def test_without_a_code_it_is_refused_with_one_it_works(
    stranger: Elsewhere, app: Served, batch_id: str, path: str
) -> None:
    path = path.format(batch=batch_id)
    refused = stranger.get(path)
    assert refused.status_code == 401
    assert set(refused.json()["error"]) == {"code", "message"}
    assert stranger.post("/login", data={"code": app.code}).status_code == 303
    assert stranger.get(path).status_code == (404 if "no-such" in path else 200)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_a_code_leads_to_the_form_and_back(
    stranger: Elsewhere, app: Served, batch_id: str, path: str
) -> None:
    path = path.format(batch=batch_id)
    led = stranger.get(path, params={"q": "a b"})
    assert led.status_code == 303
    form = stranger.get(led.headers["location"])
    assert form.status_code == 200
    (back,) = re.findall(r'name="next" value="([^"]*)"', form.text)
    signed_in = stranger.post("/login", data={"code": app.code, "next": back})
    assert signed_in.status_code == 303
    assert signed_in.headers["location"].startswith(f"{path}?q=a")
    arrived = stranger.get(signed_in.headers["location"])
    assert arrived.status_code == (404 if "no-such" in path else 200)


def test_the_archive_is_whole_for_whoever_may_have_it(guest: Elsewhere, batch_id: str) -> None:
    answer = guest.get(f"/api/batches/{batch_id}/archive")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None


def test_a_script_brings_its_code_along(stranger: Elsewhere, app: Served) -> None:
    right = {"Authorization": f"Bearer {app.code}"}
    assert stranger.get("/api/health", headers=right).status_code == 200
    assert not stranger.cookies
    for wrong in ("Bearer", f"Basic {app.code}", app.code[:-1]):
        refused = stranger.get("/api/health", headers={"Authorization": wrong})
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"


def test_the_cookie_is_for_the_browser_alone(guest: Elsewhere, app: Served) -> None:
    answer = guest.post("/login", data={"code": app.code})
    attributes = answer.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=lax", "path=/", "max-age=2592000"} <= set(attributes)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/e"],
)
def test_nobody_is_led_to_another_site(stranger: Elsewhere, app: Served, elsewhere: str) -> None:
    answer = stranger.post("/login", data={"code": app.code, "next": elsewhere})
    assert answer.headers["location"] == "/"


def _open_socket(app: Served, neighbour: Neighbour, **headers: str) -> ClientConnection:
    address = f"ws://{neighbour.address}:{app.port}{SOCKET}websocket"
    return neighbour.do(connect, address, additional_headers=headers)


def _cookie(client: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def test_the_socket_is_for_those_who_signed_in(
    guest: Elsewhere, app: Served, neighbour: Neighbour
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        _open_socket(app, neighbour)
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as foreign:
        _open_socket(app, neighbour, Cookie=_cookie(guest), Origin="http://evil.example")
    assert foreign.value.response.status_code == 403
    with _open_socket(app, neighbour, Cookie=_cookie(guest)) as opened:
        assert json.loads(str(opened.recv(10))[1:])["sid"]


def test_who_is_signed_out_is_out_at_once(
    guest: Elsewhere, app: Served, neighbour: Neighbour
) -> None:
    with _open_socket(app, neighbour, Cookie=_cookie(guest)) as opened:
        opened.recv(10)
        kept = _cookie(guest)
        assert guest.post("/logout").status_code == 303
        with pytest.raises(ConnectionClosed) as closed:
            opened.recv(10)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 1008
    assert not guest.cookies
    assert guest.get("/api/health", headers={"Cookie": kept}).status_code == 401


def _changing(client: httpx.Client) -> Iterator[tuple[str, str]]:
    """Every call that changes something, as the API itself lists them."""
    for path, operations in client.get("/api/openapi.json").json()["paths"].items():
        for method in operations.keys() - {"get"}:
            yield method.upper(), path


def _about(batch_id: str, path: str) -> str:
    """With something in the place of each name."""
    named = {"workflow_id": "x", "name": "x", "server_id": "x"}
    return path.format(batch_id=batch_id, image_id=f"{batch_id}-001", **named)


def test_who_may_only_view_sees_all_and_changes_nothing(
    viewer: Elsewhere, app: Served, batch_id: str
) -> None:
    before = viewer.get("/api/events").json()["end"]
    tried = 0
    for method, call in _changing(viewer):
        path = _about(batch_id, call)
        bodies = {"/batches": asked(), "/images": {"ids": [f"{batch_id}-001"], "rejected": True}}
        body = bodies.get(call, {"favourite": True})
        answer = viewer.request(method, f"/api{path}", json=body)
        is_mark = method == "PATCH" and call.startswith("/images")
        assert answer.status_code == (200 if is_mark else 403), (method, path)
        tried += not is_mark
    assert tried >= 5
    seen = viewer.get("/api/events", params={"after": before}).json()["events"]
    assert [event["type"] for event in seen] == ["image_favourited", "image_rejected"]
    for path in ("/", "/gallery", f"/batch/{batch_id}", f"/api/images/{batch_id}-001"):
        assert viewer.get(path).status_code == 200


def test_a_page_for_viewing_offers_nothing_else(viewer: Elsewhere, batch_id: str) -> None:
    offers = ("generate", "cancel", "regenerate", "new-batch", "server-address", "lan-switch")
    for page in ("/", "/gallery", f"/batch/{batch_id}", "/settings"):
        text = viewer.get(page).text
        assert not [mark for mark in offers if f'data-testid":"{mark}"' in text]
        assert "delete_outline" not in text


def test_two_people_see_one_queue_and_it_says_who_cancelled(guest: Elsewhere, app: Served) -> None:
    guest.headers["user-agent"] = "Mozilla/5.0 (iPhone) Version/18 Mobile Safari/604"
    assert guest.post("/login", data={"code": app.code}).status_code == 303
    slow = {"baseParameters": {"steps": 150, "width": 64, "height": 64}}
    with httpx.Client(base_url=app.address, timeout=60) as here:
        mine = here.post("/api/batches", json=asked(3, **slow)).json()["batchId"]
        theirs = guest.post("/api/batches", json=asked(3, **slow)).json()["batchId"]
        for client in (here, guest):
            seen = [batch["batchId"] for batch in client.get("/api/batches").json()["batches"]]
            assert seen[:2] == [theirs, mine]
        assert guest.post(f"/api/batches/{mine}/cancel").status_code == 200
        assert here.post(f"/api/batches/{theirs}/cancel").status_code == 200
        events = here.get("/api/events", params={"limit": 1000}).json()["events"]
    because = {e["batchId"]: e["because"] for e in events if e["type"] == "batch_cancelled"}
    assert because[mine] == "Cancelled by Safari on iPhone"
    assert because[theirs] == "Cancelled at the computer where BatchGen runs"


def test_a_proxy_on_this_computer_speaks_for_others(app: Served) -> None:
    with httpx.Client(base_url=app.address) as here:
        assert here.get("/api/health").status_code == 200
        for header in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"):
            assert here.get("/api/health", headers={header: "127.0.0.1"}).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.9.8.7", "", "a b", "[::1", "localhost:x"]
)
def test_a_name_that_is_not_ours_is_refused_to_everybody(
    app: Served, guest: Elsewhere, host: str
) -> None:
    for path in ("/", "/login", "/api/health", "/assets/style.css", f"{SOCKET}polling"):
        for ask, base in ((guest.get, ""), (httpx.get, app.address)):
            assert ask(f"{base}{path}", headers={"Host": host}).status_code in {400, 421}


def test_our_own_names_are_known(app: Served, guest: Elsewhere) -> None:
    for host in (f"localhost:{app.port}", "127.0.0.1", "[::1]:80", f"LOCALHOST.:{app.port}"):
        assert httpx.get(f"{app.address}/login", headers={"Host": host}).status_code == 200
    for host in (guest.base_url.host, socket.gethostname(), f"{socket.gethostname()}.local"):
        assert guest.get("/login", headers={"Host": host}).status_code == 200


def test_two_hosts_in_one_request_are_none(app: Served) -> None:
    status, _ = spoken(app.port, "GET / HTTP/1.1", "Host: localhost", "Host: evil.example")
    assert status in {400, 421}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", "file://"])
def test_a_page_of_another_site_is_refused(app: Served, origin: str) -> None:
    for path in ("/", "/login", "/api/health", f"{SOCKET}polling"):
        refused = httpx.get(f"{app.address}{path}", headers={"Origin": origin})
        assert refused.status_code == 403
    assert httpx.get(app.address, headers={"Origin": app.address}).status_code == 200


def test_a_page_of_another_site_changes_nothing(app: Served, batch_id: str) -> None:
    """Whether by another scheme, without an Origin, or by a form that looks like JSON."""
    foreign = (
        {"Origin": app.address.replace("http:", "https:")},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "something-new"},
        {"Referer": "http://evil.example/"},
    )
    with httpx.Client(base_url=app.address) as here:
        before = here.get("/api/events").json()["end"]
        for headers in foreign:
            for method, path in _changing(here):
                call = f"/api{_about(batch_id, path)}"
                answer = here.request(method, call, json=asked(), headers=headers)
                assert answer.status_code == 403, (method, path)
        plain = {"Content-Type": "text/plain"}
        assert here.post("/api/batches", content=b"{}", headers=plain).status_code == 415
        twice = [("Content-Type", "application/json"), *plain.items()]
        for both in (twice, twice[::-1]):
            answer = here.post("/api/batches", content=json.dumps(asked()), headers=both)
            assert answer.status_code == 415
        assert here.get("/api/events").json()["end"] == before


def test_a_blank_behind_a_word_does_not_make_it_another(app: Served) -> None:
    body = json.dumps(asked()).encode()
    head = (
        "POST /api/batches HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    for site in ("cross-site ", "cross-site\t", "\tcross-site"):
        assert spoken(app.port, *head, f"Sec-Fetch-Site: {site}", body=body)[0] == 403


def test_no_link_on_another_site_opens_a_socket(app: Served) -> None:
    way = f"{app.address}{SOCKET}polling"
    for site in ("cross-site", "same-site"):
        link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        assert httpx.get(way, headers=link).status_code == 403
        assert httpx.get(app.address, headers=link).status_code == 200
    assert httpx.get(way, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_every_answer_carries_the_security_headers(stranger: Elsewhere, app: Served) -> None:
    answers = [stranger.get(path) for path in ("/", "/login", "/api/health", "/enter/x")]
    answers += [httpx.get(f"{app.address}{path}") for path in ("/", "/api/health", "/nope")]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
