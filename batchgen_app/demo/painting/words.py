"""What a prompt says, as far as a painter understands it."""

import re

from batchgen_app.demo.painting.motif import Motif


def said(motif: Motif) -> frozenset[str]:
    """The words of the prompt without those of the negative prompt, plurals also in singular."""
    return _words(motif.prompt) - _words(motif.negative)


def _words(text: str) -> frozenset[str]:
    found = set(re.findall(r"[a-z]+", text.lower()))
    return frozenset(found | {word.removesuffix("s") for word in found if len(word) > 3})
