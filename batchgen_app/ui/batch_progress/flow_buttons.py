"""What a person may do with the batch at work, short of a cancel: pause it, skip an image, have it
end early. Each button says in a word what it will do, and all of it in its name; after it was
pressed, that it is being done.
"""

from collections.abc import Awaitable

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.access import Verb
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Click, icon_button, marked
from batchgen_app.ui.parts.toast import tried

FOLLOWED = ("status", "paused", "finishing", "current_image")


def flow_buttons(context: PageContext, batch: BatchState) -> None:
    """The row of them; nothing for those who may only view."""
    if context.may(Verb.CANCEL):
        FlowButtons(context, batch)


class FlowButtons(ui.element):
    """They follow the batch: whoever presses one, every page says so."""

    seen = BindableProperty(on_change=lambda row, _: row.show())

    def __init__(self, context: PageContext, batch: BatchState) -> None:
        super().__init__("div")
        self._context = context
        self._batch = batch
        self._skipped: int | None = None
        self.classes("bg-flow").props["role"] = "group"
        self.props["aria-label"] = str(words.FLOW)
        with self:
            self._pause = self._button("pause", "pause", self._pause_or_go_on)
            self._skip = self._button("skip", "skip_next", self._skip_image)
            self._skip.text = str(words.SKIP_SHORT)
            self._finish = self._button("finish", "flag", self._finish_early)
            self._finish.text = str(words.FINISH_SHORT)
        self.seen = self._look()
        self.show()
        for field in FOLLOWED:
            binding.bind_from(self, "seen", batch, field, lambda _: self._look())

    def show(self) -> None:
        """Be as the batch is."""
        batch, making = self._batch, self._batch.current_image
        is_at_work = batch.status is BatchStatus.GENERATING
        self._pause.props["icon"] = "play_arrow" if batch.paused else "pause"
        self._pause.props["aria-pressed"] = str(batch.paused).lower()
        self._pause.text = str(words.CONTINUE_SHORT if batch.paused else words.PAUSE_SHORT)
        self._say(self._pause, words.pause(paused=batch.paused, making=making))
        self._say(self._skip, words.skip(making, is_going=making == self._skipped))
        self._say(self._finish, words.FINISHING if batch.finishing else words.FINISH)
        self._pause.set_enabled(is_at_work and not batch.finishing)
        self._skip.set_enabled(bool(making) and making != self._skipped)
        self._finish.set_enabled(is_at_work and not batch.finishing)

    def _button(self, mark: str, icon: str, click: Click) -> ui.button:
        return marked(icon_button(icon, "", click).props("no-caps", remove="round"), mark)

    def _say(self, button: ui.button, text: object) -> None:
        button.props["title"] = button.props["aria-label"] = str(text)

    def _look(self) -> list[object]:
        return [getattr(self._batch, field) for field in FOLLOWED]

    async def _pause_or_go_on(self) -> None:
        commands = self._context.commands
        wish = commands.go_on if self._batch.paused else commands.pause
        await self._do(self._pause, wish(self._context.caller, self._batch.batch_id))

    async def _skip_image(self) -> None:
        """The one that the person saw, if it is still being made."""
        making = self._skipped = self._batch.current_image
        self.show()
        caller, batch_id = self._context.caller, self._batch.batch_id
        wish = self._context.commands.skip(caller, batch_id, words.BECAUSE_SKIPPED, making)
        await self._do(self._skip, wish)
        self._skipped = None
        self.show()

    async def _finish_early(self) -> None:
        caller, batch_id = self._context.caller, self._batch.batch_id
        wish = self._context.commands.finish(caller, batch_id, words.BECAUSE_FINISHED)
        await self._do(self._finish, wish)

    async def _do(self, button: ui.button, wish: Awaitable[object]) -> None:
        """Nobody presses twice meanwhile."""
        button.disable()
        await tried(wish)
        if not self.is_deleted:
            self.show()
