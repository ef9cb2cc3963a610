"""Verdict: what a swipe says about a picture. Kept or rejected: one takes the other back."""

from batchgen_app.core.batch import Marks
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import ImageActions

KEPT = Marks(favourite=True, rejected=False)
REJECTED = Marks(favourite=False, rejected=True)


async def keep(actions: ImageActions, index: int) -> None:
    """A favourite, and not rejected."""
    await actions.say(index, KEPT, words.kept(index))


async def reject(actions: ImageActions, index: int) -> None:
    """Rejected, and no favourite."""
    await actions.say(index, REJECTED, words.rejected(index))
