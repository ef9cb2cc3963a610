"""The login, the codes behind it and the list of devices, without a socket in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from batchgen_app.access import Caller, Role, Verb, caller_of
from batchgen_app.access.access import Access, open_access
from batchgen_app.access.callers import end_with
from batchgen_app.access.codes import INVITATION_SECONDS, Invitations
from batchgen_app.access.guard import Guard
from batchgen_app.access.rate_limits import LOCK_SECONDS, MOST_OF_ONE, LoginAttempts, RateLimit
from batchgen_app.access.sessions import LIFE, Sessions
from batchgen_app.core.errors import Forbidden
from batchgen_app.secrets_store.store import FileStore

OURS = "192.168.0.9"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 Version/19.0 Safari/604.1"


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that says who asks."""
    caller = caller_of(scope)
    await PlainTextResponse(f"{caller.role} {caller.device}")(scope, receive, send)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[tuple[Access, httpx.AsyncClient]]:
    """An app that listens on the network, and a phone there."""
    async with open_access(folder, OURS, FileStore(folder / "secrets.json")) as access:
        await access.begin(lan=False)
        outside = httpx.ASGITransport(Guard(who, access), client=("192.168.0.77", 5))
        base = f"http://{OURS}:8420"
        async with httpx.AsyncClient(
            transport=outside, base_url=base, headers={"User-Agent": PHONE}
        ) as phone:
            yield access, phone


async def test_a_link_lets_one_device_in_once(tmp_path: Path) -> None:
    async with house(tmp_path) as (access, phone):
        used: list[str] = []
        access.changed.subscribe(lambda: used.append("changed"))
        link = f"/enter/{access.invitations.issue(Role.VIEW)}"
        assert (await phone.head(link)).status_code == 200  # a look at it does not use it up
        entered = await phone.get(link)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        assert used
        assert (await phone.get("/")).text == "view Safari on iPhone"
        token = phone.cookies["batchgen_session"]
        phone.cookies.clear()
        for _ in range(2):
            replayed = await phone.get(link)
            assert replayed.status_code == 403
            assert "used already" in replayed.text
            assert not phone.cookies
        again = await phone.get(link, headers={"Cookie": f"batchgen_session={token}"})
        assert again.status_code == 303  # whoever is in already is not sent away


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/batch/20261122-1", "/batch/20261122-1"),
        ("//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/logout", "/"),
    ],
)
async def test_a_link_leads_to_a_page_of_ours_and_nowhere_else(
    tmp_path: Path, wanted: str, leads: str
) -> None:
    async with house(tmp_path) as (access, phone):
        link = f"/enter/{access.invitations.issue(Role.VIEW)}"
        for _ in range(2):  # who is in already is led there, too
            entered = await phone.get(link, params={"next": wanted})
            assert (entered.status_code, entered.headers["location"]) == (303, leads)


def test_a_link_is_good_for_five_minutes() -> None:
    now = [0.0]
    invitations = Invitations(lambda: now[0])
    token, late = invitations.issue(Role.FULL), invitations.issue(Role.FULL)
    now[0] = INVITATION_SECONDS - 1
    assert invitations.redeem(token) is Role.FULL
    now[0] = INVITATION_SECONDS + 1
    assert invitations.redeem(late) is None


async def test_a_device_is_known_by_its_name_and_can_be_signed_out(tmp_path: Path) -> None:
    async with house(tmp_path) as (access, phone):
        await phone.post("/login", data={"code": access.codes[Role.FULL]})
        (session,) = access.sessions.all
        assert (session.device, session.role) == ("Safari on iPhone", Role.FULL)
        await access.sessions.remove(session.id)
        assert (await phone.get("/api/health")).status_code == 401
        assert not access.sessions.all


async def test_whoever_is_signed_out_can_do_nothing_with_a_page_that_is_still_open() -> None:
    sessions = Sessions(Path("nowhere") / "sessions.json")
    sessions.save = _nothing  # type: ignore[method-assign]
    session = sessions.find(await sessions.admit(Role.FULL, "Phone", "::1"), "::1")
    caller = Caller(Role.FULL, "::1", "Phone", session)
    caller.require(Verb.SET)
    await sessions.remove_all()
    assert not caller.may(Verb.LOOK)
    with pytest.raises(Forbidden, match="signed out"):
        caller.require(Verb.LOOK)


