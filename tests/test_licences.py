"""Whose work is in the app: read from what is installed."""

import platform

from batchgen_app import __version__
from batchgen_app.licences import components


def test_the_app_and_python_come_first_and_all_others_by_name() -> None:
    app, python, *libraries = components()
    assert (app.name, app.version, app.licence) == ("BatchGen", __version__, "MIT")
    assert "Permission is hereby granted" in app.text
    assert (python.name, python.version) == ("Python", platform.python_version())
    names = [library.name.lower() for library in libraries]
    assert names == sorted(set(names))
    assert {"nicegui", "pillow", "pydantic", "httpx"} <= set(names)


def test_each_tells_its_licence_and_most_bring_its_text() -> None:
    found = {component.name.lower(): component for component in components()}
    assert found["nicegui"].licence.startswith("MIT")
    assert "Zauberzeug" in found["nicegui"].text
    assert all("\n" not in component.licence for component in found.values())
    with_text = [component for component in found.values() if component.text]
    assert len(with_text) > len(found) / 2
