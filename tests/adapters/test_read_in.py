"""Which versions of others the app was written for, where it leans on what they do not promise."""

from importlib.metadata import version

import pytest

from batchgen_app.adapters import READ_IN


@pytest.mark.parametrize(("library", "read_in"), READ_IN.items())
def test_what_is_installed_is_what_was_read(library: str, read_in: str) -> None:
    assert version(library) == read_in, (
        f"Read again what batchgen_app/adapters takes for granted of {library}, then say so there"
    )
