"""What can be asked of all pictures, in which order, and where a page of them goes on."""

import base64
import json
from binascii import Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.found_image import FoundImage
from batchgen_app.language.message import english
from batchgen_app.storage.search_conditions import Condition
from batchgen_app.storage.workflow_names import UNNAMED, WorkflowNames

MOST_IMAGES = 500
"""Of one page."""

Key: TypeAlias = tuple[tuple[str, str], ...]
"""Expressions that decide, the first one first, with their directions; the last is unique."""
Place: TypeAlias = tuple[object, ...]
"""The values of a key."""


class ImageOrder(StrEnum):
    """What decides first; where that is the same, the newer picture comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    PROMPT = "prompt"
    MODEL = "model"
    SEED = "seed"
    STEPS = "steps"
    SIZE = "size"
    SAMPLER = "sampler"
    WORKFLOW = "workflow"

    @property
    def key(self) -> Key:
        """Over ``gallery_finds AS f`` and, where it is by texts, ``gallery_texts AS t``."""
        return KEYS[self]

    @property
    def is_by_texts(self) -> bool:
        """Whether texts decide: then they are read in their order, and the pictures of each."""
        return self.key[0][0] in TEXTS


_NEWER = ("f.id", "DESC")
_OF_TEXT = (("t.place", "DESC"), ("t.text_id", "ASC"), _NEWER)
KEYS: Mapping[ImageOrder, Key] = {
    ImageOrder.NEWEST: (_NEWER,),
    ImageOrder.OLDEST: (("f.id", "ASC"),),
    ImageOrder.RATING: (("f.rating", "DESC"), _NEWER),
    ImageOrder.SEED: (("f.seed", "ASC"), _NEWER),
    ImageOrder.PROMPT: (("substr(t.prompt, 1, 100)", "ASC"), *_OF_TEXT),
    ImageOrder.MODEL: (("t.model", "ASC"), *_OF_TEXT),
    ImageOrder.STEPS: (("ifnull(f.steps, 0)", "DESC"), _NEWER),
    ImageOrder.SIZE: (("ifnull(f.width * f.height, 0)", "DESC"), _NEWER),
    ImageOrder.SAMPLER: (("t.sampler", "ASC"), *_OF_TEXT),
    ImageOrder.WORKFLOW: (("t.workflow", "ASC"), ("t.model", "ASC"), *_OF_TEXT),
}
"""Each has an index, so that a page is read without sorting. That of workflows is in the order of
their names (``workflow_order``), and within one as here.
"""
TEXTS = {"substr(t.prompt, 1, 100)", "t.model", "t.sampler", "t.workflow"}


@dataclass(frozen=True)
class ImageQuery:
    """Which pictures: at most ``limit`` of those that ``text`` finds (``core/search``), in this
    order.

    They are those that come after ``cursor``, or just before it (``is_backward``), or those from
    the place ``offset`` on, counted from 0. ``workflows`` says what
    these are called.
    """

    text: str = ""
    order: ImageOrder = ImageOrder.NEWEST
    limit: int = 100
    cursor: str | None = None
    is_backward: bool = False
    offset: int = 0
    workflows: WorkflowNames = UNNAMED


@dataclass(frozen=True)
class ImagePage:
    """A page of pictures, in order. ``previous`` and ``next`` are cursors to go on with, None at
    the ends. ``total`` and ``total_bytes`` are of all that the query finds.
    """

    images: list[FoundImage]
    previous: str | None
    next: str | None
    total: int
    total_bytes: int


@dataclass(frozen=True)
class Known:
    """Those of some pictures that there are, as they are now, and the ids of those that a query
    finds.
    """

    images: list[FoundImage]
    found: frozenset[str]


def order_by(key: Key, *, is_backward: bool = False) -> str:
    """For ``ORDER BY``."""
    return ", ".join(f"{name} {_direction(way, is_backward)}" for name, way in key)


def beyond(key: Key, place: Place, *, is_backward: bool = False) -> Condition:
    """What comes after ``place`` in the order of ``key``, or before it."""
    (name, way), *rest = key
    sign = ">" if _direction(way, is_backward) == "ASC" else "<"
    if not rest:
        return f"{name} {sign} ?", place
    further, values = beyond(tuple(rest), place[1:], is_backward=is_backward)
    # The first bound is one that an index can be entered with.
    condition = f"{name} {sign}= ? AND ({name} {sign} ? OR {further})"
    return condition, (place[0], place[0], *values)


def _direction(way: str, is_backward: bool) -> str:  # noqa: FBT001 - the way is turned round or not
    if not is_backward:
        return way
    return "ASC" if way == "DESC" else "DESC"


def cursor_of(order: ImageOrder, place: Sequence[object]) -> str:
    """Where one goes on, for people's addresses; whatever stands in it means nothing to them."""
    text = json.dumps([order, *place], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_in(order: ImageOrder, cursor: str) -> Place:
    """The place that ``cursor`` tells; raises InvalidRequest."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (Error, ValueError, RecursionError):
        raise _refused() from None
    if not isinstance(found, list) or found[:1] != [order]:
        raise _refused()
    place = tuple(found[1:])
    if not _fits(order, place):
        raise _refused()
    return place


def _fits(order: ImageOrder, place: Place) -> bool:
    kinds = [str if name in TEXTS else int for name, _ in order.key]
    is_held = all(not isinstance(value, int) or abs(value) < 2**63 for value in place)
    return [type(value) for value in place] == kinds and is_held


def _refused() -> InvalidRequest:
    message = english(
        "Cursor must be the `next` of a page in the same order; leave it out to begin"
    )
    return InvalidRequest.of("cursor", "bad_cursor", message)
