"""What wildcards stand for: lists of options, by name. A name may be a glob, and the folders before
it may be left out, as the library has it.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from fnmatch import fnmatch

from dynamicprompts.wildcards import WildcardManager
from dynamicprompts.wildcards.collection import WildcardCollection
from dynamicprompts.wildcards.item import WildcardItem
from dynamicprompts.wildcards.utils import clean_wildcard
from dynamicprompts.wildcards.values import WildcardValues

from batchgen_app.core.dynamic_prompt.budget import Budget
from batchgen_app.core.dynamic_prompt.refusal import Refusal, too_deep, too_much
from batchgen_app.core.dynamic_prompt.syntax import (
    check_nesting,
    has_syntax,
    references,
    without_comments,
)
from batchgen_app.core.json_values import clipped
from batchgen_app.language.message import later

MOST_OPTIONS = 100_000
"""Of one wildcard."""
LONGEST_OPTION = 2_000
"""Characters of one in which there is something to choose."""
LONGEST_CHAIN = 20
"""Wildcards in wildcards."""
MOST_COMPARED, SIMILAR = 3_000, 3
"""Names among which similar ones are looked for, and how many of those are told."""


class Lists(WildcardManager):
    """All lists by their names, for one request; ``where`` says to people where they lie. Each is
    read when it is asked for, and may raise Refusal then.
    """

    def __init__(self, lists: Mapping[str, WildcardCollection], where: str) -> None:
        super().__init__(root_map={"": [dict(lists)]})
        self.names = tuple(sorted(lists))
        self.budget = Budget()
        self._where = where
        self._known: dict[str, WildcardValues] = {}
        self._checked: set[str] = set()

    def get_values(self, wildcard: str) -> WildcardValues:
        """The options of a wildcard, each once. Raises Refusal where there are none."""
        if wildcard not in self._known:
            options = self._read(self._pattern(wildcard))
            if not options:
                raise _empty(wildcard)
            self._known[wildcard] = WildcardValues.from_items(sorted(options, key=str))
        return self._known[wildcard]

    def _read(self, pattern: str) -> Collection[str | WildcardItem]:
        """Not by the library's own way, which reads to the end however much there is."""
        options: list[str | WildcardItem] = []
        for found in self.match_collections(pattern):
            options.extend(found.get_values())
            if len(options) > MOST_OPTIONS:
                raise too_much()
        return dict.fromkeys(options)

    def check(self, text: str, chain: tuple[str, ...] = ()) -> None:
        """Raises Refusal where a wildcard is unknown, or leads back to itself, or to an option
        that cannot be read, whether that is chosen or not: for all that ``text`` leads to.
        """
        for wildcard in references(text):
            if wildcard in chain:
                raise _ring([*chain[chain.index(wildcard) :], wildcard])
            if len(chain) == LONGEST_CHAIN:
                raise too_deep(text)
            if wildcard not in self._checked:
                self._check_options(wildcard, (*chain, wildcard))
                self._checked.add(wildcard)

    def _check_options(self, wildcard: str, chain: tuple[str, ...]) -> None:
        for option in self.get_values(wildcard).string_values:
            if has_syntax(option):
                _check_option(wildcard, option)
                self.check(option, chain)

    def _pattern(self, wildcard: str) -> str:
        """By which the library finds the lists. Raises Refusal where there is none."""
        try:
            name = clean_wildcard(wildcard, wildcard_wrap=self.wildcard_wrap)
        except ValueError as error:
            raise self._unknown(wildcard) from error
        self.budget.look_through(len(self.names))
        for pattern in (name, f"**/{name}"):
            if any(fnmatch(listed, pattern) for listed in self.names):
                return pattern
        raise self._unknown(wildcard)

    def _unknown(self, wildcard: str) -> Refusal:
        ends = {name.rpartition("/")[2]: name for name in self.names[:MOST_COMPARED]}
        similar = [ends[end] for end in get_close_matches(wildcard, ends, SIMILAR)]
        values = {"name": clipped(wildcard, 100), "folder": self._where}
        if similar:
            message = later(
                'There is no wildcard "{name}" in {folder}. Similar ones: {similar}.',
                **values,
                similar=", ".join(similar),
            )
        else:
            message = later(
                'There is no wildcard "{name}" in {folder}. '
                "Put a text file of that name there, one option a line.",
                **values,
            )
        return Refusal("unknown_wildcard", message, wildcard=wildcard, similar=similar)


def _check_option(wildcard: str, option: str) -> None:
    if len(option) > LONGEST_OPTION:
        raise too_much()
    try:
        check_nesting(without_comments(option))
    except Refusal as refusal:
        message = later(
            'In the wildcard "{name}": {why}', name=clipped(wildcard, 100), why=refusal.message
        )
        raise Refusal(refusal.code, message, wildcard=wildcard) from refusal


def _empty(wildcard: str) -> Refusal:
    message = later(
        'The wildcard "{name}" has no options. Write some into its file, one a line.',
        name=clipped(wildcard, 100),
    )
    return Refusal("empty_wildcard", message, wildcard=wildcard)


def _ring(chain: list[str]) -> Refusal:
    message = later(
        "A wildcard refers to itself: {chain}. Take it out of its own file.",
        chain=" → ".join(f"__{clipped(name, 100)}__" for name in chain),
    )
    return Refusal("wildcard_ring", message, chain=chain)
