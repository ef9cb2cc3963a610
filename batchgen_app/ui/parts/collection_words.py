"""Every text of collections."""

from batchgen_app.language.texts import _, lazy, ngettext

ADD_TO = lazy("Add to a collection…")
COLLECTIONS = lazy("Collections")
NAME = lazy("Name")
FIND_OR_NEW = lazy("Find a collection, or name a new one")
NONE_YET = lazy("No collections yet")
NONE_YET_HINT = lazy(
    "A collection is a set of pictures with a name, from whichever batches they are. Choose "
    "pictures and press T, or “Add to a collection…”."
)
TO_PICTURES = lazy("Choose pictures")
NONE_CALLED_SO = lazy("No collection is called so.")
FIND = lazy("Find a collection")
RENAME = lazy("Rename")
ALL_IN_IT = lazy("All of them are in it already.")
MORE_TO_FIND = lazy("Type to see the others.")


def create(name: str) -> str:
    """The button that makes a collection."""
    return _("New collection “{name}”", name=name)


def put_in(name: str, count: int) -> str:
    """That pictures are in a collection now."""
    return ngettext(
        "{count} image added to “{name}”.", "{count} images added to “{name}”.", count, name=name
    )


def taken_out(name: str, count: int) -> str:
    """That pictures are in a collection no more."""
    return ngettext(
        "{count} image taken out of “{name}”.",
        "{count} images taken out of “{name}”.",
        count,
        name=name,
    )


def take_out_of(name: str) -> str:
    """The cross on a collection of a picture."""
    return _("Take out of “{name}”", name=name)


def some_of(name: str, count: int, total: int) -> str:
    """A collection that only some of the chosen pictures are in."""
    return _("{name} ({count} of {total})", name=name, count=count, total=total)


def rename(name: str) -> str:
    """The question for another name, and the button that asks it."""
    return _("Rename “{name}”", name=name)


def renamed(name: str, new: str) -> str:
    """That a collection has another name now."""
    return _("“{name}” is called “{new}” now.", name=name, new=new)


def merged(name: str, new: str) -> str:
    """That a collection was given the name of another one."""
    return _("The pictures of “{name}” are in “{new}” now.", name=name, new=new)


def remove(name: str) -> str:
    """The button that makes a collection be none."""
    return _("Remove “{name}”; its pictures stay", name=name)


def removed(name: str, count: int) -> str:
    """That a collection is none any more."""
    return ngettext(
        "The collection “{name}” is removed; its {count} image stays.",
        "The collection “{name}” is removed; its {count} images stay.",
        count,
        name=name,
    )


def gone(name: str) -> str:
    """That somebody else was quicker."""
    return _("There is no collection “{name}” any more: somebody has changed it.", name=name)


def collections(count: int) -> str:
    """How many."""
    return ngettext("{count} collection", "{count} collections", count)


def pictures_of(name: str, images: str) -> str:
    """What the link of a collection leads to."""
    return _("{name}: {images}", name=name, images=images)
