"""Which language is spoken: what was chosen, else what the system says."""

import pytest

from batchgen_app.language.choosing import COOKIE, SPOKEN, choose, of_device, usual


@pytest.mark.parametrize(
    ("system", "spoken"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:en:de"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_system_is_followed_where_its_language_is_known(
    system: dict[str, str], spoken: str
) -> None:
    choose("system", system)
    assert system[SPOKEN] == spoken


def test_a_choice_counts_before_the_system() -> None:
    environment = {"LANG": "en_US.UTF-8"}
    choose("de", environment)
    assert environment[SPOKEN] == "de"


@pytest.mark.parametrize(
    ("accepted", "read"),
    [
        ("de", "de"),
        ("de-CH,fr;q=0.5", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("en;q=0.2, de;q=0.7", "de"),
        ("fr, it;q=0.9, de;q=0.1", "de"),
        ("fr", "usual"),
        ("de;q=0, fr", "usual"),
        ("*", "usual"),
        ("", "usual"),
        (";;q=,,de;q=x, -", "usual"),
    ],
)
def test_a_device_reads_what_its_browser_wishes_most(
    accepted: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("en", "de"):
        monkeypatch.setenv(SPOKEN, other)
        assert of_device({}, accepted) == (usual() if read == "usual" else read)


@pytest.mark.parametrize(("cookie", "read"), [("en", "en"), ("fr", "de"), ("", "de")])
def test_a_choice_made_on_the_device_counts_before_that(cookie: str, read: str) -> None:
    assert of_device({COOKIE: cookie}, "de") == read
