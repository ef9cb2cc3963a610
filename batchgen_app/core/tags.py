"""The tags of a picture: short words of one's own. Pictures that share one are a collection."""

from collections.abc import Iterable
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from batchgen_app.core.limits import MAX_TAG_LENGTH, MAX_TAGS
from batchgen_app.core.search.folding import fold_name
from batchgen_app.core.wire import Text, Wire


def _tag(text: str) -> str:
    """On one line, without spaces around it."""
    words = " ".join(text.split())
    if not words:
        raise PydanticCustomError("blank", "is blank")
    if len(words) > MAX_TAG_LENGTH:
        raise PydanticCustomError("too_long", "is too long")
    return words


def _each_once(tags: tuple[str, ...]) -> tuple[str, ...]:
    """As each was written first; case and accents make no other tag."""
    known: dict[str, str] = {}
    for tag in tags:
        known.setdefault(same(tag), tag)
    return (*known.values(),)


Tags: TypeAlias = Annotated[
    tuple[Annotated[Text, AfterValidator(_tag)], ...],
    Field(max_length=MAX_TAGS),
    AfterValidator(_each_once),
]


def same(tag: str) -> str:
    """What two spellings of one tag have in common."""
    return fold_name(tag)


class _Given(Wire):
    tags: Tags


class TagChange(Wire):
    """Tags that pictures are given, and tags that are taken from them; all their others stay.
    Pictures without all of ``only_with`` are left alone.
    """

    add: Tags = ()
    remove: Tags = ()
    only_with: Tags = ()

    @classmethod
    def asked(
        cls, add: Iterable[str] = (), remove: Iterable[str] = (), only_with: Iterable[str] = ()
    ) -> Self:
        """As people wrote them; raises InvalidRequest for what is no tag."""
        given = [_Given.parse({"tags": [*tags]}).tags for tags in (add, remove, only_with)]
        return cls(add=given[0], remove=given[1], only_with=given[2])

    def of(self, tags: Tags) -> Tags:
        """What ``tags`` become. What comes in place of another one stands where that stood; one
        that is there keeps its spelling.
        """
        known, gone = {*map(same, tags)}, {*map(same, self.remove)}
        if not known.issuperset(map(same, self.only_with)):
            return tags
        new = [tag for tag in self.add if same(tag) not in known - gone]
        place = next((i for i, tag in enumerate(tags) if same(tag) in gone), len(tags))
        return (*tags[:place], *new, *(t for t in tags[place:] if same(t) not in gone))
