"""The door speaks the language of whoever stands before it; programs are told in English."""

from pathlib import Path

from batchgen_app.access.words import LAN_OFF
from batchgen_app.language.choosing import COOKIE
from tests.access.test_login import house

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.1"}


async def test_strangers_read_the_door_in_what_their_browser_wishes(tmp_path: Path) -> None:
    async with house(tmp_path) as (_, phone):
        english, german = await phone.get("/login"), await phone.get("/login", headers=GERMAN)
        assert '<html lang="en"' in english.text
        assert "Sign in" in english.text
        assert '<html lang="de"' in german.text
        assert "Anmelden" in german.text
        wrong = await phone.post("/login", data={"code": "1234"}, headers=GERMAN)
        assert "Dieser Code stimmt nicht." in wrong.text


async def test_a_choice_that_the_browser_keeps_counts_before_the_wish(tmp_path: Path) -> None:
    async with house(tmp_path) as (_, phone):
        phone.cookies[COOKIE] = "en"
        assert "Sign in" in (await phone.get("/login", headers=GERMAN)).text


async def test_a_refusal_is_read_in_german_and_told_to_programs_in_english(tmp_path: Path) -> None:
    async with house(tmp_path) as (access, phone):
        await access.close_lan()
        access.lan.is_fixed = False
        page = await phone.get("/", headers=GERMAN)
        assert "nicht im Netzwerk freigegeben" in page.text
        told = (await phone.get("/api/batches", headers=GERMAN)).json()
        assert told["error"] == {"code": "lan_off", "message": LAN_OFF}
        assert "not shared" in told["error"]["message"]
