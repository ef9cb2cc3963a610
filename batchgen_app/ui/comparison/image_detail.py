"""One picture, as large as the window, with all that is known about it; or two at the same zoom and
the same spot, beside each other or under a slider.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.services.values import THUMBNAIL_SIDE
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import Attempts, ImageActions
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    CopyButton,
    Following,
    Keys,
    bind_prop,
    download_button,
    folder_button,
    headline,
    icon_button,
    marked,
    own_direction,
)
from batchgen_app.ui.parts.fields import Text


class Viewer(ui.element, component=assets_dir() / "viewer.js"):
    """Zoom and pan are the browser's own. Its prop ``pictures`` holds ``viewed`` pictures; its
    events are ``close`` and ``favourite`` (with the index of the image).
    """

    def __init__(self) -> None:
        super().__init__()
        self.props["words"] = each(words.VIEWER)


def is_seen(picture: GeneratedImage) -> bool:
    """Whether browsers show its file; of any other one, they show the thumbnail."""
    return media.is_drawn(picture.media_type) or media.is_played(picture.media_type)


def viewed(prompt: str, pictures: Sequence[GeneratedImage]) -> list[JsonObject]:
    """What the viewer needs to know of pictures."""
    return [
        {
            "index": picture.index,
            "src": picture.url if is_seen(picture) else picture.thumbnail_url,
            "film": media.is_played(picture.media_type),
            "thumbnail": picture.thumbnail_url,
            "width": picture.width or THUMBNAIL_SIDE,
            "height": picture.height or THUMBNAIL_SIDE,
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
    opens it again, by the control that the selector ``opener`` finds (``assets/back.js``; where
    that was lost on its way, the rest goes on without it).
    """
    with ui.context.client.layout:
        holder = ui.element("div")
    with holder, ui.dialog().props("maximized transition-duration=120") as dialog:
        dialog.props("transition-show=fade transition-hide=fade")
        dialog.props["aria-label"] = name
        with marked(Keys(), mark).classes("bg-full") as content:
            yield dialog
    shown = f"() => getElement({content.id}), {json.dumps(opener)}"
    dialog.on("before-show", js_handler=f"() => window.viewOpened?.({shown})")
    dialog.on("before-hide", js_handler="() => window.viewCloses?.()")
    dialog.on("hide", holder.delete)
    dialog.on("hide", dialog.delete)
    dialog.open()


OPENER = "[data-testid=side-by-side]"


def open_side_by_side(batch: BatchState, indexes: tuple[int, int], actions: ImageActions) -> None:
    """Compare two images of a batch in the whole window."""

    def pictures() -> list[object]:
        shown = (batch.image(index).picture for index in indexes)
        return [*viewed(batch.request.prompt, [picture for picture in shown if picture])]

    with full_screen("side-by-side-view", str(words.SIDE_BY_SIDE), OPENER) as dialog:
        viewer = Viewer().on("close", dialog.close)
        bind_prop(viewer, "pictures", batch, ("images",), pictures)
        viewer.on("favourite", lambda event: actions.toggle(event.args))


PLACE = '[data-place="%d"]'
BACK_TO = """((opener) => {
    window.viewMovedTo?.(opener);
    const place = document.querySelector(opener);
    const whole = place?.closest("[data-tile]") ?? place;
    whole?.scrollIntoView({ block: "nearest", inline: "nearest" });
    place?.focus({ preventScroll: true });
})(%s)"""
"""Where the picture that was seen last stands on the page."""


def open_image_detail(context: PageContext, batch: BatchState, index: int) -> None:
    """Show a finished image in the whole window; what is not finished cannot be shown."""
    if batch.image(index).picture:
        with full_screen("image-detail", str(words.DETAILS), PLACE % index) as dialog:
            detail = Detail(context, batch, index, dialog)
            client = ui.context.client
            dialog.on("before-hide", detail.leave)
            dialog.on(
                "hide", lambda: client.run_javascript(BACK_TO % json.dumps(PLACE % detail.at))
            )
        dialog.props("no-refocus")


