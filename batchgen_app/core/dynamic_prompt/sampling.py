"""The library's way from a text to words, within bounds: what is nested, repeated or listed without
end is refused soon.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from random import Random
from threading import Lock
from typing import cast

import pyparsing
from dynamicprompts.commands import (
    Command,
    LiteralCommand,
    SamplingMethod,
    SequenceCommand,
    VariantCommand,
    WildcardCommand,
)
from dynamicprompts.commands.variable_commands import VariableAssignmentCommand
from dynamicprompts.parser.parse import parse
from dynamicprompts.samplers.base import Sampler
from dynamicprompts.samplers.random import RandomSampler
from dynamicprompts.sampling_context import SamplingContext
from dynamicprompts.sampling_result import SamplingResult
from dynamicprompts.types import ResultGen
from dynamicprompts.wildcards.item import WildcardItem
from dynamicprompts.wildcards.values import WildcardValues

from batchgen_app.core.dynamic_prompt.budget import Budget
from batchgen_app.core.dynamic_prompt.lists import Lists
from batchgen_app.core.dynamic_prompt.refusal import not_understood, too_deep, too_much
from batchgen_app.core.dynamic_prompt.syntax import (
    check_nesting,
    has_syntax,
    protected,
    without_comments,
)

MOST_STEPS = 1_000
"""Parts of one text that are looked at for one seed, each time they are."""
LONGEST_TEXT = 2_000
"""Characters of what the parser reads at once, some milliseconds for each hundred."""
REMEMBERED = 1_000
"""Texts that need not be parsed again."""

_one_at_a_time = Lock()
"""The parser notes at first use how its actions are called."""


@lru_cache(REMEMBERED)
def parsed(text: str) -> Command:
    """Raises Refusal where it makes no sense."""
    if not has_syntax(text):
        return LiteralCommand(text)
    if len(text) > LONGEST_TEXT:
        raise too_much()
    plain = without_comments(text)
    check_nesting(plain)
    try:
        with _one_at_a_time:
            command = parse(protected(plain))
    except pyparsing.ParseBaseException as error:
        raise not_understood(plain, error.loc) from error
    except RecursionError as error:
        raise too_deep(plain) from error
    is_whole = not isinstance(command, VariableAssignmentCommand)
    return command if is_whole else SequenceCommand([command])


@dataclass
class Steps:
    """How many were taken."""

    taken: int = 0

    def take(self) -> None:
        """One more; raises Refusal where these are too many."""
        self.taken += 1
        if self.taken > MOST_STEPS:
            raise too_much()


class Chooser(RandomSampler):
    """The library's, except that of a wildcard's many options only the chosen ones are parsed."""

    def _get_variant(self, command: VariantCommand, context: SamplingContext) -> ResultGen:
        match command.values:
            case [WildcardCommand() as wildcard]:
                return _of_list(command, wildcard, cast("Context", context))
        return super()._get_variant(command, context)


def _of_list(command: VariantCommand, wildcard: WildcardCommand, context: "Context") -> ResultGen:
    """Several options of one wildcard, none of them twice."""
    name = next(iter(context.sample_prompts(wildcard.wildcard, 1))).text
    values = context.wildcard_manager.get_values(name)
    inner = context.with_variables(wildcard.variables)
    while True:
        context.budget.look_through(len(values) if values.has_varied_weights else 0)
        count = context.rand.randint(command.min_bound, command.max_bound)
        chosen = _chosen(values, min(count, len(values)), context.rand)
        samples = [next(iter(inner.sample_prompts(str(item), 1))) for item in chosen]
        yield SamplingResult.joined(samples, separator=command.separator)


def _chosen(values: WildcardValues, count: int, rand: Random) -> Sequence[str | WildcardItem]:
    if not values.has_varied_weights:
        return rand.sample(values.items, count)
    return heapq.nlargest(count, values.items, key=lambda item: _luck(item, rand))


def _luck(item: str | WildcardItem, rand: Random) -> float:
    """Whose is the largest comes first: as often as its weight says (Efraimidis and Spirakis)."""
    weight = item.weight if isinstance(item, WildcardItem) else 1.0
    return rand.random() ** (1 / weight) if weight > 0 else 0.0


@dataclass(frozen=True)
class Context(SamplingContext):
    """For one seed. ``!`` and ``@``, the library's signs for going through all choices in their
    order, mean chance here as everywhere: each image stands for itself.
    """

    steps: Steps = field(default_factory=Steps)
    budget: Budget = field(default_factory=Budget)

    @classmethod
    def seeded(cls, seed: str, lists: Lists) -> "Context":
        """Where chance is what ``seed`` makes of it."""
        chooser: dict[SamplingMethod, Sampler] = {SamplingMethod.RANDOM: Chooser()}
        rand = Random(seed)  # noqa: S311
        return cls(SamplingMethod.RANDOM, lists, chooser, rand=rand, budget=lists.budget)

    def get_sampler_and_context(self, command: Command) -> tuple[Sampler, SamplingContext]:
        self.steps.take()
        return self.default_sampler, self

    def sample_prompts(
        self, prompt: str | Command, num_prompts: int | None = None
    ) -> Iterable[SamplingResult]:
        """Without end, unless ``num_prompts`` says when; also for a text in which nothing is."""
        command = self._parsed(prompt) if isinstance(prompt, str) else prompt
        return islice(self.generator_from_command(command), num_prompts)

    def _parsed(self, text: str) -> Command:
        self.budget.read(text)
        return parsed(text)
