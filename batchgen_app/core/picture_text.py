"""What one picture of a batch tells of itself, in its file and beside it."""

from batchgen_app.core import xmp
from batchgen_app.core.infotext import infotext
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.state import BatchState

LOADS_A_PICTURE = "loadimage"
"""In the types of nodes that start from one, in small letters."""


def text_of(batch: BatchState, index: int, app_version: str) -> str:
    """What was submitted for image ``index``, as galleries and sharing sites read it."""
    words, varied = batch.words(index), batch.request if batch.prompts else None
    submitted = batch.parameters.model_copy(update={"negative_prompt": words.negative_prompt})
    return infotext(words.prompt, batch.image(index).seed, submitted, app_version, varied)


def packet_of(batch: BatchState, app_version: str) -> str:
    """The XMP packet of each picture of a batch."""
    kinds = (str(node.get("class_type")).lower() for node in batch.workflow.values())
    return xmp.packet(
        app_version,
        bare_name(batch.parameters.model or ""),
        from_picture=any(LOADS_A_PICTURE in kind for kind in kinds),
    )
