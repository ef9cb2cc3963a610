"""Every text about a change that is tried on the same seeds, and about old against new."""

from batchgen_app.core.changes import Change
from batchgen_app.language.texts import Lazy, _, lazy, ngettext
from batchgen_app.ui.words import (
    CFG,
    HEIGHT,
    MODEL,
    NEGATIVE,
    REFINER,
    SAMPLER,
    SCHEDULER,
    STEPS,
    WIDTH,
)

TRY = lazy("Try a change")
TRY_HINT = lazy("The same seeds with something changed, old and new side by side")
PROMPT = lazy("Prompt")
DENOISE = lazy("Denoise")
GUIDANCE = lazy("Guidance")
NOTHING_CHANGED = lazy(
    "Nothing is changed yet: with the same settings and seeds, the same pictures would come."
)
OLD_AND_NEW = lazy("Old against new")
STORED_AND_AGAIN = lazy("The stored picture, and made again")
OLD = lazy("Old")
NEW = lazy("New")
FIELDS: dict[str, Lazy] = {
    "prompt": PROMPT,
    "negativePrompt": NEGATIVE,
    "model": MODEL,
    "steps": STEPS,
    "cfg": CFG,
    "width": WIDTH,
    "height": HEIGHT,
    "samplerName": SAMPLER,
    "scheduler": SCHEDULER,
    "refiner": REFINER,
    "denoise": DENOISE,
    "guidance": GUIDANCE,
    "vae": lazy("VAE"),
    "textEncoders": lazy("Text encoders"),
    "dynamicPrompt": lazy("Prompt that varies"),
    "workflow": lazy("Workflow"),
    "inputImages": lazy("Picture to start from"),
}
NEW_STATUS = {
    "pending": lazy("not begun"),
    "generating": lazy("being made"),
    "failed": lazy("failed"),
    "cancelled": lazy("not made"),
    "deleted": lazy("in the trash"),
}


def about(count: int) -> str:
    """Above the fields."""
    return ngettext(
        "Makes one picture with the same seed again, and shows old and new side by side.",
        "Makes {count} pictures with the same seeds again, and shows old and new side by side.",
        count,
    )


def start(count: int) -> str:
    """On the button that begins it."""
    return ngettext("Generate {count} image", "Generate {count} images", count)


def lora(name: str) -> str:
    """The strength of one."""
    return _("LoRA {name}", name=name)


def field(name: str) -> str:
    """What a change is about."""
    kind, dot, rest = name.partition(".")
    if kind == "loras" and dot:
        return lora(rest)
    return str(FIELDS.get(name, name))


def change(told: Change) -> str:
    """What was, and what is now: "20 → 30"."""
    if told.old is None and told.new is None:
        return _("another one")
    return f"{value(told.old)} → {value(told.new)}"


def value(value: object) -> str:
    """In a line."""
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case float():
            return f"{value:g}"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
