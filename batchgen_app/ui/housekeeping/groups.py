"""Pictures of which one is enough: the best one is kept, the others go to the trash."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.ui import words as common
from batchgen_app.ui.housekeeping import words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import NOT_LOADED, Rating, busy, button, marked
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.toast import toast, tried

MOST = 12
"""Pictures of a group that are shown."""


def group_card(context: PageContext, images: Sequence[GeneratedImage]) -> None:
    """One group, the best picture first."""
    others = images[1:]
    with marked(ui.element("div"), "group").classes("bg-group"):
        with ui.element("div").classes("bg-group-pictures"):
            for image in images[:MOST]:
                _picture(image, is_best=image is images[0])
            if len(images) > MOST:
                ui.label(words.more(len(images) - MOST)).classes("bg-hint")
        if context.may(Verb.DELETE):
            size = sum(image.all_bytes for image in others)
            keep = marked(button(words.keep_best(len(others), size)), "keep-best")
            keep.on_click(partial(_keep_best, context, [image.id for image in others], keep))


def _picture(image: GeneratedImage, *, is_best: bool) -> None:
    link = ui.link(target=f"/batch/{image.batch_id}").classes("bg-group-picture")
    link.props["aria-label"] = words.open_image(image.index, image.seed, is_best=is_best)
    with link:
        shown = ui.element("img").props("loading=lazy decoding=async draggable=false")
        shown.props["src"] = at(image.thumbnail_url)
        shown.props["alt"] = common.alt_text(image.prompt or "", image.index, image.seed)
        shown.on("error", js_handler=NOT_LOADED)
        if is_best:
            Text("span", str(words.BEST)).classes("bg-group-best")
        Rating(image.rating, short=True)


async def _keep_best(context: PageContext, others: list[str], clicked: ui.button) -> None:
    caller, commands = context.caller, context.commands

    async def undo() -> None:
        for image_id in others:
            await commands.restore_image(caller, image_id)

    with context_of(clicked), busy(clicked):  # the card goes away
        if await tried(commands.delete_images(caller, *others)):
            toast(words.moved(len(others)), undo=undo)


def context_of(element: ui.element) -> ui.element:
    """What outlives the ``element``."""
    return element.client.layout
