"""Prompts that vary from image to image, with the wildcards of the data folder. Choosing words may
take a while: it is done in threads, and only there what does it is imported, which takes a tenth
of a second that few starts need.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.core.batch import ImagePrompt
from batchgen_app.core.dynamic_prompt.count import Count
from batchgen_app.core.request import AnyRequest

FOLDER = "wildcards"
"""In the data folder."""
EXAMPLE_SEED = 1
"""The same text has the same example as long as it is typed."""


@dataclass(frozen=True)
class Example:
    """What two texts may become, and how many different ones there can be."""

    words: ImagePrompt
    count: Count


class DynamicPrompts:
    """``folder`` holds the lists that wildcards stand for; they are read anew each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def words(
        self, request: AnyRequest, seeds: Sequence[int], prompt_limit: int
    ) -> tuple[ImagePrompt, ...]:
        """What the images with these seeds show, where they are to differ in that; else nothing. A
        prompt has at most ``prompt_limit`` characters then. Raises InvalidRequest.
        """
        if not request.dynamic_prompt:
            return ()
        return await asyncio.to_thread(_words, request, seeds, self.folder, prompt_limit)

    async def example(self, prompt: str, negative_prompt: str, prompt_limit: int) -> Example:
        """What these may become; raises InvalidRequest."""
        return await asyncio.to_thread(_example, prompt, negative_prompt, self.folder, prompt_limit)

    async def wildcards(self) -> tuple[str, ...]:
        """The names of all lists, sorted."""
        return await asyncio.to_thread(_names, self.folder)


def _words(
    request: AnyRequest, seeds: Sequence[int], folder: Path, prompt_limit: int
) -> tuple[ImagePrompt, ...]:
    from batchgen_app.core.dynamic_prompt.template import image_prompts  # noqa: PLC0415
    from batchgen_app.storage import wildcards  # noqa: PLC0415

    return image_prompts(request, seeds, wildcards.read(folder), prompt_limit)


def _names(folder: Path) -> tuple[str, ...]:
    from batchgen_app.storage import wildcards  # noqa: PLC0415

    return wildcards.read(folder).names


def _example(prompt: str, negative_prompt: str, folder: Path, prompt_limit: int) -> Example:
    from batchgen_app.core.dynamic_prompt import template  # noqa: PLC0415
    from batchgen_app.storage import wildcards  # noqa: PLC0415

    lists = wildcards.read(folder)
    positive = template.Template(template.PROMPT, prompt, lists, prompt_limit)
    negative = template.Template(template.NEGATIVE, negative_prompt, lists)
    words = ImagePrompt(
        prompt=positive.words(EXAMPLE_SEED), negative_prompt=negative.words(EXAMPLE_SEED)
    )
    return Example(words, positive.count.times(negative.count))
