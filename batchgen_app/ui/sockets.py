"""Sockets: what is said on one counts only for the page that it was opened for, and it is opened
only for whoever was handed that page.

NiceGUI asks for no more than the ids that a message itself names, so whoever knows those of
another page could use its buttons.
"""

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Scope

from batchgen_app.access import Caller, caller_of
from batchgen_app.access.callers import OutNow
from batchgen_app.adapters import nicegui
from batchgen_app.adapters.addresses import OF_A_PAGE, SOCKET
from batchgen_app.core.errors import SignedOut

logger = logging.getLogger(__name__)

AsyncHandler = Callable[..., Awaitable[Any]]

MANY_QUESTIONS = 1000


def bind_sockets() -> None:
    """Ask whose page it is before anything is done on a message."""
    questions = _Questions()
    nicegui.noting_questions(questions.note)
    # Those three come before a socket has a page, or after it.
    for name in nicegui.HANDLERS.keys() - {"connect", "handshake", "disconnect"}:
        nicegui.on_message(name, _of_own_page(name, questions))
    nicegui.on_message("connect", _connect)
    nicegui.on_message("handshake", _handshake)
    _log_only_faults()


def owner_of(scope: Scope) -> Caller | None:
    """Whose page or socket a request is about; None where it is about none."""
    path: str = scope["path"]
    if path.startswith(OF_A_PAGE):
        return _owner(path.removeprefix(OF_A_PAGE).partition("/")[0])
    if path.startswith(SOCKET):
        sids = parse_qs(scope["query_string"].decode("latin-1")).get("sid", ())
        return next((_who_opened(sid) for sid in sids), None)
    return None


def _owner(client_id: object) -> Caller | None:
    page = nicegui.page_of(client_id)
    return caller_of(page.request.scope) if page else None


def _who_opened(sid: str) -> Caller | None:
    """A connection that is shared by several requests."""
    scope = nicegui.request_of_connection(sid)
    return None if scope is None else caller_of(scope)


async def _connect(sid: str, environ: Mapping[str, Any], _: object = None) -> Any:
    page = nicegui.page_asked_for(environ)
    if page is not None and not _may_speak(nicegui.scope_of(environ), page):
        raise nicegui.refusal()
    return await _heard("connect", sid, environ)


async def _handshake(sid: str, *said: object) -> Any:
    asked = _message(said)
    if not _may_speak(nicegui.request_of_socket(sid), asked.get("client_id")):
        return False
    return await _heard("handshake", sid, asked)


def _may_speak(scope: Scope, client_id: object) -> bool:
    owner = _owner(client_id)
    return owner is not None and owner.is_same_as(caller_of(scope))


def _of_own_page(name: str, questions: "_Questions") -> AsyncHandler:
    async def handle(sid: str, *said: object) -> Any:
        message = _message(said)
        if not nicegui.speaks_for(sid, message.get("client_id")):
            return _log(name, "for another page")
        if name == nicegui.ANSWER and not questions.is_answer(message):
            return _log(name, "to no question")
        return await _heard(name, sid, message)

    return handle


def _message(said: tuple[object, ...]) -> dict[str, Any]:
    message = said[0] if len(said) == 1 else None
    return message if isinstance(message, dict) else {}


async def _heard(name: str, *arguments: Any) -> Any:
    """Do what NiceGUI does, unless the message makes no sense; its handlers of events catch what
    goes wrong in ours.
    """
    try:
        done = nicegui.HANDLERS[name](*arguments)
        return await done if inspect.isawaitable(done) else done
    except nicegui.SENSELESS as error:
        return _log(name, f"that makes no sense ({type(error).__name__})")


def _log_only_faults() -> None:
    """What strangers say to a socket is no fault of ours, nor that a page is refused everything
    once those who look at it are out. None of it stands in the terminal.
    """
    for of_library in nicegui.socket_loggers():
        of_library.handlers.clear()
        of_library.addFilter(_is_exception)
    logging.getLogger("nicegui").addFilter(_is_fault)


def _is_exception(record: logging.LogRecord) -> bool:
    return record.exc_info is not None


def _is_fault(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], SignedOut | OutNow))


def _log(name: str, why: str) -> bool:
    logger.info("Ignored a message on a socket, “%s”, %s", name, why)
    return False


class _Questions:
    """Which page was asked for the value of a script: only that one can answer."""

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}

    def note(self, question: str, page: str) -> None:
        """``page`` is asked this."""
        self._forget_closed_pages()
        self._asked[question] = page

    def is_answer(self, message: Mapping[str, Any]) -> bool:
        """Whether its page was asked this, and has not answered yet."""
        question = str(message.get("request_id"))
        if self._asked.get(question) != message["client_id"]:
            return False
        del self._asked[question]
        return True

    def _forget_closed_pages(self) -> None:
        if len(self._asked) > MANY_QUESTIONS:
            self._asked = {id_: of for id_, of in self._asked.items() if nicegui.page_of(of)}
