"""Every text in the place of a picture that cannot be shown."""

from batchgen_app.language.texts import _, lazy, plazy
from batchgen_app.services.values import FaultKind

SHORT = {
    FaultKind.MISSING: lazy("Missing"),
    FaultKind.DAMAGED: lazy("Damaged"),
    FaultKind.UNUSABLE: lazy("Unreadable"),
    FaultKind.NO_FOLDER: lazy("Missing"),
}
"""Where there is room for one word."""
TO_DO = {
    FaultKind.MISSING: lazy("Put it back and look again, or make it again with the same seed."),
    FaultKind.DAMAGED: lazy(
        "Put a whole copy in its place and look again, or make it again with the same seed."
    ),
    FaultKind.UNUSABLE: lazy("Then look again."),
    FaultKind.NO_FOLDER: lazy("Then look again."),
}
MAKE_IT_AGAIN = frozenset({FaultKind.MISSING, FaultKind.DAMAGED})
"""What else can be done about it than the words of the fault say."""
MAKE_AGAIN = lazy("Make it again")
LOOK_AGAIN = plazy("one file", "Look again")
NOT_SHOWN = lazy("Not shown")
DOWNLOAD = lazy("Look again, or download it.")


def whole(name: str) -> str:
    """Of a file that nothing is the matter with."""
    return _("The file {name} is whole, but this browser could not show it.", name=name)