async def _nothing() -> None:
    return


ENDINGS: tuple[tuple[str, Callable[[Access], Awaitable[None]]], ...] = (
    ("session", lambda access: access.sessions.remove_all()),
    ("session", lambda access: access.close_lan()),
    ("code", lambda access: access.renew(Role.FULL)),
    ("code", lambda access: access.sign_out_all()),
    ("code", lambda access: access.close_lan()),
)
"""What somebody came in with, and what ends that."""


@pytest.mark.parametrize(("by", "end"), ENDINGS)
async def test_what_a_device_waits_for_when_it_is_signed_out_is_refused(
    tmp_path: Path, by: str, end: Callable[[Access], Awaitable[None]]
) -> None:
    async with open_access(tmp_path, OURS, FileStore(tmp_path / "secrets.json")) as access:
        await access.begin(lan=False)

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await end(access)
            await who(scope, receive, send)

        token = await access.sessions.admit(Role.FULL, "Phone", "192.168.0.77")
        bearing = {
            "session": {"Cookie": f"batchgen_session={token}"},
            "code": {"Authorization": f"Bearer {access.codes[Role.FULL]}"},
        }
        outside = httpx.ASGITransport(Guard(slow, access), client=("192.168.0.77", 5))
        async with httpx.AsyncClient(
            transport=outside, base_url=f"http://{OURS}:8420", headers=bearing[by]
        ) as phone:
            assert (await phone.get("/assets/icon.svg")).status_code == 401


async def test_only_the_code_that_is_renewed_holds_no_more(tmp_path: Path) -> None:
    async with house(tmp_path) as (access, _):
        stays = {role: access.codes.grant(role) for role in Role}
        await access.renew(Role.VIEW)
        assert {role for role in Role if stays[role].is_over} == {Role.VIEW}
        assert not access.codes.grant(Role.VIEW).is_over


async def test_when_the_network_is_closed_sockets_behind_a_proxy_end_too(tmp_path: Path) -> None:
    """From a proxy at this computer, as far as the connection is concerned, nobody is outside."""
    told, is_open = list[Message](), asyncio.Event()

    async def app(*_: object) -> None:
        is_open.set()
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        told.append(message)
        closed.set()

    async with house(tmp_path) as (access, _):
        closed = asyncio.Event()
        session = access.sessions.find(await access.sessions.admit(Role.FULL, "Phone", ""), "")
        caller = Caller(Role.FULL, "127.0.0.1", "Phone", session)
        socket = asyncio.create_task(end_with(caller, app, {}, _silent, send))
        await is_open.wait()
        await access.close_lan()
        await closed.wait()
        socket.cancel()
    assert told == [{"type": "websocket.close", "code": 1008}]
    assert session
    assert not session.is_gone
    assert not caller.may(Verb.LOOK)


async def _silent() -> Message:
    return {}


async def test_signing_in_again_replaces_the_session(tmp_path: Path) -> None:
    async with house(tmp_path) as (access, phone):
        for role in (Role.FULL, Role.VIEW):
            await phone.post("/login", json={"code": access.codes[role]})
        assert [session.role for session in access.sessions.all] == [Role.VIEW]


async def test_a_session_ends_after_thirty_days(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 1, tzinfo=UTC)]
    sessions = Sessions(tmp_path / "sessions.json", lambda: now[0])
    token = await sessions.admit(Role.FULL, "Phone", "::1")
    now[0] += LIFE - timedelta(minutes=1)
    assert sessions.find(token, "::1")
    now[0] += timedelta(minutes=1)
    assert not sessions.find(token, "::1")
    assert not sessions.all


async def test_what_is_open_when_a_session_grows_too_old_is_closed(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 1, tzinfo=UTC)]
    sessions = Sessions(tmp_path / "sessions.json", lambda: now[0])
    old = sessions.find(await sessions.admit(Role.FULL, "Phone", "::1"), "::1")
    now[0] += LIFE / 2
    young = sessions.find(await sessions.admit(Role.FULL, "Tablet", "::1"), "::1")
    callers = [Caller(Role.FULL, "::1", "Phone", session) for session in (old, young)]
    now[0] += LIFE / 2
    await sessions.end_old()
    assert [caller.may(Verb.LOOK) for caller in callers] == [False, True]


