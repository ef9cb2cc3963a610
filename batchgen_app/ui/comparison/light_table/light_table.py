"""The view of a light table: it covers the page, Escape and the browser's Back close it."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.ids import image_id
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.places import assets_dir
from batchgen_app.ui.comparison.image_actions import Attempts, ImageActions
from batchgen_app.ui.comparison.image_detail import full_screen, is_covered
from batchgen_app.ui.comparison.light_table import words
from batchgen_app.ui.comparison.light_table.source import OfBatch, OfSeveral, Source
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import icon_button, marked

FEWEST, MOST = 2, 9
"""Pictures beside each other."""
Mode: TypeAlias = Literal["", "wipe", "difference"]
"""How two pictures are seen at first: beside each other unless said otherwise."""
OPENER = "[data-testid=side-by-side]"


class LightTable(
    ui.element,
    component=assets_dir() / "light_table.js",
    esm={
        "batchgen-files": str(assets_dir() / "files"),
        "batchgen-light-table": str(assets_dir() / "light_table"),
        "batchgen-zooming": str(assets_dir() / "zooming"),
    },
):
    """Shows the pictures of ``source``, at first those with the ids ``first``, two of them in a
    ``mode``. Its event ``close`` comes when it is to be left, also because no picture is left.
    """

    def __init__(
        self, source: Source, first: Sequence[str], *, may_delete: bool, mode: Mode = ""
    ) -> None:
        super().__init__()
        self.props.update(first=list(first), frame=source.frame, begin=mode)
        self.props["words"], self.props["keys"] = words.table(), words.keys()
        self.props["may-delete"] = may_delete
        source.follow(self, "images", source.images)
        self.on("favourite", lambda event: source.favourite(event.args))
        self.on("rate", lambda event: source.rate(*event.args))
        self.on("reject", lambda event: source.reject(event.args))
        self.on("unmark", lambda event: source.take_back(event.args))
        self.on("delete", lambda event: source.delete(event.args))


def open_light_table(
    context: PageContext,
    source_of: Callable[[Attempts], Source],
    first: Sequence[str],
    opener: str = OPENER,
    mode: Mode = "",
) -> None:
    """Cover the page with pictures, unless it is covered; ``source_of`` gets the place where faults
    are told, and the selector ``opener`` finds the control that does this.
    """
    if is_covered():
        return
    with full_screen("side-by-side-view", str(words.NAME), opener) as dialog:
        with ui.element("div").classes("bg-table-trouble"):
            source = source_of(Attempts())
        table = LightTable(source, first, may_delete=context.may(Verb.DELETE), mode=mode)
        table.on("close", dialog.close, [])


def first_of(batch: BatchState) -> list[int]:
    """The indexes of those of its images that come first, without those that will not come or are
    not wanted.
    """
    gone = {ImageStatus.FAILED, ImageStatus.CANCELLED, ImageStatus.DELETED}
    wanted = [
        image.index
        for image in batch.images
        if image.status not in gone and not (image.picture and image.picture.rejected)
    ]
    return wanted[:MOST]


def compare_button(context: PageContext, batch: BatchState) -> None:
    """Puts the first images of a running batch onto the table; each is seen when it is there."""

    def compare() -> None:
        open_side_by_side(context, batch, first_of(batch))

    if batch.total_images >= FEWEST:
        made = icon_button("compare", str(words.NAME), compare, key="c")
        marked(made, "side-by-side").classes("bg-compare").props("data-opens")


def open_side_by_side(context: PageContext, batch: BatchState, indexes: Sequence[int]) -> None:
    """Put images of one batch onto the table, also such as are still to come."""
    first = [image_id(batch.batch_id, index) for index in indexes]
    open_light_table(
        context,
        lambda attempts: OfBatch(batch, ImageActions(context, batch, attempts)),
        first,
    )


def open_pairs(
    context: PageContext,
    batches: Sequence[tuple[str, BatchState]],
    pairs: Sequence[Sequence[int]],
    first: Sequence[int],
    opener: str,
    *,
    mode: Mode = "",
) -> None:
    """Put images of several batches onto the table: each of ``pairs`` has an index of every batch,
    and ``first`` is the one that is seen at first. What a batch is called stands at its images.
    """

    def ids(indexes: Sequence[int]) -> list[str]:
        told = zip(batches, indexes, strict=True)
        return [image_id(batch.batch_id, index) for (_, batch), index in told]

    def source(attempts: Attempts) -> Source:
        sources = [
            OfBatch(batch, ImageActions(context, batch, attempts), name) for name, batch in batches
        ]
        return OfSeveral(sources, [image for pair in pairs for image in ids(pair)])

    open_light_table(context, source, ids(first), opener, mode)
