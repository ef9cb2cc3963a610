"""Watch it: a batch while it runs. Its numbers, the picture that is being made, the way out.

The browser asks for the numbers every 500 ms (FUN-BATCH-GEN-014), and is told of what changes in
between. Both come from one serializer.
"""

import asyncio
from collections.abc import Callable

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.access import Verb
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.serializers import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import each, translated
from batchgen_app.places import assets_dir
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.flow_buttons import flow_buttons
from batchgen_app.ui.batch_progress.marks_by_key import MarksByKey
from batchgen_app.ui.batch_progress.thumbnails import thumbnail_row
from batchgen_app.ui.comparison.image_detail import open_image_detail
from batchgen_app.ui.comparison.light_table.light_table import compare_button
from batchgen_app.ui.comparison.old_and_new import OldAndNew
from batchgen_app.ui.live import Previews
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import Following, Keys, button, headline, marked
from batchgen_app.ui.parts.toast import agreed, tried
from batchgen_app.ui.parts.trouble import Trouble


class Throttle:
    """Calls ``show`` soon after it was wanted, at most once in ``every`` seconds."""

    def __init__(self, every: float, show: Callable[[], object]) -> None:
        self._every = every
        self._show = show
        self._shown_at = 0.0
        self._waits = False

    def want(self) -> None:
        """Something is new; harmless while an earlier call still waits."""
        if not self._waits:
            self._waits = True
            loop = asyncio.get_running_loop()
            loop.call_at(max(loop.time(), self._shown_at + self._every), self._show_now)

    def _show_now(self) -> None:
        self._waits = False
        self._shown_at = asyncio.get_running_loop().time()
        self._show()


FRAME_EVERY = 0.1
"""Seconds between two frames for one browser; what comes faster is passed over."""


class LivePreview(ui.element, component=assets_dir() / "live_preview.js"):
    """The newest frame of a batch; without one the last finished picture, dimmed."""

    changed = BindableProperty(on_change=lambda preview, _: preview.pace.want())

    def __init__(self, previews: Previews, batch: BatchState) -> None:
        super().__init__()
        self.pace = Throttle(FRAME_EVERY, self._show)
        self._previews = previews
        self._batch = batch
        self.props["alt"] = str(words.PREVIEW)
        self.changed = self._seen()
        for field in ("preview", "completed_images"):
            binding.bind_from(self, "changed", batch, field, lambda _: self._seen())
        self._show()

    def _seen(self) -> tuple[object, int]:
        return self._batch.preview, self._batch.completed_images

    def _show(self) -> None:
        if self.is_deleted:
            return
        frame, pictures = self._batch.preview, self._batch.pictures
        finished = at(pictures[-1].url) if pictures else ""
        self.props["src"] = at(self._previews.address(frame)) if frame else finished
        self.props["data-dimmed"] = str(frame is None).lower()


POLL_EVERY = 0.07
"""Seconds between two tellings: with the way to the page, less than a tenth."""
NUMBERS = (
    *("status", "images", "current_image", "current_step", "total_steps", "paused", "finishing"),
    *(
        "estimated_seconds_remaining",
        "estimate_basis",
        "server_trouble",
        "prompts_ahead",
        "activity",
    ),
)
"""Fields that are told when they change. Not the preview: it comes just before its step, which then
would have to wait its turn.
"""


class Poller(ui.element, component=assets_dir() / "poller.js"):
    """A stage whose numbers the browser fetches and draws by itself: label, bars, time left, and
    whether the app answers. Slots: ``head`` above the numbers, ``beside`` the label, and below.
    """

    numbers = binding.BindableProperty(on_change=lambda poller, _: poller.pace.want())

    def __init__(self, batch: BatchState) -> None:
        super().__init__()
        self.pace = Throttle(POLL_EVERY, self._tell)
        self._batch = batch
        self.props["address"] = at(f"/api/batches/{batch.batch_id}")
        self.props["first"] = progress_of(batch).to_json()
        self.props["words"] = each(words.PROGRESS)
        self.numbers = self._numbers()
        for field in NUMBERS:
            binding.bind_from(self, "numbers", batch, field, lambda _: self._numbers())

    def _numbers(self) -> list[object]:
        return [getattr(self._batch, field) for field in NUMBERS]

    def _tell(self) -> None:
        # What is told to a page that does not listen yet would wait for it and arrive as the past,
        # after the page has asked.
        if not self.is_deleted and self.client.has_socket_connection:
            self.run_method("tell", progress_of(self._batch).to_json())


