"""Whose work is in this app, and on which terms: as what is installed, or frozen with it, tells."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from batchgen_app.places import APP_NAME

OWN = "batchgen"
TEXTS = ("LICENSE", "LICENCE", "COPYING", "NOTICE")
"""How the files begin that hold the terms."""
PYTHON_TERMS = "https://docs.python.org/3/license.html"


@dataclass(frozen=True)
class Component:
    """One of them. ``licence`` is a short name, empty where it tells none; ``source`` the package,
    None where it is none.
    """

    name: str
    version: str
    licence: str
    source: str | None = None

    @property
    def text(self) -> str:
        """The terms in full; empty where it brings none. Reads files."""
        return "\n\n".join(_texts(distribution(self.source))) if self.source else PYTHON_TERMS


@cache
def components() -> tuple[Component, ...]:
    """The app first, then Python, then all libraries that are there, by name."""
    found = {one.name.lower(): one for one in map(_component, distributions())}
    own = found.pop(OWN, None)
    libraries = [found[name] for name in sorted(found)]
    python = Component("Python", platform.python_version(), "PSF-2.0")
    app = (Component(APP_NAME, own.version, own.licence, OWN),) if own else ()
    return (*app, python, *libraries)


def _component(found: Distribution) -> Component:
    told = found.metadata
    classified = [
        value.rpartition(" :: ")[2]
        for value in told.get_all("Classifier") or ()
        if value.startswith("License :: ") and value != "License :: OSI Approved"
    ]
    short, long = (told.get_all(name) or [""] for name in ("License-Expression", "License"))
    named = short[0] or ", ".join(classified) or long[0].strip().partition("\n")[0]
    return Component(found.name, found.version, named, found.name)


def _texts(found: Distribution) -> Iterator[str]:
    for file in found.files or ():
        is_about = any(part.endswith((".dist-info", ".egg-info")) for part in file.parts)
        if is_about and file.name.upper().startswith(TEXTS):
            path = Path(str(file.locate()))
            yield path.read_text(encoding="utf-8", errors="replace").strip()
