"""Messages: English to programs, and to people what they were made of in their language."""

import json
import sqlite3
from pathlib import Path

import pytest

from batchgen_app.core.errors import InvalidRequest, Problem, ServerUnreachable
from batchgen_app.language.choosing import SPOKEN
from batchgen_app.language.message import Message, clause, counted, english, joined, later
from batchgen_app.language.texts import asked_in, lazy, read_in, translated

WAITS = later("{why}, trying again now", why=later("Server not answering"))
GERMAN = "Der Server antwortet nicht. Neuer Versuch jetzt"


def test_a_message_is_its_english_for_whatever_writes_it_down() -> None:
    assert WAITS == "Server not answering, trying again now"
    assert json.dumps({"message": WAITS}) == json.dumps({"message": f"{WAITS}"})
    with sqlite3.connect(":memory:") as database:
        (kept,) = database.execute("select ?", (WAITS,)).fetchone()
    assert (kept, type(kept)) == (WAITS, str)
    database.close()


def test_it_is_told_with_its_values_in_the_language_of_whoever_reads() -> None:
    assert translated(WAITS) == WAITS
    with read_in("de"):
        assert translated(WAITS) == GERMAN
    assert translated(WAITS) == WAITS


def test_values_are_never_taken_for_words_of_ours() -> None:
    named = later("Cancelled by {device}", device="Settings")
    with read_in("de"):
        assert translated(named) == "Abgebrochen von Settings"
        assert translated(later("Cancelled by {device}", device="{reason}")).endswith("{reason}")


def test_an_error_keeps_what_it_was_made_of() -> None:
    error = ServerUnreachable("http://there:8188")
    assert isinstance(str(error), Message)
    with read_in("de"):
        assert translated(str(error)).startswith(
            "Keine Verbindung zum Server. Läuft ComfyUI unter http"
        )


def test_many_problems_of_one_request_are_told_one_by_one() -> None:
    twice = Problem("prompt", "missing", later("Prompt cannot be empty"))
    with read_in("de"):
        first, second = translated(str(InvalidRequest([twice, twice]))).split("\n")
        assert first == second == translated(twice.message) != twice.message


@pytest.mark.parametrize(("count", "german"), [(1, "Versuch"), (3, "Versuche")])
def test_a_number_has_its_form_in_each_language(count: int, german: str) -> None:
    left = counted(
        "This code is not right. {count} try is left.",
        "This code is not right. {count} tries are left.",
        count,
    )
    assert f"{count} tr" in left
    with read_in("de"):
        assert german in translated(left).split()[-1] or f"{count} {german}" in translated(left)


def test_a_message_survives_the_way_to_another_process() -> None:
    broken = later("The picture is damaged: {error}", error="two\nlines {0}")
    back = Message.unpacked(broken.packed())
    assert back == broken
    with read_in("de"):
        assert translated(back) == translated(broken) == "Das Bild ist beschädigt: two\nlines {0}"


def test_several_are_joined_without_losing_what_they_were_made_of() -> None:
    with read_in("de"):
        assert translated(joined([WAITS, "X."])) == f"{GERMAN} X."
        assert translated(joined([])) == ""


def test_a_sentence_is_taken_up_by_another_without_its_full_stop() -> None:
    gone = later("Generation timed out. Check server logs.")
    waits = later("{why}, trying again now", why=clause(gone))
    assert waits == "Generation timed out. Check server logs, trying again now"
    with read_in("de"):
        assert translated(waits) == f"{translated(gone)} Neuer Versuch jetzt".replace("..", ".")
        assert ".." not in translated(waits)


def test_what_is_said_in_english_alone_stays_so() -> None:
    with read_in("de"):
        assert translated(english("Settings")) == "Settings"
        assert translated(later("{node} failed: {reason}", node="K", reason="Settings")) == (
            "K schlug fehl: Settings"
        )


def test_a_lazy_text_is_said_anew_to_each_who_reads() -> None:
    text = lazy("Settings")
    with asked_in("de"):
        assert str(text) == f"{text}" == "Einstellungen"
        with read_in("en"):
            assert str(text) == "Settings"


def test_who_neither_chose_nor_asks_reads_the_usual_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(SPOKEN, "de")
    assert translated(later("Did you mean {name}?", name=tmp_path)) == f"Ist {tmp_path} gemeint?"
