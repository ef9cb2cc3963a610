"""How many different prompts a text can become."""

import math
from collections.abc import Iterable, Sequence

from dynamicprompts.commands import (
    Command,
    LiteralCommand,
    SequenceCommand,
    VariantCommand,
    WildcardCommand,
    WrapCommand,
)
from dynamicprompts.commands.variable_commands import VariableAssignmentCommand

from batchgen_app.core.dynamic_prompt.count import MANY, Count
from batchgen_app.core.dynamic_prompt.lists import Lists
from batchgen_app.core.dynamic_prompt.syntax import has_syntax


def count(command: Command, lists: Lists) -> Count:
    """Of words that a command can become, as if no two choices had the same words. Raises Refusal
    for a wildcard that is not known.
    """
    counter = _Counter(lists)
    number = counter.count(command)
    return Count(min(number, MANY), counter.is_exact and number <= MANY)


class _Counter:
    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self.is_exact = True

    def count(self, command: Command) -> int:
        match command:
            case LiteralCommand() | VariableAssignmentCommand():
                return 1
            case SequenceCommand(tokens=tokens):
                return math.prod(map(self.count, tokens))
            case WrapCommand(wrapper=wrapper, inner=inner):
                return self.count(wrapper) * self.count(inner)
            case WildcardCommand(wildcard=str() as name):
                return sum(self._options(name))
            case VariantCommand():
                return self._selections(command)
        self.is_exact = False
        return 1

    def _options(self, name: str) -> list[int]:
        """One for each, however many it stands for itself."""
        options = self._lists.get_values(name).string_values
        if any(map(has_syntax, options)):
            self.is_exact = False
        return [1] * len(options)

    def _selections(self, command: VariantCommand) -> int:
        match command.values:
            case [WildcardCommand(wildcard=str() as name)]:
                counts = self._options(name)
            case values:
                counts = [*map(self.count, values)]
        least, most = (min(bound, len(counts)) for bound in (command.min_bound, command.max_bound))
        return _sum(_ordered(counts, picked) for picked in range(least, most + 1))


def _sum(numbers: Iterable[int]) -> int:
    """Of so many of them as are needed to see that they are more than are counted."""
    total = 0
    for number in numbers:
        total += number
        if total > MANY:
            break
    return total


def _ordered(counts: Sequence[int], picked: int) -> int:
    """In how many ways so many of these can stand one after another."""
    if all(each == 1 for each in counts):
        return math.perm(len(counts), picked) if picked <= 20 else MANY + 1
    ways = [1] + [0] * picked
    for each in counts:
        for place in range(picked, 0, -1):
            ways[place] += ways[place - 1] * each
    return ways[picked] * math.factorial(picked)
