"""Where the words go that differ from image to image: wherever the request's prompt does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from batchgen_app.core.batch import ImagePrompt, Understood
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.corrections import slot_of
from batchgen_app.workflows.graph import NodeGraph, changed
from batchgen_app.workflows.keeping import Slots
from batchgen_app.workflows.roles import Roles, find_roles


@dataclass(frozen=True)
class PromptPlaces:
    """The inputs that get the prompt and the negative one."""

    prompt: Slots = ()
    negative: Slots = ()

    @classmethod
    def of(cls, roles: Roles, set_by_hand: Mapping[str, object]) -> Self:
        """All that play the roles, unless a person has set something else there."""
        prompt, negative = (
            tuple(slot for slot in slots if str(slot) not in set_by_hand)
            for slots in (roles.prompt, roles.negative_prompt)
        )
        return cls(prompt, negative)

    @classmethod
    def remembered(cls, nodes: JsonObject, understood: Understood | None) -> Self:
        """As it was planned; None where that was not written down: then they are looked for."""
        graph = NodeGraph(nodes)
        if understood is None:
            return cls.of(find_roles(graph, {}).roles, {})
        prompt, negative = (
            tuple(slot_of(graph, slot, "workflow") for slot in slots)
            for slots in (understood.prompts, understood.negative_prompts)
        )
        return cls(prompt, negative)

    def kept(self, words: Sequence[ImagePrompt], prompt: str) -> tuple[ImagePrompt, ...]:
        """Those of the ``words`` that have a place; where the prompt has none, it is ``prompt``."""
        if not self.prompt and not self.negative:
            return ()
        return tuple(
            ImagePrompt(
                prompt=each.prompt if self.prompt else prompt,
                negative_prompt=each.negative_prompt if self.negative else None,
            )
            for each in words
        )

    def filled(self, nodes: JsonObject, words: ImagePrompt) -> JsonObject:
        """With the words of one image; without a negative prompt, that stays as it is."""
        negative = self.negative if words.negative_prompt is not None else ()
        return changed(
            nodes,
            [
                *((slot, words.prompt) for slot in self.prompt),
                *((slot, words.negative_prompt) for slot in negative),
            ],
        )


def for_image(nodes: JsonObject, places: PromptPlaces, words: Sequence[ImagePrompt]) -> JsonObject:
    """The graph with the first of the words, if there are any."""
    return places.filled(nodes, words[0]) if words else nodes
