"""Every text of an import into the gallery."""

from collections.abc import Sequence

from batchgen_app.core.image_source import PROGRAMS
from batchgen_app.language.texts import _, lazy, ngettext, translated
from batchgen_app.services.values import Taken

IMPORT = lazy("Import…")
IMPORT_FILES = lazy("Import pictures…")
IMPORT_FOLDER = lazy("Import a folder…")
IMPORT_HINT = lazy("Pictures that you made elsewhere can be dropped here: they are copied.")
NO_PICTURES = lazy("There is no PNG, JPEG or WebP picture among these files.")
TOO_LARGE = lazy(
    "Files of more than 15 MB are not taken here. In a terminal: batchgen import --keep"
)
CLOSE = lazy("Close")
STOP = lazy("Stop")
DROP = {
    "drop": lazy("Drop them here"),
    "what": lazy("Pictures are copied into the gallery with their settings. Esc cancels."),
    "sending": lazy("On its way"),
    "stop": lazy("Stop"),
    "busy": lazy("Wait until the files before have arrived."),
    "pasted": lazy("Pasted picture"),
}
"""For the browser, which takes what is dropped and pasted."""


def progress(done: int, expected: int) -> str:
    """While files arrive."""
    return _("Importing: {done} of {expected}", done=done, expected=max(done, expected))


def summary(taken: Sequence[Taken], lost: int, left_out: int = 0) -> str:
    """What became of all: "12 imported · 2 known already · 1 without settings"; ``left_out`` were
    not sent any more.
    """
    new = [one for one in taken if one.image_id and not one.is_known]
    known = sum(one.is_known for one in taken)
    bare = sum(_is_bare(one) for one in new)
    faults = sum(bool(one.fault) for one in taken) + lost
    parts = [_("{count} imported", count=len(new))]
    parts += [_("{count} known already", count=known)] if known else []
    parts += [_("{count} without settings", count=bare)] if bare else []
    parts += [_("{count} not usable", count=faults)] if faults else []
    parts += [_("stopped, {count} left out", count=left_out)] if left_out else []
    return " · ".join(parts)


def files(count: int) -> str:
    """On what opens the list."""
    return ngettext("{count} file", "{count} files", count)


def more(count: int) -> str:
    """At the end of a long list."""
    return ngettext("and {count} more", "and {count} more", count)


def outcome(taken: Taken) -> str:
    """What became of one file."""
    if taken.fault or taken.reading is None:
        return translated(str(taken.fault))
    parts = [_("known already")] if taken.is_known else []
    if _is_bare(taken):
        parts.append(_("without settings"))
    else:
        parts.append(PROGRAMS.get(taken.reading.source, ""))
        if unread := taken.reading.unread:
            parts.append(_("Not taken over: {what}", what=" · ".join(map(translated, unread))))
    return " · ".join(parts)


def _is_bare(taken: Taken) -> bool:
    return taken.reading is not None and taken.reading.source == "unknown"
