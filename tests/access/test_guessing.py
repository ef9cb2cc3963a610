"""Guessing locks out the guesser, not the household; and what nobody is locked out of cannot be
guessed.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from batchgen_app.access import Role
from batchgen_app.access.access import Access, open_access
from batchgen_app.access.codes import GROUP, KEPT_AS, LENGTH, LETTERS, Codes
from batchgen_app.access.guard import Guard
from batchgen_app.access.hosts import party, url
from batchgen_app.access.rate_limits import (
    LOCK_SECONDS,
    MONTH,
    MOST_OF_ONE,
    MOST_PER_SECOND,
    MOST_REMEMBERED,
    LoginAttempts,
    chance_of_a_month,
)
from batchgen_app.secrets_store.store import FileStore
from tests.access.test_login import who

ONE_IN_A_MILLION = 1e-6
LOOK_ALIKES = ("0OQ", "0OD", "1IL", "2Z", "5S", "8B", "6G", "UV")
NETWORKS = (
    ("192.168.0.9", "192.168.0.{}"),
    ("2001:db8::9", "2001:db8::1:{}"),
    ("fe80::9", "fe80::{}"),
)
"""Where the app is, and who is with it in one network: of IPv6, all in one /64."""


async def at_once(_: float) -> None:
    """Instead of a pause."""


@asynccontextmanager
async def open_house(folder: Path, host: str) -> AsyncIterator[tuple[Access, Guard]]:
    """An app that listens on the network; nobody is held up."""
    async with open_access(folder, host, FileStore(folder / "secrets.json")) as access:
        access._attempts = LoginAttempts(sleep=at_once)
        await access.begin(lan=False)
        yield access, Guard(who, access)


async def signed_in(guard: Guard, host: str, address: str, code: str) -> tuple[int, int]:
    """What the form says to this code, and the API."""
    transport = httpx.ASGITransport(guard, client=(address, 5))
    async with httpx.AsyncClient(transport=transport, base_url=url(host, 8420)) as phone:
        shown = await phone.get("/api/health", headers={"Authorization": f"Bearer {code}"})
        form = await phone.post("/login", data={"code": code})
    return form.status_code, shown.status_code


@pytest.mark.parametrize(("host", "guests"), NETWORKS)
async def test_guessing_locks_out_the_guesser_and_not_the_household(
    tmp_path: Path, host: str, guests: str
) -> None:
    """A hundred wrong codes from ten addresses kept out every new device."""
    async with open_house(tmp_path, host) as (access, guard):
        right = access.codes[Role.VIEW]
        for guesser in range(10, 20):
            for guess in range(MOST_OF_ONE):
                await signed_in(guard, host, guests.format(guesser), f"{guess:012}")
        for device in range(20, 25):
            assert await signed_in(guard, host, guests.format(device), right) == (303, 200)
        for guesser in range(10, 20):
            assert await signed_in(guard, host, guests.format(guesser), right) == (429, 429)


def test_of_another_network_a_household_counts_once() -> None:
    def party_of(address: str) -> str:
        return party({"client": (address, 5), "server": ("2001:db8::9", 8420)})

    assert party_of("2001:db8:0:1::1") == party_of("2001:db8:0:1::2") != party_of("2001:db8:0:2::1")
    assert party_of("2001:db8::1") != party_of("2001:db8::2")
    assert party_of("::ffff:10.0.0.1") == party_of("10.0.0.1") != party_of("10.0.0.2")


def test_a_month_of_guessing_is_in_vain() -> None:
    """From all addresses together, at the rate that is permitted; two codes are right."""
    possible, guesses = len(set(LETTERS)) ** LENGTH, MOST_PER_SECOND * MONTH
    assert guesses == 1000 * 2_592_000
    assert chance_of_a_month(possible, len(Role)) == guesses * 2 / 24**12
    assert chance_of_a_month(possible, len(Role)) < ONE_IN_A_MILLION
    by_one_household = MOST_OF_ONE / LOCK_SECONDS
    assert MOST_PER_SECOND / by_one_household == 90_000  # of them at least, to be held up at all


@dataclass
class Clock:
    """Nobody's time passes but where somebody is held up."""

    now: float = 0.0

    def hold(self, seconds: float) -> None:
        """Everybody waits."""
        self.now += seconds

    def tries(self) -> LoginAttempts:
        """Counted by this clock."""
        return LoginAttempts(lambda: self.now, at_once, self.hold)


