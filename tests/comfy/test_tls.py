"""https and wss: whom we trust, and what is said about the others."""

import datetime
from pathlib import Path

import pytest
import trustme

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import ComfyListener, Connected
from batchgen_app.core.errors import ServerUnreachable
from batchgen_app.demo import DemoEngine
from tests.comfy.ear import Ear
from tests.comfy.http_server import ScriptedServer
from tests.comfy.talking import always
from tests.comfy.tls_line import tls_line
from tests.comfy.websocket_server import playing, staged

REMAINING = {"exec_info": {"queue_remaining": 7}}


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The authority, trusted by this process."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return authority


async def reason(url: str) -> str:
    """Why a client cannot speak with the server."""
    async with ComfyClient(url) as client:
        with pytest.raises(ServerUnreachable) as raised:
            await client.queue_remaining()
    assert str(raised.value).startswith("Cannot connect to server")
    return str(raised.value)


async def test_https_works_where_the_authority_is_trusted(trusted: trustme.CA) -> None:
    async with (
        ScriptedServer(always(REMAINING)) as server,
        tls_line(server.url, trusted.issue_cert("127.0.0.1")) as url,
        ComfyClient(url) as client,
    ):
        assert await client.queue_remaining() == 7


async def test_wss_works_where_the_authority_is_trusted(trusted: trustme.CA) -> None:
    ear = Ear()
    async with (
        staged(playing()) as stage,
        tls_line(stage.url, trusted.issue_cert("127.0.0.1")) as url,
        ComfyClient(f"{url}/prefix") as client,
        ComfyListener(client, ear),
    ):
        await ear.until(lambda: bool(ear.of(Connected)))


async def test_a_certificate_of_nobody_is_not_trusted_and_it_is_said_what_to_do(
    authority: trustme.CA,
) -> None:
    async with (
        ScriptedServer(always(REMAINING)) as server,
        tls_line(server.url, authority.issue_cert("127.0.0.1")) as url,
    ):
        told = await reason(url)
    assert f"The certificate of {url} is not trusted" in told
    assert "SSL_CERT_FILE" in told
    assert server.requests == []


async def test_a_certificate_for_another_name_is_not_trusted(trusted: trustme.CA) -> None:
    async with (
        ScriptedServer(always(REMAINING)) as server,
        tls_line(server.url, trusted.issue_cert("studio.example")) as url,
    ):
        assert "Use the address that the certificate was made for" in await reason(url)


async def test_a_certificate_that_has_expired_is_not_trusted(trusted: trustme.CA) -> None:
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    expired = trusted.issue_cert("127.0.0.1", not_after=yesterday)
    async with (
        ScriptedServer(always(REMAINING)) as server,
        tls_line(server.url, expired) as url,
    ):
        assert "Renew the certificate" in await reason(url)


async def test_https_to_a_plain_server_says_so() -> None:
    async with DemoEngine() as engine:
        told = await reason(engine.url.replace("http", "https"))
    assert "Begin the address with http://" in told
