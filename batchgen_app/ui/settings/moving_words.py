"""Every text of the pictures on their way to another folder."""

from pathlib import Path

from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.services.values import Move
from batchgen_app.ui.words import amount, duration

MOVE = lazy("Move the pictures…")
MOVE_TO = lazy("New folder for all pictures")
MOVE_HINT = lazy(
    "An empty folder, on another disk for instance. Everything is copied and read back while you "
    "go on working, and the folder in use stays as it is. The next start catches up with what is "
    "new, and uses the new folder from then on."
)
BEGIN_MOVE = lazy("Copy them there")
RESUME_MOVE = lazy("Go on")
GIVE_UP_MOVE = lazy("Leave them where they are")
MOVE_GIVEN_UP = lazy("They stay where they are. What was copied can be deleted.")
COPIED_NAMED = lazy(
    "This start named the folder in use (--output-dir or BATCHGEN_OUTPUT_DIR). Start BatchGen "
    "without that, or it stays in use."
)
FREE_QUESTION = lazy("Remove the old files?")
KEEP_OLD = lazy("Keep them")
LEAVE_OLD = lazy("Leave them there")


def copying(move: Move) -> str:
    """How far it has come."""
    told = _(
        "Copying to {target}: {done} of {total}",
        target=move.target,
        done=amount(move.done),
        total=amount(move.total),
    )
    if move.seconds_left is None:
        return told
    return _("{told}, about {left} left", told=told, left=duration(move.seconds_left))


def stopped(target: Path, fault: str) -> str:
    """While it does not go on; nothing is lost."""
    told = _("The pictures are not copied to {target} yet.", target=target)
    return f"{told} {fault}".rstrip()


def copied(target: Path) -> str:
    """Until the next start."""
    return _(
        "Everything is in {target}, read back and the same. Start BatchGen again: it catches up "
        "with what is new, and uses that folder from then on.",
        target=target,
    )


def used(source: Path) -> str:
    """Once the new folder is in use."""
    return _("The old folder {source} holds copies that are not used any more.", source=source)


def freeing(move: Move) -> str:
    """While the old files are compared and removed."""
    return _(
        "Comparing and removing: {done} of {total}",
        done=amount(move.done),
        total=amount(move.total),
    )


def free_old(size_in_bytes: int) -> str:
    """What the button does."""
    return _("Remove the old files ({amount})", amount=amount(size_in_bytes))


def free_consequence(source: Path) -> str:
    """Before they are removed."""
    return _(
        "Each file in {source} is compared with its copy, and removed if they are the same. "
        "Anything else stays.",
        source=source,
    )


def left(files: int, size_in_bytes: int) -> str:
    """What was not removed."""
    return ngettext(
        "{count} file ({amount}) stays: its copy is another one, or not there.",
        "{count} files ({amount}) stay: their copies are others, or not there.",
        files,
        amount=amount(size_in_bytes),
    )
