"""A prompt whose words are chosen anew for each image."""

from collections.abc import Sequence

from batchgen_app.core.batch import ImagePrompt
from batchgen_app.core.dynamic_prompt.count import Count
from batchgen_app.core.dynamic_prompt.counting import count
from batchgen_app.core.dynamic_prompt.lists import Lists
from batchgen_app.core.dynamic_prompt.refusal import Refusal, not_understood, too_deep
from batchgen_app.core.dynamic_prompt.sampling import LONGEST_TEXT, Context, parsed
from batchgen_app.core.dynamic_prompt.syntax import restored
from batchgen_app.core.limits import MAX_PROMPT_LENGTH
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.wire import storable
from batchgen_app.language.message import later

PROMPT, NEGATIVE = "prompt", "negativePrompt"


def image_prompts(
    request: BatchRequest,
    seeds: Sequence[int],
    lists: Lists,
    prompt_limit: int = MAX_PROMPT_LENGTH,
) -> tuple[ImagePrompt, ...]:
    """What the texts of a request become for each image; the prompt has at most ``prompt_limit``
    characters then. Raises InvalidRequest.
    """
    prompts = Template(PROMPT, request.prompt, lists, prompt_limit).all_words(seeds)
    if request.negative_prompt is None:
        return tuple(ImagePrompt(prompt=prompt) for prompt in prompts)
    negatives = Template(NEGATIVE, request.negative_prompt, lists).all_words(seeds)
    return tuple(
        ImagePrompt(prompt=prompt, negative_prompt=negative)
        for prompt, negative in zip(prompts, negatives, strict=True)
    )


class Template:
    """The text of a field, which becomes one of at most ``longest`` characters; as many as it has
    itself are always fine. Raises InvalidRequest where it, or what it leads to, makes no sense.
    """

    def __init__(self, field: str, text: str, lists: Lists, longest: int = LONGEST_TEXT) -> None:
        self._longest = max(longest, len(text))
        self._field = field
        self._text = text
        self._lists = lists
        try:
            lists.budget.read(text)
            self._command = parsed(text)
            lists.check(text)
        except Refusal as refusal:
            raise refusal.in_field(field) from refusal

    def all_words(self, seeds: Sequence[int]) -> list[str]:
        """For each seed. Raises what ``words`` does."""
        return [self.words(seed) for seed in seeds]

    def words(self, seed: int) -> str:
        """On one line. Raises InvalidRequest where nothing is left of them, or too much."""
        try:
            words = storable(restored(self._sampled(seed)))
            self._check_length(words)
        except Refusal as refusal:
            raise refusal.in_field(self._field) from refusal
        return words

    @property
    def count(self) -> Count:
        """How many different words there can be. Raises InvalidRequest."""
        try:
            return count(self._command, self._lists)
        except Refusal as refusal:
            raise refusal.in_field(self._field) from refusal

    def _sampled(self, seed: int) -> str:
        # Two fields with the same wildcard need not come to the same option.
        context = Context.seeded(f"{self._field} {seed}", self._lists)
        try:
            return next(iter(context.sample_prompts(self._command, 1))).text
        except RecursionError as error:
            raise too_deep(self._text) from error
        except KeyError as error:  # the library's way to say so
            raise Refusal(
                "unknown_variable",
                later(
                    "A variable is used and nothing was given to it. Give it words before: "
                    "{example}.",
                    example="${name=words}",
                ),
            ) from error
        except (RuntimeError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise not_understood(self._text, 0) from error

    def _check_length(self, words: str) -> None:
        if not words and self._field == PROMPT:
            message = later("The prompt would be empty for an image: a choice has no words.")
            raise Refusal("blank", message)
        if len(words) > self._longest:
            message = later(
                "The prompt would be too long for an image: {count} characters, "
                "where {most} are the most.",
                count=len(words),
                most=self._longest,
            )
            raise Refusal("too_long", message)