async def test_the_permitted_rate_holds_for_all_addresses_together() -> None:
    """And takes no turn away from anybody: one wrong code more takes its time."""
    clock = Clock()
    tries = clock.tries()
    for number in range(int(MOST_PER_SECOND) * 5):
        assert not tries.wait(f"address {number}")
        await tries.wrong(f"address {number}")
    assert clock.now == pytest.approx(4.0)  # the first thousand had gathered in a second before
    clock.now += 0.1
    for number in range(int(MOST_PER_SECOND) // 10):
        await tries.wrong(f"another {number}")
    assert clock.now == pytest.approx(4.1)


@pytest.mark.parametrize(("host", "guests"), NETWORKS)
async def test_a_right_code_works_while_all_others_guess_at_the_permitted_rate(
    tmp_path: Path, host: str, guests: str
) -> None:
    clock = Clock()
    async with open_house(tmp_path, host) as (access, guard):
        access._attempts = clock.tries()
        for number in range(int(MOST_PER_SECOND) * 2):
            await access._attempts.wrong(f"address {number}")
        held_up = clock.now
        right = access.codes[Role.FULL]
        assert await signed_in(guard, host, guests.format(10), right) == (303, 200)
        assert clock.now == held_up


async def test_a_flood_of_guesses_costs_no_more_memory_than_that() -> None:
    tries = Clock().tries()
    for number in range(MOST_REMEMBERED + 100):
        await tries.wrong(f"address {number}")
    assert len(tries._counts) <= MOST_REMEMBERED
    assert tries.left(f"address {MOST_REMEMBERED + 99}") == MOST_OF_ONE - 1


async def test_a_code_is_easy_to_read_out_and_to_type(tmp_path: Path) -> None:
    codes = Codes(FileStore(tmp_path / "secrets.json"))
    await codes.load()
    shown = codes[Role.FULL]
    assert [len(group) for group in shown.split("-")] == [GROUP] * (LENGTH // GROUP)
    typed = (shown, shown.lower(), shown.replace("-", ""), shown.replace("-", " "), f" {shown}\n")
    confused = shown.translate(str.maketrans("8625", "BGZS"))
    for each in (*typed, confused, shown.replace("-", "\N{EN DASH}"), confused.lower()):
        assert codes.role_of(each) is Role.FULL
    for wrong in ("", "-", shown[:-1], f"{shown}2", shown[::-1], "\N{FULLWIDTH DIGIT TWO}" * 12):
        assert codes.role_of(wrong) is None


def test_no_two_letters_of_a_code_look_alike() -> None:
    assert len(set(LETTERS)) == len(LETTERS) == 24
    for alike in LOOK_ALIKES:
        assert len(set(alike) & set(LETTERS)) <= 1, alike
    assert not set("AEIOU") & set(LETTERS)


async def test_earlier_codes_that_were_too_short_are_replaced_and_that_is_said(
    tmp_path: Path,
) -> None:
    secrets = FileStore(tmp_path / "secrets.json")
    await secrets.write(KEPT_AS, json.dumps({"full": "123456", "view": "654321"}))
    host = "192.168.0.9"
    async with open_house(tmp_path, host) as (access, guard):
        assert access.codes.were_replaced
        assert "too short" in await access.told_at_start()
        for old in ("123456", "654321"):
            assert await signed_in(guard, host, "192.168.0.10", old) == (401, 401)
        new = access.codes[Role.FULL]
        assert await signed_in(guard, host, "192.168.0.11", new) == (303, 200)
    async with open_house(tmp_path, host) as (access, _):
        assert access.codes[Role.FULL] == new
        assert "too short" not in await access.told_at_start()
