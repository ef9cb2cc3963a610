"""Which language is spoken: what was chosen, else what the system says."""

import pytest

from batchgen_app.language.choosing import SPOKEN, choose


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
