"""How the file of one picture is called when it is downloaded by itself."""

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.delivery import Handed, named
from batchgen_app.core.file_names import NamePattern
from batchgen_app.core.state import BatchState
from batchgen_app.ui.page_context import PageContext


def file_name(context: PageContext, batch: BatchState, image: GeneratedImage) -> str:
    """By the pattern in the settings, or else as on disk."""
    saved = context.preferences.saved.name_pattern
    (names,) = named([Handed(batch, image)], NamePattern.parse(saved) if saved else None)
    return names.main(image)
