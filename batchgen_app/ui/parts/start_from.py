"""The way from a picture that was made to the form, which starts from it."""

from urllib.parse import urlencode

from nicegui import ui

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import icon_button, marked

STARTED_FROM = frozenset(map(media.type_of, media.PICTURES))


def use_button(shown: GeneratedImage) -> ui.button | None:
    """Leads to the form with this picture; for a film or any other file there is none."""
    if shown.media_type not in STARTED_FROM:
        return None
    made = marked(icon_button("add_photo_alternate", str(common.USE_PICTURE)), "use-picture")
    made.props["href"] = at("/?" + urlencode({"picture": shown.id}))
    return made
