"""Dark, light, or as the system has it."""

from functools import partial

from batchgen_app.language.texts import each
from batchgen_app.ui.house import House
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.segments import segments


async def appearance(house: House) -> None:
    """Saved and shown at once."""
    chosen = house.preferences.saved.appearance
    change = partial(house.preferences.change, house.caller)
    segments("appearance", str(words.APPEARANCE), each(words.APPEARANCES), chosen, change)
