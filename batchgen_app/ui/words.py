"""Texts that more than one place of the pages says; each place has its own beside it."""

import math

NO_COMFYUI = "No ComfyUI found on this computer. Is it started? Its address can be set in settings."
MODEL = "Model"
COUNT = "Number of images"
RANDOM_SEEDS = "Random seed for each image"
SIZE = "Size"
WIDTH = "Width"
HEIGHT = "Height"
STEPS = "Steps"
CFG = "CFG"
SAMPLER = "Sampler"
SCHEDULER = "Scheduler"
NEGATIVE = "Negative prompt"
NEGATIVE_HINT = "What the picture should not show"
RETRY = "Retry"
SUBMIT_LOST = "Cannot connect to server"
UNDO = "Undo"
DOWNLOAD = "Download"
SHOW_IN_FOLDER = "Show in folder"
COPY = "copy"
COPIED = "Copied"


def size(width: int, height: int) -> str:
    """Pixels."""
    return f"{width} × {height}"


def images(count: int) -> str:
    """How many."""
    return "1 image" if count == 1 else f"{count} images"


def duration(seconds: float) -> str:
    """A time span, as exact as people want it: "45 s", "1 min 20 s", "2 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def amount(size_in_bytes: float) -> str:
    """Of memory or disk: "1.2 GB"."""
    units = ("B", "kB", "MB", "GB", "TB")
    step = min(int(math.log10(max(size_in_bytes, 1)) / 3), len(units) - 1)
    return f"{size_in_bytes / 1000**step:.{0 if step < 2 else 1}f} {units[step]}"


def failed_count(count: int) -> str:
    """Beside the progress."""
    return f"{count} failed"


def with_key(text: str, key: str) -> str:
    """A control that a key presses, too."""
    shown = {"ArrowLeft": "←", "ArrowRight": "→"}.get(key, key.upper() if len(key) == 1 else key)
    return f"{text} ({shown})" if key else text


def alt_text(prompt: str, index: int, seed: int) -> str:
    """What a picture is, for those who do not see it."""
    return f"{prompt} (image {index}, seed {seed})"
