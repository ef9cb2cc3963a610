"""Every text of a batch that has ended, and of its pictures."""

from batchgen_app.core.batch import GeneratedImage, Parameters
from batchgen_app.ui.words import (
    CFG,
    MODEL,
    NEGATIVE,
    SAMPLER,
    SCHEDULER,
    SIZE,
    STEPS,
    amount,
    duration,
    failed_count,
    images,
    size,
)

SELECT_ALL = "Select all"
SIDE_BY_SIDE = "Side by side"
SIDE_BY_SIDE_HINT = "Select exactly two images to see them side by side"
DOWNLOAD_SELECTED = "Download selected"
REGENERATE = "Regenerate"
REGENERATE_HINT = "The same again with new seeds"
NEW_BATCH = "New batch with these settings"
RETRY_FAILED = "Retry failed"
RETRY_ONE = "Retry this image"
BATCH_FAILED = "Batch generation failed"
FAVOURITE = "Favourite"
RATING = "Rating"
NO_STARS = "No rating"
DELETE = "Move to the trash"
SEED = "Seed"
MADE = "Made"
FILE = "File"
DETAILS = "The image and what is known about it"
PREVIOUS = "Previous image"
NEXT = "Next image"
VIEWER = {
    "tools": "View",
    "in": "Larger (+)",
    "out": "Smaller (-)",
    "whole": "100 % at the pointer, or all of it (Z)",
    "mode": "Beside each other or under a slider (M)",
    "slider": "Slider",
    "swap": "Swap",
    "swapHint": "Swap left and right (S)",
    "wipe": "Where one picture ends and the other begins",
    "favourite": FAVOURITE,
    "close": "Close (Esc)",
}
"""For the browser's viewer."""


def caption(index: int, seed: int) -> str:
    """Under a picture."""
    return f"Image {index} · seed {seed}"


def seed(number: int) -> str:
    """Under a picture; a click copies the number."""
    return f"Seed {number}"


def failed_image(index: int) -> str:
    """In the place of a picture."""
    return f"Image {index} failed"


def image_of(index: int, total: int) -> str:
    """Which one of how many."""
    return f"Image {index} of {total}"


def select_image(index: int) -> str:
    """Beside a picture, for screen readers."""
    return f"Select image {index}"


def stars(count: int) -> str:
    """One to five."""
    return "1 star" if count == 1 else f"{count} stars"


def deleted(index: int) -> str:
    """After an image went to the trash."""
    return f"Image {index} is in the trash."


def missing(count: int) -> str:
    """On the button that makes what a stopped batch lacks."""
    return "Make the missing image" if count == 1 else f"Make the missing {count}"


def download(count: int, size_in_bytes: int) -> str:
    """On the button that gives the ZIP."""
    return f"Download {count} ({amount(size_in_bytes)})" if count else DOWNLOAD_SELECTED


def summary(made: int, total: int, failed: int, seconds: float | None) -> str:
    """How a batch went: "7 of 8 images · 1 failed · 2 min 4 s"."""
    parts = [f"{made} of {images(total)}"]
    parts += [failed_count(failed)] if failed else []
    parts += [duration(seconds)] if seconds else []
    return " · ".join(parts)


def stopped(because: str | None, *, interrupted: bool) -> str:
    """Why a batch is not whole."""
    what = "Interrupted" if interrupted else "Stopped"
    return f"{what}: {because}" if because else what


def all_failed(count: int) -> str:
    """After "Batch generation failed"."""
    return f"None of the {count} images could be made. Mend what is named here, then retry."


def facts(parameters: Parameters, shown: GeneratedImage) -> list[tuple[str, str]]:
    """What is known about a picture, name by name."""
    known = {
        MODEL: parameters.model,
        SEED: shown.seed,
        STEPS: parameters.steps,
        CFG: parameters.cfg,
        SAMPLER: parameters.sampler_name,
        SCHEDULER: parameters.scheduler,
        NEGATIVE: parameters.negative_prompt,
        SIZE: f"{size(shown.width, shown.height)}, {amount(shown.bytes)}",
        MADE: f"{shown.created_at.astimezone():%Y-%m-%d %H:%M:%S}",
        FILE: shown.filename,
    }
    return [(name, str(value)) for name, value in known.items() if value not in {None, ""}]
