"""Every text of the light table."""

from batchgen_app.language.texts import _, each, lazy, plazy
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words as comparison

NAME = comparison.SIDE_BY_SIDE
TABLE = {
    **comparison.VIEWER,
    "fit": lazy("All of every picture (W)"),
    "twice": lazy("200 % at the pointer (T)"),
    "mode": lazy("One picture over the other, under a slider (M)"),
    "slider": lazy("Slider"),
    "wipe": lazy("Where one picture ends and the other begins"),
    "difference": lazy("Difference"),
    "differenceHint": lazy("What differs is bright, what is alike is black (E)"),
    "boost": lazy("How bright the difference is"),
    "noDifference": lazy(
        "What moves has no difference: at each moment both show something else, and all of that "
        "would be bright. Use the slider (M), or hold B."
    ),
    "play": lazy("Play all films (P)"),
    "pause": lazy("Hold all films, at the same moment (P)"),
    "moment": lazy("The moment that all films show"),
    "sound": lazy("The sound of the active film"),
    "blink": lazy("The other one in its place, as long as it is held (B)"),
    "swap": lazy("Swap"),
    "swapHint": lazy("Swap left and right (S)"),
    "keepLeft": lazy("Keep left"),
    "keepLeftHint": lazy("The left one stays, the next one takes the place of the other (K)"),
    "keepRight": lazy("Keep right"),
    "keepRightHint": lazy("The right one stays, the next one takes the place of the other (L)"),
    "left": lazy("Not compared yet:"),
    "goOn": lazy("Go on comparing"),
    "goOnHint": lazy("Go on with the comparison that was left (G)"),
    "back": lazy("One step back (Backspace)"),
    "active": lazy("The active picture"),
    "nextPane": lazy("Make the next one active (after a mark: Shift with its key)"),
    "previous": lazy("The one before it, in its place (Shift + ←)"),
    "next": lazy("The next one, in its place (Shift + →)"),
    "favourite": comparison.FAVOURITE,
    "rating": common.RATING,
    "noStars": common.NO_STARS,
    "reject": common.REJECT,
    "takeBack": common.TAKE_BACK,
    "delete": comparison.DELETE,
    "download": common.DOWNLOAD,
    "keys": lazy("Keys of this view"),
    "keysHint": lazy("Keys of this view (?)"),
    "ranking": lazy("The order that your choices gave"),
    "rankingHint": lazy("The best one first; each of the others where it was left behind."),
    "bestStars": lazy("5 stars for the first"),
    "bestFavourite": lazy("The first is a favourite"),
    "openFirst": lazy("Side by side: the first"),
    "howMany": lazy("How many"),
    "openOne": lazy("Open"),
}
"""For the browser."""

KEYS = (
    (lazy("Alt + 1 – 9"), lazy("Choose the active picture")),
    ("F · 0 – 5 · X", lazy("Favourite, stars, reject")),
    ("U", common.TAKE_BACK),
    (plazy("key", "Delete"), lazy("Move to the trash")),
    ("D", lazy("Download")),
    ("← → ↑ ↓", lazy("Move all pictures")),
    ("+ −", lazy("Larger, smaller")),
    ("W · Z · T", lazy("All of it, 100 %, 200 %")),
    (lazy("Shift + mouse"), lazy("Move or zoom only one picture")),
    (lazy("Shift + ← →"), lazy("Another picture in the place of the active one")),
    ("M · E · S", lazy("Of two: slider, difference, swap")),
    ("P", lazy("Play or hold all films")),
    ("B", lazy("Of two: the other one in its place, while it is held")),
    ("K · L", lazy("Of two: keep the left, keep the right")),
    ("G", lazy("Go on with the comparison that was left")),
    (lazy("Backspace"), lazy("One comparison back, or to the order")),
    (plazy("key", "Esc"), lazy("Close")),
)


def table() -> dict[str, object]:
    """Those for the browser, for whoever reads."""
    return {**each(TABLE), "stars": [common.stars(count) for count in range(1, 6)]}


def keys() -> list[list[str]]:
    """Which key does what."""
    return [[str(key), str(meaning)] for key, meaning in KEYS]


def image(index: int) -> str:
    """The active one, in few words."""
    return _("Image {index}", index=index)


def not_there(index: int, *, failed: bool) -> str:
    """In the place of a picture."""
    if failed:
        return _("Image {index} was not made.", index=index)
    return _("Image {index} will appear here.", index=index)
