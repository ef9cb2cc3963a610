"""Attempts: verbs that may fail, and where that is told."""

from collections.abc import Awaitable, Callable

from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import told
from batchgen_app.ui.parts.into_view import into_view
from batchgen_app.ui.parts.trouble import Trouble

Action = Callable[[], Awaitable[object]]


class Attempts:
    """A place for the fault of the last action, with a button that tries the same again."""

    def __init__(self) -> None:
        self._last: Action | None = None
        self._trouble = Trouble(self._again)

    async def attempt(self, action: Action) -> bool:
        """Do it; where that fails, say why. Tells whether it was done."""
        self._last = action
        fault = await _fault_of(action)
        if self._trouble.is_deleted:  # the action has changed the page
            return not fault
        if fault:
            what, _, more = told(str(fault)).partition(". ")
            self._trouble.tell(what, more, error=fault)
            into_view(self._trouble)
        else:
            self._trouble.clear()
        return not fault

    async def _again(self) -> None:
        if self._last:
            await self.attempt(self._last)


async def _fault_of(action: Action) -> BatchGenError | None:
    try:
        await action()
    except BatchGenError as error:
        return error
    return None
