"""WindowController: goes along with the running app. Opens the window, asks before it closes, tells
when a batch has ended, stops after this image, finds a file.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import BatchGenError, Conflict
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.state import BatchState
from batchgen_app.language.choosing import COOKIE, COOKIE_SECONDS, usual
from batchgen_app.language.texts import read_in
from batchgen_app.services import HERE, Commands, Queries, Services
from batchgen_app.settings import Language, saved_settings
from batchgen_app.window import words
from batchgen_app.window.available import why_it_died
from batchgen_app.window.closing import CloseChoice, Served, question
from batchgen_app.window.handle import Said, WindowProcess
from batchgen_app.window.opener import BELL, Opener
from batchgen_app.window.process.desktop import Notifications

LOOK_SECONDS = 0.1


async def stop_after_image(services: Services) -> None:
    """Each running batch ends with the image that is being made, those that wait end now. What is
    missing can be made later: nothing is lost, every batch can be resumed.
    """
    queries, commands = services.queries(HERE), services.commands
    for waiting in queries.waiting:
        await commands.cancel(HERE, waiting.batch_id, words.STOPPED)
    running = queries.all_running
    await asyncio.gather(*(_stop_after_image(commands, batch) for batch in running))


async def _stop_after_image(commands: Commands, batch: BatchState) -> None:
    with suppress(Conflict):  # it only fetches what was begun before a crash, or just ends
        await commands.finish(HERE, batch.batch_id, words.STOPPED)
        await _finished(batch)
    await commands.cancel(HERE, batch.batch_id, words.STOPPED)


async def _finished(batch: BatchState) -> None:
    """A server in trouble is not waited for: the image may never come."""
    while not (batch.ended or batch.server_trouble):  # noqa: ASYNC110 - it tells pages only
        await asyncio.sleep(LOOK_SECONDS)


async def path_of(queries: Queries, what: str) -> Path:
    """Where the image or the batch of this id is on the disk. Raises NotFound."""
    if split_image_id(what):
        return queries.files.path(await queries.image(what))
    batch = await queries.batch(what)
    return queries.files.folder(batch.batch_id)


SETTLE_SECONDS = 5.0
FIRST_PAGE = "/window/page"
"""What a window opens first."""


class WindowController:
    """``opener`` has opened the first window before the app was there. ``without`` is called, with
    the reason and the address, when there can be no window.
    """

    def __init__(self, opener: Opener, without: Callable[[str, str], None]) -> None:
        self.fault: str | None = None
        """Why the app was ended, if nobody wanted that."""
        self._opener = opener
        self._without = without
        self._choice: CloseChoice | None = None
        """How the person wants the app to go on without its window."""
        self._running: tuple[BatchState, ...] = ()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._served: Served

    def join(self, served: Served) -> None:
        """The app can be reached: show it. Called in its event loop."""
        self._served = served
        for signal, receiver in (
            (served.services.changes.queue, self._look_at_queue),
            (served.services.changes.queue, self._wake_waiting),
            (served.sharing.changed, self._wake_waiting),
        ):
            signal.subscribe(receiver)
        if window := self._opener.window:
            self._do(self._attend(window))

    def routes(self) -> list[Route]:
        """What the web server serves besides, to other copies of the app on this machine and to the
        window. Nobody else gets past the guard.
        """
        return [Route(BELL, self._answer_bell, methods=["POST"]), Route(FIRST_PAGE, self._welcome)]

    # One window, from the moment that the app can be shown.

    async def _attend(self, window: WindowProcess) -> None:
        window.tell("load", url=self._served.page, page=FIRST_PAGE)
        heard = set()
        async for said in window.heard():
            heard.add(said["said"])
            await self._answer(window, said)
        await asyncio.to_thread(window.end)
        self._opener.window = None
        self._wake_waiting()
        if "shown" in heard:
            self._go(closed="closed" in heard)
        else:
            self._try_another(window.last_words())

    async def _answer(self, window: WindowProcess, said: Said) -> None:
        match said:
            case {"said": "close_wanted"}:
                self._ask(window)
            case {
                "said": "answered",
                "choice": CloseChoice.BACKGROUND | CloseChoice.STOP as choice,
            }:
                self._choice = CloseChoice(choice)
                window.tell("close")
            case {"said": "folder_wanted", "what": str(what)}:
                await self._show_in_folder(window, what)

    def _ask(self, window: WindowProcess) -> None:
        if self._served.is_needed:
            with read_in(usual()):
                window.tell("ask", **asdict(question(self._served)))
        else:
            window.tell("close")

    async def _show_in_folder(self, window: WindowProcess, what: str) -> None:
        with suppress(BatchGenError):  # it was deleted a moment ago: the page will say so
            path = await path_of(self._served.queries, what)
            window.tell("show_file", path=str(path))

    def _try_another(self, last_words: str) -> None:
        """The toolkit does not work here."""
        self._opener.give_up_toolkit()
        if self._opener.can_open:
            self._show_window()
        else:
            self._without(why_it_died(last_words), self._served.page)

    def _show_window(self) -> None:
        self._do(self._attend(self._opener.open()))

    # Without a window.

    def _go(self, *, closed: bool) -> None:
        if self._choice:
            self._do(self._go_on(self._choice))
            return
        if not closed:
            self.fault = words.CRASHED
        self._served.stop()

    async def _go_on(self, choice: CloseChoice) -> None:
        """As long as the app is needed, or until a window is wanted again."""
        served = self._served
        if choice is CloseChoice.STOP:
            await stop_after_image(served.services)
        while self._choice and self._is_needed(choice):
            await self._changed.wait()
        if self._choice:
            await self._settle()
            served.stop()

    async def _settle(self) -> None:
        """What is being told is told to the end."""
        if others := self._tasks - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=SETTLE_SECONDS)

    def _is_needed(self, choice: CloseChoice) -> bool:
        if choice is CloseChoice.STOP:
            return self._served.queries.is_busy
        return self._served.is_needed

    async def _answer_bell(self, _: Request) -> Response:
        """204: the window is in front. 404: there can be none."""
        if not self._opener.can_open:
            return Response(status_code=404)
        while self._choice and self._opener.window:  # it is just being closed
            await self._changed.wait()
        self._choice = None
        self._wake_waiting()
        if self._opener.window:
            self._opener.window.tell("raise")
        else:
            self._show_window()
        return Response(status_code=204)

    async def _welcome(self, _: Request) -> Response:
        """On to the first page, in the language of the settings if they name one."""
        saved = await asyncio.to_thread(saved_settings, self._opener.files.data_dir)
        answer = RedirectResponse("/", 303, {"cache-control": "no-store"})
        if saved.language is not Language.SYSTEM:
            answer.set_cookie(COOKIE, saved.language, max_age=COOKIE_SECONDS, samesite="lax")
        else:
            answer.delete_cookie(COOKIE)
        return answer

    def _look_at_queue(self) -> None:
        """Tell when a batch has ended, unless the person ended it."""
        before, self._running = self._running, self._served.queries.all_running
        for ended in before:
            is_over = not any(ended is running for running in self._running)
            if is_over and (ended.status is not BatchStatus.CANCELLED or ended.interrupted):
                self._tell_end(ended)

    def _tell_end(self, batch: BatchState) -> None:
        with read_in(usual()):  # whoever has ended it
            title = words.ended(batch.completed_images, batch.total_images)
        text = batch.request.prompt
        if self._opener.window:
            self._opener.window.tell("notify", title=title, text=text)
        else:
            self._do(Notifications(self._opener.files.icon).show(title, text))

    def _wake_waiting(self) -> None:
        """Whoever waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
