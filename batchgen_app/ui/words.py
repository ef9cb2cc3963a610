"""Texts that more than one place of the pages says; each place has its own beside it."""

import math
from collections.abc import Sequence
from datetime import date, datetime

from batchgen_app.core.batch import Marks
from batchgen_app.language.message import later
from batchgen_app.language.texts import _, lazy, ngettext, pgettext, plazy

NO_COMFYUI = later(
    "No ComfyUI found on this computer. Is it started? Its address can be set in settings."
)
MODEL = lazy("Model")
COUNT = lazy("Number of images")
RANDOM_SEEDS = lazy("Random seed for each image")
SIZE = lazy("Size")
WIDTH = lazy("Width")
HEIGHT = lazy("Height")
STEPS = lazy("Steps")
CFG = lazy("CFG")
SAMPLER = lazy("Sampler")
SCHEDULER = lazy("Scheduler")
REFINER = lazy("Refiner")
GUIDANCE = lazy("Guidance")
DENOISE = lazy("Denoise")
VAE = lazy("VAE")
TEXT_ENCODERS = lazy("Text encoders")
LORAS = lazy("LoRAs")
NEGATIVE = lazy("Negative prompt")
NEGATIVE_HINT = lazy("What the picture should not show")
RETRY = lazy("Retry")
CLOSE = lazy("Close")
FILE_LOST = lazy("The file could not be read, or was lost on its way. Choose it once more.")
SUBMIT_LOST = lazy("Cannot connect to server")
CANCEL = lazy("Cancel")
USE_PICTURE = lazy("Start from this picture")
UNDO = lazy("Undo")
UNDO_KEY = lazy("Ctrl/⌘ + Z")
RATING = lazy("Rating")
NO_STARS = lazy("No rating")
REJECT = lazy("Reject")
REJECTED = lazy("Rejected")
TAKE_BACK = lazy("Take the last mark back")
CHANGED_SINCE = lazy("It was changed elsewhere since, and stays as it is.")
DOWNLOAD = lazy("Download")
SHOW_IN_FOLDER = lazy("Show in folder")
COPY = lazy("copy")
COPIED = lazy("Copied")
NO_BREAK = "\N{NO-BREAK SPACE}"
MONTHS = lazy("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
KEYS = {
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "Delete": plazy("key", "Delete"),
    "Enter": plazy("key", "Enter"),
    "Escape": plazy("key", "Esc"),
    " ": plazy("key", "Space"),
}
"""What stands on them, under the names of JavaScript's ``event.key``."""


WITHOUT_SETTINGS = lazy("Without settings")
WITHOUT_SETTINGS_HINT = lazy(
    "Downloads of this device come without prompt, seed and workflow inside; the pictures are the "
    "same."
)


NO_CLEAN_COPIES = lazy(
    "None of these files can be given without its settings: only PNG, JPEG and WebP pictures that "
    "are whole can. Switch “Without settings” off to download them as they are."
)


def no_clean_copy(name: str) -> str:
    """That a file was not given without its settings, and what can be done."""
    return _(
        "{name} cannot be given without its settings: only PNG, JPEG and WebP can. Switch “Without "
        "settings” off to download it as it is.",
        name=name,
    )


def unbroken(text: str) -> str:
    """On one line: a number and its unit, on a phone, too."""
    return text.replace(" ", NO_BREAK)


def broken(text: str) -> str:
    """The same as people type it, to be pasted elsewhere."""
    return text.replace(NO_BREAK, " ")


def size(width: int, height: int) -> str:
    """Pixels."""
    return unbroken(f"{width} × {height}")


def not_on_server(name: str) -> str:
    """At the field in which it was chosen once."""
    return _('"{name}" is not on this server. Choose another one.', name=name)


def images(count: int) -> str:
    """How many."""
    return ngettext("{count} image", "{count} images", count)


def made_of(made: int, total: int) -> str:
    """How many of how many."""
    return ngettext("{made} of {count} image", "{made} of {count} images", total, made=made)


def day(shown: date) -> str:
    """A day of the calendar."""
    month = str(MONTHS).split()[shown.month - 1]
    return _("{day} {month} {year}", day=shown.day, month=month, year=shown.year)


def when(moment: datetime, now: datetime | None = None, *, to_the_second: bool = False) -> str:
    """A moment, as every page says it, in this computer's time: "Today 14:15"; where others are of
    the same minute, "Today 14:15:09".
    """
    now = now or datetime.now().astimezone()
    local = moment.astimezone(now.tzinfo)
    ago = (now.date() - local.date()).days
    name = {0: _("Today"), 1: _("Yesterday")}.get(ago, day(local.date()))
    return f"{name} {local:%H:%M:%S}" if to_the_second else f"{name} {local:%H:%M}"


def duration(seconds: float) -> str:
    """A time span, as exact as people want it: "45 s", "1 min 20 s", "2 h 5 min"."""
    return unbroken(_duration(max(1, round(seconds))))


def _duration(whole: int) -> str:
    if whole < 60:
        return _("{s} s", s=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return _("{m} min {s} s", m=minutes, s=rest) if rest else _("{m} min", m=minutes)
    hours, minutes = divmod(minutes, 60)
    return _("{h} h {m} min", h=hours, m=minutes) if minutes else _("{h} h", h=hours)


def amount(size_in_bytes: float) -> str:
    """Of memory or disk: "1.2 GB"."""
    units = ("B", "kB", "MB", "GB", "TB")
    step = min(int(math.log10(max(size_in_bytes, 1)) / 3), len(units) - 1)
    number = f"{size_in_bytes / 1000**step:.{0 if step < 2 else 1}f}"
    shown = number.replace(".", pgettext("decimal sign", "."))
    return unbroken(f"{shown} {units[step]}")


def stars(count: int) -> str:
    """One to five."""
    return ngettext("{count} star", "{count} stars", count)


def marked_as(marks: Marks, indexes: Sequence[int]) -> str:
    """What was thought of images: "Image 3: 4 stars"."""
    whose = _("Image {index}", index=indexes[0]) if len(indexes) == 1 else images(len(indexes))
    said = []
    if marks.favourite is not None:
        said.append(_("favourite") if marks.favourite else _("no favourite"))
    if marks.rating is not None:
        said.append(stars(marks.rating) if marks.rating else _("no stars"))
    if marks.rejected is not None:
        said.append(_("rejected") if marks.rejected else _("not rejected"))
    if marks.tags is not None:
        said.append(_("tags {tags}", tags=", ".join(marks.tags)) if marks.tags else _("no tags"))
    return f"{whose}: {', '.join(said)}"


def taken_back(what: str) -> str:
    """After an undo."""
    return _("Taken back: {what}", what=what)


def undo(what: str) -> str:
    """On the button that takes back what was done last."""
    return with_key(_("Undo: {what}", what=what), str(UNDO_KEY))


def failed_count(count: int) -> str:
    """Beside the progress."""
    return ngettext("{count} failed", "{count} failed", count)


def with_key(text: str, key: str) -> str:
    """A control that a key presses, too."""
    shown = str(KEYS.get(key, key.upper() if len(key) == 1 else key))
    return f"{text} ({shown})" if key else text


def alt_text(prompt: str, index: int, seed: int) -> str:
    """What a picture is, for those who do not see it."""
    return _("{prompt} (image {index}, seed {seed})", prompt=prompt, index=index, seed=seed)
