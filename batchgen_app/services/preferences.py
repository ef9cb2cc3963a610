"""Preferences: what is saved for the next start, and how the pages look; as it is by now."""

import asyncio
from pathlib import Path
from typing import Any

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.core.signal import Signal
from batchgen_app.settings import SavedSettings, save_settings, saved_settings


class Preferences:
    """``changed`` is emitted when something else is saved."""

    def __init__(self, data_dir: Path) -> None:
        self.saved: SavedSettings = saved_settings(data_dir)
        self.changed = Signal[[]]()
        self._data_dir = data_dir
        self._turn = asyncio.Lock()

    async def look(self, caller: Caller) -> None:
        """See what is saved by now: what changes at once is saved by whoever changes it. Raises
        Forbidden.
        """
        caller.require(Verb.SET)
        self.saved = await asyncio.to_thread(saved_settings, self._data_dir)

    async def change(self, caller: Caller, **changes: Any) -> None:
        """Save some settings. Raises Forbidden, InvalidRequest or StorageError, and then nothing
        changed.
        """
        caller.require(Verb.SET)
        async with self._turn:
            self.saved = await asyncio.to_thread(save_settings, self._data_dir, **changes)
        self.changed.emit()
