"""Every text about where a batch came from, and what came of it."""

from batchgen_app.language.message import later
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.services.values import Relative
from batchgen_app.ui.words import when

LINEAGE = lazy("Where this batch came from")
CAME_FROM = {
    "regenerated": lazy("Regenerated from"),
    "changed": lazy("Changed from"),
    "picture": lazy("Started from a picture of"),
    "proved": lazy("Proves a picture of"),
}
CAME_OF_IT = {
    "regenerated": lazy("Regenerated"),
    "changed": lazy("Changed"),
    "picture": lazy("From a picture"),
    "proved": lazy("Proof"),
}
LED_TO = lazy("Led to")
VERDICTS = {True: lazy("identical"), False: lazy("differs"), None: lazy("not compared")}
EARLIER_STILL = lazy("and earlier ones")
OTHERS = lazy("and others")
SHOW = lazy("Show")
"""Leads to a batch that was queued."""
BECAUSE_TAKEN_BACK = later("taken back")
TAKEN_BACK = lazy("Taken back before it began.")
HAD_BEGUN = lazy("It had begun, and is stopped now. Pictures that are finished stay.")
MADE_ALREADY = lazy("It is made already. Its pictures stay.")
LONGEST = 48
"""Characters of a prompt that are shown."""


def origin(relative: Relative) -> str:
    """A batch that another one came from: "“a red fox…” · Today 14:15"."""
    if not relative.is_there:
        return _gone(relative)
    return " · ".join([_("“{prompt}”", prompt=_short(relative.prompt)), *_time(relative)])


def descendant(relative: Relative) -> str:
    """A batch that came of another one: "Changed · Today 14:20"."""
    told = [_proof_of(relative)] if relative.how == "proved" else [str(CAME_OF_IT[relative.how])]
    return " · ".join([*told, *_time(relative)])


def _proof_of(relative: Relative) -> str:
    """Like "Image 2 made again: identical"."""
    verdict = str(VERDICTS[relative.is_identical])
    return _("Image {index} made again: {verdict}", index=relative.image or "?", verdict=verdict)


def queued(count: int) -> str:
    """After a batch was lined up without leaving the page."""
    return ngettext("{count} more queued", "{count} more queued", count)


def _gone(relative: Relative) -> str:
    if relative.prompt:
        return " · ".join([_("a batch in the trash"), *_time(relative)])
    return " · ".join([_("a batch that is not here any more"), *_time(relative)])


def _time(relative: Relative) -> list[str]:
    return [when(relative.created_at)] if relative.created_at else []


def _short(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"
