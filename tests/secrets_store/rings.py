"""Back ends for the keyring library, as a system may have them. In a process of its own, the app
gets one with PYTHON_KEYRING_BACKEND.
"""

import json
from pathlib import Path
from threading import Event

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FileRing(KeyringBackend):
    """Keeps everything in a file."""

    priority = 5.0

    def __init__(self, path: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.path = path
        self.forgets = False
        """It takes everything and keeps nothing, as some do."""

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgets:
            self._keep({**self._kept(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError
        self._keep(kept)

    def _kept(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}
        return kept

    def _keep(self, kept: dict[str, str]) -> None:
        self.path.write_text(json.dumps(kept))


class LockedRing(FileRing):
    """Waits until a person unlocks it; or refuses, where there is nobody to ask."""

    def __init__(self, path: Path, *, asks: bool = True) -> None:
        super().__init__(path)
        self.unlocked = Event()
        self.asks = asks
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        super().set_password(service, username, password)

    def _wait(self) -> None:
        self.asked += 1
        if not (self.asks or self.unlocked.is_set()):
            raise KeyringLocked
        self.unlocked.wait()


class SilentRing(KeyringBackend):
    """A system service that never answers."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        Event().wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        Event().wait()
