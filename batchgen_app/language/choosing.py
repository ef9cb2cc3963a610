"""Which language is used. It is chosen once, before the first words are imported: those are texts
of one language from then on. The window's process is started with the same.
"""

import locale
import os
from collections.abc import Mapping, MutableMapping, Sequence

SPOKEN = "BATCHGEN_SPOKEN"
"""In the environment of this process and of those that it starts; it is set here alone."""
SOURCE = "en"
KNOWN = (SOURCE, "de")
SYSTEM = "system"
WHERE = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says what its people read, as gettext looks for it."""


def choose(wish: str, environment: MutableMapping[str, str] = os.environ) -> None:
    """One of ``KNOWN``, or the system's."""
    environment[SPOKEN] = of_system(environment) if wish == SYSTEM else wish


def of_system(environment: Mapping[str, str] = os.environ) -> str:
    """The first known language that the system names; English where it names none."""
    codes = (locale.normalize(name)[:2].lower() for name in _named(environment))
    return next((code for code in codes if code in KNOWN), SOURCE)


def _named(environment: Mapping[str, str]) -> Sequence[str]:
    for place in WHERE:
        if names := environment.get(place):
            return names.split(":")
    return [locale.getlocale()[0] or ""]