@pytest.mark.parametrize("has_left", [True, False])
async def test_who_leaves_before_the_answer_is_no_fault(tmp_path: Path, has_left: bool) -> None:
    """Middleware of Starlette's, as NiceGUI has it, cannot tell that from an app that is broken."""

    async def silent(_: Scope, receive: Receive, __: Send) -> None:
        await receive()

    async def pass_on(request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request)

    async def receive() -> Message:
        return {"type": "http.disconnect" if has_left else "http.request"}

    async with open_access(tmp_path, "127.0.0.1", FileStore(tmp_path / "secrets.json")) as access:
        guard = Guard(BaseHTTPMiddleware(silent, pass_on), access)
        fault = nullcontext() if has_left else pytest.raises(RuntimeError, match="No response")
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
        here = {"headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 5)}
        with fault:
            await guard({**scope, **here}, receive, _ignored)


async def _ignored(_: Message) -> None:
    return


async def test_sessions_that_cannot_be_read_let_nobody_in(tmp_path: Path) -> None:
    for broken in ("{", '[{"id": 1}]', "\0"):
        (tmp_path / "sessions.json").write_text(broken)
        sessions = Sessions(tmp_path / "sessions.json")
        await sessions.load()
        assert not sessions.all


async def test_a_new_code_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    async with house(tmp_path) as (access, phone):
        old = access.codes[Role.FULL]
        link = f"/enter/{access.invitations.issue(Role.FULL)}"
        await access.renew(Role.FULL)
        new = access.codes[Role.FULL]
        assert (await phone.get(link)).status_code == 403
        assert (await phone.post("/login", data={"code": old})).status_code == 401
        assert (
            await phone.post("/login", data={"code": new.replace("-", " ").lower()})
        ).status_code == 303
    async with house(tmp_path) as (access, _):
        assert access.codes[Role.FULL] == new


@pytest.mark.parametrize("body", [b"", b"code", b"{", b"[]", b"\xff", b"code=", b"a=1&" * 50])
async def test_what_is_no_form_is_a_wrong_code(tmp_path: Path, body: bytes) -> None:
    async with house(tmp_path) as (_, phone):
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
            answer = await phone.post("/login", content=body, headers={"Content-Type": kind})
            assert answer.status_code == 401


FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.mark.parametrize(
    ("kinds", "is_read"),
    [
        ([FORM], "form"),
        ([f"{FORM}; charset=UTF-8"], "form"),
        ([FORM.upper()], "form"),
        ([JSON], "json"),
        (["Application/JSON;charset=utf-8"], "json"),
        (["text/plain"], ""),
        (["application/jsonx"], ""),
        (["application/json, text/plain"], ""),
        (["multipart/form-data; boundary=x"], ""),
        ([JSON, "text/plain"], ""),
        ([FORM, FORM], ""),
        ([], ""),
    ],
)
async def test_a_code_is_read_from_what_says_exactly_what_it_is(
    tmp_path: Path, kinds: list[str], is_read: str
) -> None:
    async with house(tmp_path) as (access, phone):
        code = access.codes[Role.FULL]
        for kind, body in (("form", f"code={code}"), ("json", f'{{"code": "{code}"}}')):
            headers = [("Content-Type", each) for each in kinds]
            answer = await phone.post("/login", content=body.encode(), headers=headers)
            assert answer.status_code == (303 if kind == is_read else 401)
            assert access._attempts.left("192.168.0.77") == MOST_OF_ONE  # it was no guess


async def test_ten_wrong_codes_lock_an_address_for_a_time() -> None:
    now, pauses = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    tries = LoginAttempts(lambda: now[0], sleep)
    for _ in range(MOST_OF_ONE):
        assert not tries.wait("a")
        await tries.wrong("a")
    assert tries.wait("a") == LOCK_SECONDS
    assert not tries.wait("b")
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[3]
    now[0] = LOCK_SECONDS
    assert not tries.wait("a")


def test_whoever_asks_too_often_waits_a_moment() -> None:
    now = [0.0]
    pace = RateLimit(burst=3, per_second=1, clock=lambda: now[0])
    assert [pace.allows("a") for _ in range(4)] == [True, True, True, False]
    assert pace.allows("b")
    now[0] = 1.0
    assert [pace.allows("a") for _ in range(2)] == [True, False]
