"""What the terms of a search mean."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Column: TypeAlias = Literal["prompt", "negative", "model", "loras", "sampler", "workflow", "tags"]
"""Where words are looked for."""
Count: TypeAlias = Literal["seed", "steps", "rating", "side"]
"""What is counted; the side of a picture is the longer one, in pixels."""
Mark: TypeAlias = Literal["favourite", "rejected", "rated"]
Shape: TypeAlias = Literal["landscape", "portrait", "square"]


@dataclass(frozen=True)
class Words:
    """Words next to each other, in ``column`` or in any. ``is_open``: the last one is the beginning
    of a word. ``is_whole``: it is all of a name, as the column has it.
    """

    text: str
    column: Column | None = None
    is_open: bool = True
    is_whole: bool = False

    @property
    def is_tag(self) -> bool:
        """Whether it is all of a tag, which is the name of a collection."""
        return self.is_whole and self.column == "tags"


@dataclass(frozen=True)
class Between:
    """A number from ``low`` to ``high``, both included; None is no bound."""

    count: Count
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Sized:
    """A picture of at least ``low`` and at most ``high`` pixels (width, height)."""

    low: tuple[int, int] | None = None
    high: tuple[int, int] | None = None


@dataclass(frozen=True)
class Shaped:
    """A picture of this shape."""

    shape: Shape


@dataclass(frozen=True)
class Marked:
    """What somebody thought of a picture, or did not."""

    mark: Mark
    is_set: bool = True


@dataclass(frozen=True)
class When:
    """Made at ``since`` or later, and before ``until``."""

    since: datetime | None = None
    until: datetime | None = None


Meaning: TypeAlias = Words | Between | Sized | Shaped | Marked | When


@dataclass(frozen=True)
class Term:
    """One term, as it was typed, and what it means; ``is_not``: what it means shall not be so."""

    text: str
    meaning: Meaning
    is_not: bool = False


@dataclass(frozen=True)
class SearchQuery:
    """What all terms together ask for. Without terms, everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """As it can be typed again."""
        return " ".join(term.text for term in self.terms)

    def without(self, term: Term) -> "SearchQuery":
        """The rest, once ``term`` is taken away; the first of several that are equal."""
        if term not in self.terms:
            return self
        place = self.terms.index(term)
        return SearchQuery(self.terms[:place] + self.terms[place + 1 :])
