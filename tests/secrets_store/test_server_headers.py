"""The extra headers of the server: kept, taken over, and never lost."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from batchgen_app.app import build
from batchgen_app.core.errors import StorageError
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.secrets_store import words
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.secrets_store.store import SystemKeyring
from batchgen_app.settings import load_settings, save_settings, saved_settings
from tests.secrets_store.conftest import UseRing
from tests.secrets_store.rings import FileRing, LockedRing
from tests.studio import QUICK, until

STUDIO = "http://studio:8188"
SECRET = "Bearer hushhush"
HEADERS = {"Authorization": SECRET}
HASTE = 0.1
"""Seconds that a keyring gets for an answer."""


def opened(data: Path) -> ServerHeaders:
    return ServerHeaders(data, SystemKeyring(data, HASTE))


async def keep(data: Path, address: str | None = STUDIO) -> None:
    """As the settings page does."""
    async with opened(data) as headers:
        await headers.keep(address, HEADERS)


def lying_open(folder: Path) -> set[str]:
    """The files in which the secret can be read."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.name for path in files if "hushhush" in path.read_text()}


async def test_the_values_lie_in_the_keyring_and_nowhere_else(
    tmp_path: Path, ring: FileRing
) -> None:
    await keep(tmp_path / "data")
    assert lying_open(tmp_path) == {ring.path.name}
    async with opened(tmp_path / "data") as headers:
        assert headers.names == ("Authorization",)
        assert headers.values_for(f"{STUDIO}/") == HEADERS
        assert headers.whereabouts == words.IN_KEYRING
        assert SECRET not in repr(vars(headers))


async def test_without_a_keyring_they_lie_in_a_file_and_move_when_there_is_one(
    tmp_path: Path, ring: FileRing
) -> None:
    ring.forgets = True
    await keep(tmp_path / "data")
    (name,) = lying_open(tmp_path)
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    async with opened(tmp_path / "data") as headers:
        assert headers.whereabouts == words.IN_FILE
        assert headers.values_for(STUDIO) == HEADERS
    ring.forgets = False
    async with opened(tmp_path / "data") as headers:
        assert headers.values_for(STUDIO) == HEADERS
        await until(lambda: lying_open(tmp_path) == {ring.path.name})


async def test_what_stood_in_the_settings_is_taken_over(tmp_path: Path, ring: FileRing) -> None:
    save_settings(tmp_path, comfyui_url=STUDIO, comfyui_headers=HEADERS, stall_seconds=60.0)
    async with opened(tmp_path) as headers:
        assert headers.values_for(STUDIO) == HEADERS
        await until(lambda: lying_open(tmp_path) == {ring.path.name})
    saved = saved_settings(tmp_path)
    assert (saved.comfyui_url, saved.comfyui_headers, saved.stall_seconds) == (STUDIO, {}, 60.0)
    async with opened(tmp_path) as headers:
        assert headers.values_for(STUDIO) == HEADERS


async def test_what_cannot_be_taken_over_stays_where_it_is(tmp_path: Path, ring: FileRing) -> None:
    ring.forgets = True
    save_settings(tmp_path, comfyui_url=STUDIO, comfyui_headers=HEADERS)
    (tmp_path / "server-headers.json").mkdir()
    async with opened(tmp_path) as headers:
        assert headers.values_for(STUDIO) == HEADERS
        with pytest.raises(StorageError):
            await headers.keep(STUDIO, {"Other": "1"})
        assert headers.values_for(STUDIO) == HEADERS
    assert saved_settings(tmp_path).comfyui_headers == HEADERS


async def test_they_are_only_for_the_address_that_they_were_saved_with(
    tmp_path: Path, ring: FileRing
) -> None:
    for mine, others in ((STUDIO, ("http://elsewhere", None, "ftp://")), (None, (STUDIO,))):
        await keep(tmp_path, mine)
        async with opened(tmp_path) as headers:
            assert headers.values_for(mine) == HEADERS
            assert not [other for other in others if headers.values_for(other)]


async def test_what_is_removed_is_kept_nowhere(tmp_path: Path, ring: FileRing) -> None:
    await keep(tmp_path)
    async with opened(tmp_path) as headers:
        await headers.keep(STUDIO, {})
    assert not lying_open(tmp_path)


async def test_a_keyring_that_lost_them_is_told(tmp_path: Path, ring: FileRing) -> None:
    await keep(tmp_path / "data")
    ring.path.unlink()
    async with opened(tmp_path / "data") as headers:
        assert headers.fault == words.keyring_empty(["Authorization"])
        await headers.keep(STUDIO, HEADERS)
        assert not headers.fault


async def test_a_keyring_that_refuses_is_told_and_asked_again_when_it_was_unlocked(
    tmp_path: Path, ring: FileRing, use_ring: UseRing
) -> None:
    await keep(tmp_path / "data")
    locked = LockedRing(ring.path, asks=False)
    use_ring(locked)
    async with opened(tmp_path / "data") as headers:
        assert headers.fault == headers.whereabouts == words.keyring_closed(["Authorization"])
        assert headers.names == ("Authorization",)
        assert not headers.values_for(STUDIO)
        locked.unlocked.set()
        await headers.ask()
        assert (headers.fault, headers.values_for(STUDIO)) == ("", HEADERS)


