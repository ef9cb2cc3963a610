"""The readers of all programs: which of them is asked about the texts of a picture."""

from collections.abc import Mapping

from batchgen_app.core.programs import a1111, fooocus, invokeai, novelai, swarmui
from batchgen_app.core.programs.told import NOTHING, Told

PARAMETERS = "parameters"
"""Where most programs keep what they have to say; EXIF's UserComment stands for it."""
HIDDEN = "hidden"
"""What stands in the lowest bits of the alpha channel."""
KEYWORDS = (PARAMETERS, fooocus.SCHEME, *invokeai.KEYWORDS, *novelai.KEYWORDS)


def read(texts: Mapping[str, str]) -> Told:
    """What the texts of a picture tell, by their keywords; NOTHING where no program is known by
    them. A graph of ComfyUI is read elsewhere.
    """
    found = [
        told for told in (_written(texts), invokeai.read(texts), novelai.read(texts)) if told.values
    ]
    if not found and HIDDEN in texts:
        hidden = (novelai.read_hidden(texts[HIDDEN]), a1111.read(texts[HIDDEN]))
        found = [told for told in hidden if told.values]
    return found[0] if found else NOTHING


def _written(texts: Mapping[str, str]) -> Told:
    written = texts.get(PARAMETERS, "")
    if (told := swarmui.read(written)).values:
        return told
    if texts.get(fooocus.SCHEME) == "fooocus" or fooocus.is_its_own(written):
        return fooocus.read(written)
    if (told := _exif_of_novelai(written)).values:
        return told
    is_fooocus = fooocus.SCHEME in texts or ", Version: Fooocus" in written
    return a1111.read(written, "fooocus" if is_fooocus else "a1111")


def _exif_of_novelai(written: str) -> Told:
    """A WebP of NovelAI has all of it in one comment."""
    return novelai.read_hidden(written) if written.lstrip()[:1] == "{" else NOTHING
