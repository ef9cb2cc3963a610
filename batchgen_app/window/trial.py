"""Whether a window really opens here: one that stays hidden is made."""

import asyncio

from batchgen_app.window.available import why_it_died, why_none
from batchgen_app.window.handle import WindowProcess
from batchgen_app.window.opener import Opener

TRIAL_SECONDS = 20.0


async def why_no_window(opener: Opener) -> str | None:
    """What stands in its way, in words for people; None if it opens."""
    reason = why_none()
    while reason is None and opener.can_open:
        window = opener.open("--hidden")
        opened = await _opens(window)
        await asyncio.to_thread(window.end)
        if opened:
            return None
        opener.give_up_toolkit()
        if not opener.can_open:
            reason = why_it_died(window.last_words())
    return reason


async def _opens(window: WindowProcess) -> bool:
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            async for said in window.heard():
                if said["said"] == "shown":
                    return True
    except TimeoutError:
        pass
    return False
