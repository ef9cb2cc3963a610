"""Every text of a delivery pack, in the language of whoever asks for it."""

from collections.abc import Mapping, Sequence

from batchgen_app.language.texts import Lazy, _, lazy, ngettext

GONE = lazy("The file was missing when this pack was made.")
DAMAGED = lazy("The file was damaged when this pack was made.")
NOT_CLEAN = lazy("Left out: only PNG, JPEG and WebP can be given without their settings.")
NO_FONT = lazy("(no font for these letters)")
"""On a contact sheet, in the place of a prompt."""
PICTURES = lazy("Pictures")
CLEAN = lazy(
    "The pictures of this pack come without the settings that they were made with. There is no "
    "prompt, no seed and no workflow in them, no text beside them, and nothing of it in what else "
    "is here: records, contact sheet, light table. Every pixel is the same. A file that cannot be "
    "given so is left out and named in MISSING.txt."
)
NO_SCRIPT = lazy("This page needs JavaScript. The pictures are in the folder “pictures”.")

PAGE = {
    "all": lazy("All"),
    "favourites": lazy("Favourites"),
    "good": lazy("3 ★ or more"),
    "unrated": lazy("Unrated"),
    "kept": lazy("Not rejected"),
    "size": lazy("Size of the pictures"),
    "compare": lazy("Side by side"),
    "compare_hint": lazy("Select two to nine pictures to see them side by side"),
    "chosen": lazy("{count} selected"),
    "select": lazy("Select image {index}"),
    "marks": lazy("Marks"),
    "marks_hint": lazy("Copy or save what you thought of the pictures"),
    "kept_here": lazy("Your marks are kept in this browser. Copy or save them to send them back."),
    "not_kept": lazy(
        "This browser keeps nothing for files from a disk: your marks last as long as this page "
        "is open. Copy or save them before you close it."
    ),
    "copy": lazy("Copy"),
    "copied": lazy("Copied."),
    "save": lazy("Save"),
    "theme": lazy("Dark or light"),
    "keys": lazy("Keys"),
    "nothing": lazy("No picture is as you want to see them."),
    "previous": lazy("Previous image"),
    "next": lazy("Next image"),
    "smaller": lazy("Smaller"),
    "larger": lazy("Larger"),
    "whole": lazy("The whole picture"),
    "toggle": lazy("100 % or all of it"),
    "beside": lazy("Beside"),
    "slider": lazy("Slider"),
    "blink": lazy("Blink"),
    "favourite": lazy("Favourite"),
    "reject": lazy("Reject"),
    "open_file": lazy("Open the file"),
    "close": lazy("Close"),
}

_ARROWS, _RATE = lazy("Other pictures; where one is enlarged, move it"), lazy("Stars, 0 for none")
_KEYS = (
    ("← → ↑ ↓", _ARROWS),
    ("Enter", lazy("Open the picture")),
    ("Space", lazy("Select it")),
    ("A", lazy("Select all or none")),
    ("C", PAGE["compare"]),
    ("F", PAGE["favourite"]),
    ("0–5", _RATE),
    ("X", PAGE["reject"]),
    ("U", lazy("Take the last mark back")),
    ("+ −", lazy("Larger, smaller")),
    ("Z", PAGE["toggle"]),
    ("Shift ← →", lazy("Another picture in this place")),
    ("Alt 1–9", lazy("To that picture")),
    ("W", lazy("Two pictures: slider")),
    ("B", lazy("Two pictures: blink")),
    ("M", PAGE["marks"]),
    ("T", PAGE["theme"]),
    ("Esc", PAGE["close"]),
    ("?", PAGE["keys"]),
)


def page() -> dict[str, str]:
    """Those of the light table."""
    return {name: str(text) for name, text in PAGE.items()}


def keys() -> list[tuple[str, str]]:
    """What each key does there."""
    return [(key, str(what)) for key, what in _KEYS]


def short(index: int, batch: int) -> str:
    """Under a small picture; ``batch`` counts from 1, 0 where there is but one."""
    return f"{batch}·{index}" if batch else str(index)


def label(index: int, seed: int) -> str:
    """At a large picture."""
    return _("Image {index} · seed {seed}", index=index, seed=seed)


def number(index: int) -> str:
    """The same where nothing is said of how it was made."""
    return _("Image {index}", index=index)


def title(prompts: Sequence[str]) -> str:
    """Over the pictures of one batch, its prompt; over those of several, how many."""
    return prompts[0] if len(prompts) == 1 else batches(len(prompts))


def batches(count: int) -> str:
    """How many there are."""
    return ngettext("{count} batch", "{count} batches", count)


def about(pictures: int, made: str) -> str:
    """Under it: how many there are, and the day."""
    how_many = ngettext("{count} picture", "{count} pictures", pictures)
    return f"{how_many} · {made}"


def missing(files: Mapping[str, Lazy]) -> str:
    """What is not in the pack, or not as it was: each file, and why."""
    head = ngettext(
        "{count} file of this pack is not as it should be:",
        "{count} files of this pack are not as they should be:",
        len(files),
    )
    return "\n".join([head, *(f"{name}: {why}" for name, why in files.items())])


def code(why: Lazy) -> str:
    """For programs, and on the contact sheet."""
    return {GONE: "missing", DAMAGED: "damaged", NOT_CLEAN: "left out"}[why]
