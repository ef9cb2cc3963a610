"""One picture, as large as the window, with all that is known about it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from nicegui import ElementFilter, ui

from batchgen_app.access import Verb
from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.values import THUMBNAIL_SIDE
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.detail_panel import DetailPanel
from batchgen_app.ui.comparison.image_actions import Attempts, ImageActions
from batchgen_app.ui.comparison.large_view import LargeView
from batchgen_app.ui.comparison.seen import Seen
from batchgen_app.ui.comparison.shown import Wanted
from batchgen_app.ui.comparison.verdict import keep, reject
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import Keys, bind_prop, marked


def is_seen(picture: GeneratedImage) -> bool:
    """Whether browsers show its file; of any other one, they show the thumbnail."""
    return media.is_drawn(picture.media_type) or media.is_played(picture.media_type)


def viewed(prompt: str, pictures: Sequence[GeneratedImage]) -> list[JsonObject]:
    """What the viewer needs to know of pictures."""
    return [
        {
            "key": picture.index,
            "id": picture.id,
            "bytes": picture.bytes,
            "index": picture.index,
            "src": at(picture.url if is_seen(picture) else picture.thumbnail_url),
            "film": media.is_played(picture.media_type),
            "moves": picture.animated,
            "thumbnail": at(picture.thumbnail_url),
            "width": picture.width or THUMBNAIL_SIDE,
            "height": picture.height or THUMBNAIL_SIDE,
            "favourite": picture.favourite,
            "rating": picture.rating,
            "rejected": picture.rejected,
            "stars": common.stars(picture.rating),
            "label": words.caption(picture.index, picture.seed),
            "title": words.with_marks(picture),
            "alt": common.alt_text(picture.prompt or prompt, picture.index, picture.seed),
        }
        for picture in pictures
    ]


FULL_SCREEN = "full-screen"


def is_covered() -> bool:
    """Whether the page is covered by such a view: what was pressed twice opens one."""
    with ui.context.client.layout:
        return any(view.value for view in ElementFilter(kind=ui.dialog, marker=FULL_SCREEN))


@contextmanager
def full_screen(mark: str, name: str, opener: str, address: str = "") -> Iterator[ui.dialog]:
    """A dialog as large as the window that listens to keys. It outlives the part of the page that
    it was opened from, and is gone when it is closed. The browser's Back closes it, too; Forward
    opens it again, by the control that the selector ``opener`` finds (``assets/back.js``; where
    that was lost on its way, the rest goes on without it). With an ``address`` of its own, the view
    is there again when the page is loaded again. It does not fade in: that would be drawn at the
    cost of the first key.
    """
    with ui.context.client.layout:
        holder = ui.element("div")
    with holder, ui.dialog().props("maximized transition-duration=0") as dialog:
        dialog.mark(FULL_SCREEN)
        dialog.props["aria-label"] = name
        with marked(Keys(), mark).classes("bg-full") as content:
            yield dialog
    told = f"{json.dumps(opener)}, {json.dumps(address)}"
    shown = f"() => getElement({content.id}), {told}"
    dialog.on("before-show", js_handler=f"() => window.viewOpened?.({shown})")
    dialog.on("before-hide", js_handler="() => window.viewCloses?.()")
    dialog.on("hide", holder.delete)
    dialog.on("hide", dialog.delete)
    dialog.open()


PLACE = '[data-place="%d"]'
BACK_TO = """((opener) => {
    window.viewMovedTo?.(opener);
    const place = document.querySelector(opener);
    const whole = place?.closest("[data-tile]") ?? place;
    whole?.scrollIntoView({ block: "nearest", inline: "nearest" });
    place?.focus({ preventScroll: true });
})(%s)"""
"""Where the picture that was seen last stands on the page."""


def open_image_detail(
    context: PageContext,
    batch: BatchState,
    index: int,
    wanted: Wanted | None = None,
    left: Callable[[int], object] | None = None,
) -> None:
    """Show a finished image in the whole window; what is not finished cannot be shown. From there
    one goes through what is ``wanted``, else through all. When it is closed, ``left`` is told which
    one was seen last; without it, the focus goes to its place on the page.
    """
    if batch.image(index).picture and not is_covered():
        with full_screen("image-detail", str(words.DETAILS), PLACE % index) as dialog:
            detail = Detail(context, batch, index, dialog, wanted or Wanted())
            client = ui.context.client
            dialog.on("before-hide", detail.leave)
            go_back = left or (lambda at: client.run_javascript(BACK_TO % json.dumps(PLACE % at)))
            dialog.on("hide", lambda: go_back(detail.at))
        dialog.props("no-refocus")


class Detail(Seen):
    """The picture, and beside it what is known about it."""

    def __init__(
        self,
        context: PageContext,
        batch: BatchState,
        index: int,
        dialog: ui.dialog,
        wanted: Wanted,
    ) -> None:
        super().__init__(batch, index, wanted)
        self.classes("bg-detail")
        self._dialog = dialog
        with self:
            may_mark = context.may(Verb.MARK)
            self._view = LargeView(index, words.LARGE_VIEW, may_mark=may_mark)
            with ui.element("aside").classes("bg-panel"):
                actions = ImageActions(context, batch, Attempts(), self.wait_for)
                DetailPanel(context, self, actions, actions.attempt)
        bind_prop(self._view, "pictures", self, ("images",), self._viewed)
        self._view.on("close", dialog.close)
        self._view.on_index("see", self.see)
        self._view.on_index("keep", lambda index: keep(actions, index))
        self._view.on_index("reject", lambda index: reject(actions, index))

    def show(self, index: int) -> None:
        """Where pictures came or went."""
        self._view.show(index)

    def leave_page(self) -> None:
        """Its last picture is gone."""
        self._dialog.close()

    def _viewed(self) -> list[JsonObject]:
        return viewed(self.batch.request.prompt, self.pictures)
