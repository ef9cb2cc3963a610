"""What is said in English for programs and logs, as a page tells it in another language."""

import gettext
from pathlib import Path

import pytest

from batchgen_app.access.words import CANCELLED_HERE, cancelled_by
from batchgen_app.batches.retry import NOT_ANSWERING, Wait
from batchgen_app.comfy.models import Category, Model, unknown_model
from batchgen_app.core.errors import ServerUnreachable
from batchgen_app.language.texts import CATALOGS, DOMAIN, PLACE, SAID, Sayings
from batchgen_app.storage.faults import GONE
from tests.language import catalogs

FOLDER = Path("pictures")
GERMAN = gettext.translation(DOMAIN, CATALOGS, ["de"])
TEXTS = SAID.read_text(encoding="utf-8").splitlines()
SAYINGS = Sayings(TEXTS, GERMAN.gettext)


def test_the_list_of_what_is_said_is_that_of_the_code() -> None:
    assert catalogs.said_later() == SAID.read_text(encoding="utf-8"), "dev.py texts"


@pytest.mark.parametrize("text", TEXTS)
def test_everything_that_is_said_is_known_again_with_its_values(text: str) -> None:
    values = {name: f"<{name}>" for name in PLACE.findall(text)}
    assert SAYINGS.translated(text.format(**values)) == GERMAN.gettext(text).format(**values)


def test_a_reason_in_the_log_is_told_with_who_it_was() -> None:
    assert SAYINGS.translated(CANCELLED_HERE) == (
        "Abgebrochen an dem Computer, auf dem BatchGen läuft"
    )
    assert SAYINGS.translated(cancelled_by("Firefox, Linux")) == "Abgebrochen von Firefox, Linux"


def test_what_is_waited_for_is_told_inside_of_the_waiting() -> None:
    server, folder = Wait(NOT_ANSWERING), Wait(str(GONE.error(FOLDER, FOLDER, OSError()))[:-1])
    assert SAYINGS.translated(str(server)) == "Der Server antwortet nicht. Neuer Versuch jetzt"
    assert SAYINGS.translated(str(folder)) == (
        "pictures ist nicht mehr da. Bitte den Ordner oder das Laufwerk zurückbringen. "
        "Neuer Versuch jetzt"
    )


def test_an_error_is_told_with_what_it_advises() -> None:
    mountains = Model(name="mountains", display_name="mountains", category=Category.CHECKPOINTS)
    assert SAYINGS.translated(str(unknown_model("mountain", [mountains]))) == (
        "Der Server hat kein Modell „mountain“. Ist mountains gemeint?"
    )
    assert SAYINGS.translated(str(ServerUnreachable("http://there:8188"))) == (
        "Keine Verbindung zum Server. Läuft ComfyUI unter http://there:8188? Bitte starten oder "
        "die Adresse ändern, dann noch einmal versuchen."
    )


def test_what_nobody_here_has_said_stays_as_it_is() -> None:
    words = "CUDA out of memory. Tried to allocate 20 MiB (GPU 0)."
    assert SAYINGS.translated(words) == words
    assert SAYINGS.translated(f"KSampler (node 3) failed: {words}").endswith(words)
