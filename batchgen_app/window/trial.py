"""Whether a window really opens here: one that stays hidden is made."""

import asyncio

from batchgen_app.window.available import why_it_died, why_none
from batchgen_app.window.handle import WindowProcess
from batchgen_app.window.opener import Opener

TRIAL_SECONDS = 20.0


async def why_no_window(opener: Opener) -> str | None:
    """What stands in its way, in words for people; None if it opens."""
    if reason := why_none():
        return reason
    said = ""
    while opener.can_open:
        window = opener.open("--hidden")
        if await _opens(window):
            return None
        said = window.last_words()
        opener.give_up_toolkit()
    return why_it_died(said)


async def _opens(window: WindowProcess) -> bool:
    """Whether it does; it is ended in any case."""
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            return await window.is_shown()
    except TimeoutError:
        return False
    finally:
        await asyncio.to_thread(window.end)
