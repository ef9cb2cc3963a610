"""Viewer: pictures to look into; one, or two that always show the same spot."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nicegui import context, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.keys import Keys


class Viewer(ui.element, component=assets_dir() / "viewer.js"):
    """Zoom and pan are the browser's own. Its prop ``pictures`` holds ``viewed`` pictures; its
    events are ``close`` and ``favourite`` (with the index of the image).
    """

    def __init__(self) -> None:
        super().__init__()
        self.props["words"] = each(words.VIEWER)


def viewed(prompt: str, pictures: Sequence[GeneratedImage]) -> list[JsonObject]:
    """What the viewer needs to know of pictures."""
    return [
        {
            "index": picture.index,
            "src": picture.url,
            "thumbnail": picture.thumbnail_url,
            "width": picture.width,
            "height": picture.height,
            "favourite": picture.favourite,
            "rating": picture.rating,
            "stars": common.stars(picture.rating),
            "label": words.caption(picture.index, picture.seed),
            "alt": common.alt_text(prompt, picture.index, picture.seed),
        }
        for picture in pictures
    ]


@contextmanager
def full_screen(mark: str, name: str, opener: str) -> Iterator[ui.dialog]:
    """A dialog as large as the window that listens to keys. It outlives the part of the page that
    it was opened from, and is gone when it is closed. The browser's Back closes it, too; Forward
    opens it again, by the control that the selector ``opener`` finds (``assets/back.js``).
    """
    with context.client.layout:
        holder = ui.element("div")
    with holder, ui.dialog().props("maximized transition-duration=120") as dialog:
        dialog.props("transition-show=fade transition-hide=fade")
        dialog.props["aria-label"] = name
        with marked(Keys(), mark).classes("bg-full") as content:
            yield dialog
    shown = f"() => getElement({content.id}), {json.dumps(opener)}"
    dialog.on("before-show", js_handler=f"() => viewOpened({shown})")
    dialog.on("before-hide", js_handler="() => viewCloses()")
    dialog.on("hide", holder.delete)
    dialog.on("hide", dialog.delete)
    dialog.open()
