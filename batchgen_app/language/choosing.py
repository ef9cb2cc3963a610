"""Which language people read: what their device has chosen, what it asks for, or the usual one.

The usual one is that of the settings, or the system's. The window's process is started with it.
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
COOKIE = "batchgen_language"
"""Where a device keeps what was chosen on it."""
COOKIE_SECONDS = 400 * 24 * 3600
"""No browser keeps one for longer."""


def choose(code: str, environment: MutableMapping[str, str] = os.environ) -> None:
    """The usual language from now on: one of ``KNOWN``, or the system's."""
    environment[SPOKEN] = of_system(environment) if code == SYSTEM else code


def usual(environment: Mapping[str, str] = os.environ) -> str:
    """The language of whoever has neither chosen one nor asks for one."""
    return environment.get(SPOKEN, SOURCE)


def of_device(cookies: Mapping[str, str], accepted: str) -> str:
    """What was chosen on the device that sends these ``cookies``; else what it asks for in the
    header Accept-Language (RFC 9110, 12.5.4); else the usual one.
    """
    chosen = chosen_on(cookies)
    return chosen or next((code for code in _accepted(accepted) if code in KNOWN), usual())


def chosen_on(cookies: Mapping[str, str]) -> str | None:
    """The choice that was made on a device; None where it is left to what it asks for."""
    chosen = cookies.get(COOKIE)
    return chosen if chosen in KNOWN else None


def of_system(environment: Mapping[str, str] = os.environ) -> str:
    """The first known language that the system names; English where it names none."""
    codes = (locale.normalize(name)[:2].lower() for name in _named(environment))
    return next((code for code in codes if code in KNOWN), SOURCE)


def _accepted(accepted: str) -> Sequence[str]:
    """The best first; what is refused (a weight of 0) or makes no sense is left out."""
    weighed = [_weighed(part) for part in accepted.split(",")]
    wanted = [(weight, code) for weight, code in weighed if weight > 0]
    return [code for _, code in sorted(wanted, key=lambda each: -each[0])]


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    try:
        number = float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        number = 0.0
    return number, tag.strip().split("-")[0].lower()


def _named(environment: Mapping[str, str]) -> Sequence[str]:
    for place in WHERE:
        if names := environment.get(place):
            return names.split(":")
    return [locale.getlocale()[0] or ""]
