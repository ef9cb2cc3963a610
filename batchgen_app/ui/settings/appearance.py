"""Dark, light, or as the system has it."""

from batchgen_app.ui.house import House
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.segments import segments


async def appearance(house: House) -> None:
    """Saved and shown at once."""
    chosen = house.preferences.saved.appearance
    segments("appearance", words.APPEARANCE, words.APPEARANCES, chosen, house)
