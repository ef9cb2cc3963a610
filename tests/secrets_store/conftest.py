"""The keyring of a story."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.secrets_store.rings import FileRing

UseRing = Callable[[KeyringBackend], None]


@pytest.fixture
def use_ring() -> Iterator[UseRing]:
    """Makes a back end the system's keyring, as long as the story lasts."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def ring(use_ring: UseRing, tmp_path: Path) -> FileRing:
    """A keyring that takes everything and keeps it."""
    ring = FileRing(tmp_path / "ring")
    use_ring(ring)
    return ring