async def test_what_is_entered_while_the_keyring_is_locked_counts_from_then_on(
    tmp_path: Path, ring: FileRing, use_ring: UseRing
) -> None:
    await keep(tmp_path / "data")
    use_ring(LockedRing(ring.path, asks=False))
    async with opened(tmp_path / "data") as headers:
        await headers.keep(STUDIO, {"Authorization": "Bearer newer"})
        assert headers.whereabouts == words.IN_FILE
    use_ring(ring)
    async with opened(tmp_path / "data") as headers:
        assert headers.values_for(STUDIO) == {"Authorization": "Bearer newer"}


@asynccontextmanager
async def waiting_for_a_person(
    tmp_path: Path, ring: FileRing, use_ring: UseRing
) -> AsyncIterator[LockedRing]:
    """A keyring that asks to be unlocked, and has the secret."""
    await keep(tmp_path / "data")
    locked = LockedRing(ring.path)
    use_ring(locked)
    try:
        yield locked
    finally:
        locked.unlocked.set()


async def test_nobody_waits_for_a_keyring_that_waits_for_a_person(
    tmp_path: Path, ring: FileRing, use_ring: UseRing
) -> None:
    async with (
        waiting_for_a_person(tmp_path, ring, use_ring) as locked,
        opened(tmp_path / "data") as headers,
    ):
        assert headers.fault == words.keyring_closed(["Authorization"])
        await headers.ask()
        assert locked.asked == 1  # nobody is asked for a password twice
        locked.unlocked.set()
        async with asyncio.timeout(30):
            await headers.known()
        assert (headers.fault, headers.values_for(STUDIO)) == ("", HEADERS)


async def test_the_app_sends_them_as_soon_as_the_keyring_is_unlocked(
    tmp_path: Path, ring: FileRing, use_ring: UseRing
) -> None:
    async with DemoEngine(DemoSettings()) as engine:
        save_settings(tmp_path / "data", comfyui_url=engine.url)
        await keep(tmp_path / "data", engine.url)
        locked = LockedRing(ring.path)
        use_ring(locked)
        settings = load_settings(
            data_dir=tmp_path / "data", output_dir=tmp_path / "images", environment={}
        )
        async with build(settings, timeouts=QUICK) as app:
            assert app.notices == (words.keyring_closed(["Authorization"]),)
            assert not app.server.client.headers
            locked.unlocked.set()
            await until(lambda: app.server.client.headers == HEADERS)
            assert not app.notices


def test_a_service_that_never_answers_stops_neither_the_start_nor_the_end(tmp_path: Path) -> None:
    (tmp_path / "server-headers.json").write_text('{"names": ["Authorization"]}')
    options = ("--demo", "--lan", "--port", "0", "--data-dir", str(tmp_path))
    silent = {"PYTHON_KEYRING_BACKEND": "tests.secrets_store.rings.SilentRing"}
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "batchgen_app", "serve", *options, "--output-dir", str(tmp_path)],
        env={**clean, **silent},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        assert httpx.get(f"{address}/api/health").status_code == 200
        assert words.CODES_FOR_NOW in httpx.get(f"{address}/settings").text
    finally:
        process.terminate()
        _, told = process.communicate(timeout=30)
    assert words.keyring_closed(["Authorization"]) in told
    assert process.returncode == 0


FLEET = "https://fleet.example"
KEY = {"Authorization": "Bearer hushhush too", "Door": "left"}


async def keep_both(data: Path) -> None:
    await keep(data)
    async with opened(data) as headers:
        await headers.keep(FLEET, KEY, beside=[STUDIO])


async def test_each_server_has_its_own(tmp_path: Path, ring: FileRing) -> None:
    await keep_both(tmp_path / "data")
    assert lying_open(tmp_path) == {ring.path.name}
    async with opened(tmp_path / "data") as headers:
        assert headers.values_for(STUDIO) == HEADERS
        assert headers.values_for(FLEET) == KEY
        assert headers.names == ("Authorization", "Door")
        assert headers.names_for(STUDIO) == ("Authorization",)
        await headers.keep(STUDIO, {}, beside=[FLEET])
    async with opened(tmp_path / "data") as headers:
        assert (headers.values_for(STUDIO), headers.values_for(FLEET)) == ({}, KEY)


async def test_those_of_servers_that_are_used_no_more_are_forgotten(
    tmp_path: Path, ring: FileRing
) -> None:
    await keep_both(tmp_path)
    async with opened(tmp_path) as headers:
        await headers.keep("http://other", {})
        assert not headers.values_for(STUDIO)
        assert not headers.values_for(FLEET)
    assert not lying_open(tmp_path)


async def test_while_the_keyring_is_locked_what_it_has_of_others_is_not_written_over(
    tmp_path: Path, ring: FileRing, use_ring: UseRing
) -> None:
    await keep_both(tmp_path / "data")
    use_ring(LockedRing(ring.path, asks=False))
    newer = {"Authorization": "Bearer hushhush newer"}
    async with opened(tmp_path / "data") as headers:
        await headers.keep(STUDIO, newer, beside=[FLEET])
        assert headers.values_for(STUDIO) == newer
        assert headers.fault == words.keyring_closed(["Authorization", "Door"])
    use_ring(ring)
    async with opened(tmp_path / "data") as headers:
        assert not headers.fault
        assert (headers.values_for(STUDIO), headers.values_for(FLEET)) == (newer, KEY)
        await until(lambda: lying_open(tmp_path) == {ring.path.name})
