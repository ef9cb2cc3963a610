"""Old against new: what was changed in a batch, and each picture beside the one of the same seed
that it came from. The old ones stand there from the start; new ones fill in while they are made.
"""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.changes import Change, differences, pairs
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import change_words as words
from batchgen_app.ui.comparison.light_table.light_table import Mode, open_pairs
from batchgen_app.ui.comparison.light_table.words import image
from batchgen_app.ui.comparison.proof import DIFFERENCE
from batchgen_app.ui.comparison.words import SIDE_BY_SIDE, seed
from batchgen_app.ui.live import seen_here
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    CopyButton,
    Following,
    icon_button,
    marked,
    own_direction,
    picture,
    ratio,
)
from batchgen_app.ui.parts.fields import Text

Open = Callable[[int], object]
OPENER = '[data-testid=pair][data-index="%d"] [data-testid=compare-pair]'
SIZES = "(max-width: 599px) 50vw, 25vw"


class OldAndNew(ui.element):
    """There for a batch in which something was changed, as long as the one that it came from is
    there and has pictures of the same seeds. ``open_large`` is called with the index of a new one.
    """

    def __init__(self, context: PageContext, batch: BatchState, open_large: Open) -> None:
        super().__init__("section")
        self._context = context
        self._batch = batch
        self._open_large = open_large
        self.visible = False
        origin = batch.request.based_on
        if origin and origin.how in {"changed", "proved"}:
            with self:
                # Once the page is there: it is not waited for.
                ui.timer(0, lambda: self._load(origin.batch_id), once=True)

    async def _load(self, batch_id: str) -> None:
        try:
            found = await self._context.queries.batch(batch_id)
        except BatchGenError:  # it is in the trash, perhaps: the line above the batch says so
            return
        if pairs(found, self._batch) and not self.is_deleted:
            old = seen_here(found)
            self._show(old)
            if self._batch.proves and _wants_difference():
                self._open(old, 1)

    def _show(self, old: BatchState) -> None:
        self.clear()
        self.visible = True
        self.classes("bg-old-and-new").style(f"--ratio: {ratio(old)}")
        with self, marked(ui.element("details"), "old-and-new").props("open"):
            title = words.STORED_AND_AGAIN if self._batch.proves else words.OLD_AND_NEW
            Text("summary", str(title)).classes("bg-label")
            _changes(differences(old, self._batch))
            with marked(ui.element("div"), "pairs").classes("bg-pairs"):
                for before, index in pairs(old, self._batch):
                    self._pair(old, before, index)

    def _pair(self, old: BatchState, before: GeneratedImage, index: int) -> None:
        with marked(ui.element("article"), "pair").classes("bg-pair-of-tiles") as pair:
            pair.props["data-index"] = str(index)
            pair.props["data-seed"] = str(before.seed)
            self._half(str(words.OLD), lambda: self._old(old, before.index), old, before.index)
            self._half(str(words.NEW), lambda: self._new(index), self._batch, index)
            with ui.element("div").classes("bg-pair-foot"):
                CopyButton(str(before.seed), seed(before.seed))
                self._compare(old, index)

    def _compare(self, old: BatchState, index: int) -> None:
        name = f"{SIDE_BY_SIDE} · {image(index)}"
        made = marked(icon_button("compare", name, lambda: self._open(old, index)), "compare-pair")
        made.props["title"] = name

    def _open(self, old: BatchState, index: int) -> None:
        """Onto the light table, where one goes on to the other pairs."""
        found = [(was.index, new) for was, new in pairs(old, self._batch)]
        if first := next((pair for pair in found if pair[1] == index), None):
            named = ((str(words.OLD), old), (str(words.NEW), self._batch))
            mode: Mode = "difference" if self._batch.proves else ""
            open_pairs(self._context, named, found, first, OPENER % index, mode=mode)

    def _half(self, name: str, build: Callable[[], object], batch: BatchState, index: int) -> None:
        with ui.element("figure"):
            Following(
                batch, ("images",), lambda: bool(batch.image(index).picture), lambda _: build()
            )
            Text("figcaption", name)

    def _old(self, old: BatchState, index: int) -> None:
        if shown := old.image(index).picture:
            with ui.link(target=f"/batch/{old.batch_id}").classes("bg-pair-picture"):
                picture(shown, old.request.prompt, SIZES)
        else:
            _none("deleted")

    def _new(self, index: int) -> None:
        if shown := self._batch.image(index).picture:
            with ui.element("button").props("type=button").classes("bg-pair-picture") as made:
                picture(shown, self._batch.request.prompt, SIZES)
            made.on("click", lambda: self._open_large(index), [])
        else:
            Following(self._batch, ("images",), lambda: self._status(index), _none)

    def _status(self, index: int) -> str:
        status = self._batch.image(index).status
        return STATUS.get(status, "pending")


STATUS = {
    ImageStatus.SUBMITTED: "generating",
    ImageStatus.FAILED: "failed",
    ImageStatus.CANCELLED: "cancelled",
    ImageStatus.DELETED: "deleted",
}


def _wants_difference() -> bool:
    """Whether this page was opened for that; once: what is closed then stays closed."""
    page = ui.context.client
    was_shown = page.storage.get(DIFFERENCE, False)
    page.storage[DIFFERENCE] = True
    return page.request.query_params.get("show") == DIFFERENCE and not was_shown


def _none(status: str) -> None:
    with ui.element("div").classes("bg-pair-picture bg-pair-none") as place:
        place.props["data-status"] = status
        if status == "generating":
            ui.spinner(size="28px").props("aria-hidden=true")
        ui.label(str(words.NEW_STATUS[status]))


def _changes(told: list[Change]) -> None:
    with marked(ui.element("dl"), "changes").classes("bg-changes"):
        for change in told:
            with ui.element("div"):
                Text("dt", words.field(change.name))
                own_direction(Text("dd", words.change(change)))