class Detail(ui.element):
    """One picture of a batch at a time, and the way to its neighbours; ``at`` is its index."""

    at = BindableProperty()
    images = BindableProperty(on_change=lambda detail, _: detail.settle())

    def __init__(
        self, context: PageContext, batch: BatchState, index: int, dialog: ui.dialog
    ) -> None:
        super().__init__("div")
        self.classes("bg-detail")
        self.at = index
        self.images = batch.images
        self._batch = batch
        self._dialog = dialog
        self._awaited = 0
        """The index of an image that is being had back, to be seen when it is there."""
        self._is_left = False
        with self:
            self._picture()
            with ui.element("aside").classes("bg-panel"):
                self._actions = ImageActions(context, batch, Attempts(), self._await)
                Following(self, ("at", "images"), self._shown, self._panel).classes("bg-panel-body")
        binding.bind_from(self, "images", batch, "images")

    def _picture(self) -> None:
        with ui.element("div").classes("bg-detail-picture"):
            viewer = Viewer().on("close", self._dialog.close)
            bind_prop(viewer, "pictures", self, ("at",), self._viewed)
            self._arrow("chevron_left", str(words.PREVIOUS), "ArrowLeft", -1)
            self._arrow("chevron_right", str(words.NEXT), "ArrowRight", 1)

    def _arrow(self, icon: str, name: str, key: str, step: int) -> None:
        icon_button(icon, name, lambda: self._go(step), key=key).classes(f"bg-arrow bg-{key}")

    def _shown(self) -> tuple[int, tuple[int, ...]]:
        """Which one, among which: all that are not deleted."""
        kept = (image for image in self._batch.images if image.status is not ImageStatus.DELETED)
        return self.at, tuple(image.index for image in kept)

    def _panel(self, seen: tuple[int, tuple[int, ...]]) -> None:
        index, kept = seen
        if shown := self._batch.image(index).picture:
            place = words.image_of(index, kept.index(index) + 1, len(kept))
            ui.label(place).classes("bg-muted")
            headline(self._batch.request.prompt)
            with ui.element("div").classes("bg-panel-actions"):
                self._actions.heart(index)
                marked(self._actions.stars(index), "rating")
                download_button(shown)
                folder_button(shown.id)
                self._actions.bin(index)
            _facts(self._batch, shown)
            if shown.extras:
                _extras(shown)

    def _viewed(self) -> list[object]:
        shown = self._batch.image(self.at).picture
        return [*viewed(self._batch.request.prompt, [shown] if shown else [])]

    def _go(self, step: int) -> None:
        indexes = [picture.index for picture in self._batch.pictures]
        place = indexes.index(self.at) + step
        if 0 <= place < len(indexes):
            self.at = indexes[place]

    def _await(self, index: int) -> None:
        self._awaited = index

    def leave(self) -> None:
        """It is being closed: what becomes of the picture from now on moves it no more."""
        self._is_left = True

    def settle(self) -> None:
        """After a change: what was had back; if the picture is gone, its neighbour; without one,
        leave.
        """
        if self._is_left:
            return
        indexes = [picture.index for picture in self._batch.pictures]
        if self._awaited in indexes:
            self.at, self._awaited = self._awaited, 0
        elif self.at not in indexes:
            after = [index for index in indexes if index > self.at]
            self.at = next(iter([*after, *reversed(indexes)]), self.at)
            if not indexes:
                self._dialog.close()


def _facts(batch: BatchState, shown: GeneratedImage) -> None:
    with ui.element("dl").classes("bg-panel-facts"):
        for name, text in words.facts(batch.parameters, shown):
            with ui.element("div"):
                Text("dt", name)
                with own_direction(ui.element("dd")):
                    CopyButton(common.broken(text), text)


def _extras(shown: GeneratedImage) -> None:
    """What the workflow made beside the picture; each opens as a file of its own."""
    ui.label(str(words.EXTRAS)).classes("bg-muted")
    with marked(ui.element("div"), "extras").classes("bg-extras"):
        for extra in shown.extras:
            name = words.extra_picture(shown.index, extra.number)
            with ui.element("a").props("target=_blank") as link:
                link.props["href"] = extra.url
                small = ui.element("img").props("loading=lazy decoding=async")
                small.props.update(src=extra.thumbnail_url, alt=name, title=name)