class Cancelling:
    """The button, or Escape, and an answer; nothing for those who may only view."""

    def __init__(self, context: PageContext, batch: BatchState) -> None:
        self._context = context
        self._batch = batch
        self._button: ui.button | None = None
        self._is_asking = False

    def button(self) -> None:
        """Always in the same place; says that it is stopping until the batch has ended."""
        if self._context.may(Verb.CANCEL):
            self._button = marked(button(str(words.CANCEL), self.ask), "cancel")

    async def ask(self) -> None:
        """Stop only if the person says so. The question goes away with what it is about."""
        if self._is_asking or not (self._button and self._button.enabled):
            return
        self._is_asking = True
        try:
            if await self._agreed():
                await self._stop()
        finally:
            self._is_asking = False

    async def _agreed(self) -> bool:
        stay, do_it = str(words.GO_ON), str(words.STOP_IT)
        return await agreed(str(words.STOP_QUESTION), self._consequence, stay=stay, do_it=do_it)

    def _consequence(self, label: ui.label) -> None:
        label.bind_text_from(self._batch, "completed_images", words.stop_consequence)

    async def _stop(self) -> None:
        """The stage shows another view when the server has let go."""
        if self._button:
            self._button.set_text(str(words.STOPPING))
            self._button.disable()
        caller, batch_id = self._context.caller, self._batch.batch_id
        await self._context.commands.cancel(caller, batch_id, words.BECAUSE_CANCELLED)


def progress(context: PageContext, batch: BatchState) -> None:
    """Its numbers, the picture that is being made, the row of thumbnails, the way out."""
    cancelling, marks = Cancelling(context, batch), MarksByKey(context, batch)
    with (
        Keys().on("escape", cancelling.ask).on("mark", marks.press),
        marked(Poller(batch), "batch-progress").classes("bg-watch") as poller,
    ):
        with poller.add_slot("head"), ui.element("div").classes("bg-watch-head"):
            headline(batch.request.prompt)
            with ui.element("div").classes("bg-watch-buttons"):
                flow_buttons(context, batch)
                cancelling.button()
        with poller.add_slot("beside"):
            _failed_count(batch)
            _made_on(context, batch)
        _screen(context, batch)
        OldAndNew(context, batch, lambda index: open_image_detail(context, batch, index))
        thumbnail_row(context, batch, marks)


def _failed_count(batch: BatchState) -> None:
    count = marked(ui.label(), "failed-count").classes("bg-failed-count")
    count.bind_text_from(batch, "failed_images", lambda failed: common.failed_count(len(failed)))
    count.bind_visibility_from(batch, "failed_images", bool)


def _made_on(context: PageContext, batch: BatchState) -> None:
    def said() -> str:
        """A batch that waits may have been elsewhere before it was moved."""
        waits = batch.status is BatchStatus.QUEUED
        return "" if waits else words.made_on(context.queries.server.name_of(batch.server))

    on = marked(ui.label(), "made-on").classes("bg-hint")
    for field in ("server", "status"):
        on.bind_text_from(batch, field, lambda _: said())
    on.bind_visibility_from(on, "text", bool)


def _screen(context: PageContext, batch: BatchState) -> None:
    with ui.element("div").classes("bg-screen"):
        waiting = ui.label().classes("bg-waiting")
        waiting.bind_text_from(batch, "status", words.waiting_for_picture)
        waiting.bind_visibility_from(batch, "completed_images", value=0)
        why = marked(ui.label(), "waits-because").classes("bg-waiting-for")
        why.bind_text_from(batch, "waits_because", lambda said: translated(said or ""))
        marked(LivePreview(context.previews, batch), "live-preview").classes("bg-preview")
        compare_button(context, batch)
        _server_trouble(context, batch)


def _reason(batch: BatchState) -> None:
    ui.label().bind_text_from(batch, "server_trouble", lambda said: translated(said or ""))


def _server_trouble(context: PageContext, batch: BatchState) -> None:
    """Over the picture, so that nothing moves."""

    async def retry() -> None:
        await context.commands.look_at_server(context.caller)

    async def move() -> None:
        await tried(context.commands.hand_over(context.caller, batch.batch_id, None))

    def below() -> None:
        _reason(batch)
        if context.may(Verb.CANCEL) and not context.queries.server.is_one:
            marked(button(str(words.MOVE), move, icon="swap_horiz"), "move-batch")

    def build(troubled: bool) -> None:  # noqa: FBT001 - what was picked
        if troubled:
            server, finished = context.queries.server, batch.completed_images
            trouble = Trouble(retry).classes("bg-over")
            address = server.address_of(batch)
            said = words.waiting_for_server(address, finished, is_only=server.is_one)
            trouble.tell(str(common.SUBMIT_LOST), said, below=below)

    Following(batch, ("server_trouble",), lambda: bool(batch.server_trouble), build)
