"""The pictures on their way to another folder: begun here, followed, and the old files removed."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from nicegui import ui

from batchgen_app.core.errors import BatchGenError, StorageError
from batchgen_app.language.texts import translated
from batchgen_app.services.values import Move, Phase
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, marked, own_direction
from batchgen_app.ui.parts.fields import Field, as_text
from batchgen_app.ui.parts.toast import agreed, toast, tried
from batchgen_app.ui.settings import moving_words as words


class MovingBox:
    """On one open page."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._house = context.services.housekeeping
        self._seen: object = None
        self._asked = 0
        self._box = marked(ui.element("div"), "moving").classes("bg-moving")
        context.news.moving_changed.subscribe(self._go_on)

    async def show(self) -> None:
        """As it stands now; of several wishes at once, the last one counts."""
        self._asked += 1
        asked, move = self._asked, self._house.move_under_way(self._context.caller)
        old = await self._old_bytes(move)
        if asked != self._asked:
            return
        self._seen = _shape(move)
        self._box.clear()
        with self._box:
            if move is None:
                marked(button(str(words.MOVE), self._ask), "move-pictures")
            else:
                self._tell(move, old)

    async def _go_on(self) -> None:
        """Most news are only about how far it has come."""
        move = self._house.move_under_way(self._context.caller)
        if move and move.is_running and _shape(move) == self._seen:
            self._follow(move)
        else:
            await self.show()

    async def _old_bytes(self, move: Move | None) -> int:
        if move and move.phase is Phase.USED and not move.is_running:
            try:
                return await self._house.old_bytes(self._context.caller)
            except StorageError:  # an unplugged disk has nothing to remove
                return 0
        return 0

    def _ask(self) -> None:
        self._box.clear()
        with self._box:
            field = Field("moveTo", str(words.MOVE_TO), _folder_input, as_text)
            field.explain(str(words.MOVE_HINT))
            with ui.element("div").classes("bg-buttons"):
                begin = marked(button(str(words.BEGIN_MOVE), main=True), "begin-move")
                marked(button(str(words.GIVE_UP_MOVE), self.show), "leave-pictures")
            begin.on_click(lambda: self._begin(field, begin))
        field.control.run_method("focus")

    async def _begin(self, field: Field, clicked: ui.button) -> None:
        target = _typed(field)
        with self._box, busy(clicked):
            try:
                await self._house.move(self._context.caller, target)
            except BatchGenError as error:
                field.tell(str(error))

    def _tell(self, move: Move, old: int) -> None:
        self._words = marked(ui.label(), "moving-state").props("role=status")
        own_direction(self._words)
        self._bar = ui.linear_progress(show_value=False).classes("bg-look-bar")
        self._bar.props["aria-label"] = str(words.MOVE_TO)
        self._bar.visible = move.is_running
        self._follow(move)
        if move.phase is Phase.COPIED and move.is_named:
            ui.label(str(words.COPIED_NAMED)).classes("bg-hint")
        with ui.element("div").classes("bg-buttons"):
            self._buttons(move, old)

    def _buttons(self, move: Move, old: int) -> None:
        if move.phase is Phase.COPYING and not move.is_running:
            marked(button(str(words.RESUME_MOVE), self._resume, main=True), "resume-move")
        if move.phase is not Phase.USED:
            marked(button(str(words.GIVE_UP_MOVE)), "give-up-move").on_click(self._give_up)
        elif not move.is_running:
            if old and not move.left:
                free = button(words.free_old(old), lambda: self._free(move, old))
                marked(free, "free-old")
            marked(button(str(words.LEAVE_OLD), self._leave), "leave-old")

    def _follow(self, move: Move) -> None:
        self._words.text = _state(move)
        self._bar.value = move.done / max(move.total, 1)

    async def _resume(self) -> None:
        self._house.resume_moving(self._context.caller)

    async def _give_up(self) -> None:
        if await self._tried(self._house.give_up_moving):
            toast(str(words.MOVE_GIVEN_UP))

    async def _leave(self) -> None:
        await self._tried(self._house.leave_old_folder)

    async def _free(self, move: Move, old: int) -> None:
        def consequence(label: ui.label) -> None:
            label.text = words.free_consequence(move.source)

        question, stay = str(words.FREE_QUESTION), str(words.KEEP_OLD)
        if await agreed(question, consequence, stay=stay, do_it=words.free_old(old)):
            await self._tried(self._house.free_old_folder)

    async def _tried(self, command: Callable[..., Awaitable[None]]) -> bool:
        with self._box:
            return await tried(command(self._context.caller))


def _folder_input() -> ui.input:
    made = marked(ui.input(), "move-to").props("outlined dense spellcheck=false")
    return own_direction(made)


def _typed(field: Field) -> Path:
    return Path(str(field.given or "").strip()).expanduser()


def _shape(move: Move | None) -> object:
    """What the box is built anew for when it changes."""
    return move and (move.phase, move.is_running, move.fault, move.left, move.target)


def _state(move: Move) -> str:
    match move.phase:
        case Phase.COPYING if move.is_running:
            return words.copying(move)
        case Phase.COPYING:
            return words.stopped(move.target, translated(move.fault))
        case Phase.COPIED:
            return words.copied(move.target)
    if move.is_running:
        return words.freeing(move)
    if move.left:
        return words.left(move.left.files, move.left.bytes)
    return words.used(move.source)
