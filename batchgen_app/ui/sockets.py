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

from nicegui import Client, core
from socketio.exceptions import ConnectionRefusedError as SocketRefused  # type: ignore[import-untyped]
from starlette.types import Scope

from batchgen_app.access import Caller, caller_of
from batchgen_app.access.callers import OutNow
from batchgen_app.access.policy import SOCKET
from batchgen_app.core.errors import SignedOut

logger = logging.getLogger(__name__)

Handler = Callable[..., Any]
AsyncHandler = Callable[..., Awaitable[Any]]

OF_A_PAGE = "/_nicegui/client/"
"""Where pages take uploads; the id of the page's client comes next."""
RELOAD = "Implicit handshake failed"
"""By these words NiceGUI's script knows that its page must be loaded again."""
SENSELESS = (LookupError, TypeError, ValueError, AttributeError, OverflowError)
"""What NiceGUI raises where a message is not as its own script makes it."""
HANDLERS: Mapping[str, Handler] = dict(core.sio.handlers["/"])
"""What NiceGUI does on each kind of message."""
MANY_QUESTIONS = 1000


def bind_sockets() -> None:
    """Ask whose page it is before anything is done on a message."""
    questions = _Questions()
    core.sio.emit = questions.noting(type(core.sio).emit.__get__(core.sio))
    for name in HANDLERS.keys() - {"connect", "handshake", "disconnect"}:
        core.sio.on(name, _of_own_page(name, questions))
    core.sio.on("connect", _connect)
    core.sio.on("handshake", _handshake)
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
    client = Client.instances.get(client_id) if isinstance(client_id, str) else None
    return caller_of(client.request.scope) if client else None


def _who_opened(sid: str) -> Caller | None:
    """A connection that is shared by several requests."""
    environ = core.sio.environ.get(sid)
    return _caller(environ) if environ else None


def _caller(environ: Mapping[str, Any]) -> Caller:
    return caller_of(environ.get("asgi.scope", {}))


async def _connect(sid: str, environ: Mapping[str, Any], _: object = None) -> Any:
    asked = parse_qs(environ.get("QUERY_STRING", ""))
    if "client_id" in asked and not _may_speak(environ, asked["client_id"][0]):
        raise SocketRefused(RELOAD)
    return await _heard("connect", sid, environ)


async def _handshake(sid: str, *said: object) -> Any:
    asked = _message(said)
    if not _may_speak(core.sio.get_environ(sid) or {}, asked.get("client_id")):
        return False
    return await _heard("handshake", sid, asked)


def _may_speak(environ: Mapping[str, Any], client_id: object) -> bool:
    owner = _owner(client_id)
    return owner is not None and owner.is_same_as(_caller(environ))


def _of_own_page(name: str, questions: "_Questions") -> AsyncHandler:
    async def handle(sid: str, *said: object) -> Any:
        message = _message(said)
        client_id = message.get("client_id")
        # NiceGUI's handshake puts a socket in a room that is named after its page's client.
        if client_id == sid or client_id not in core.sio.rooms(sid):
            return _log(name, "for another page")
        if name == "javascript_response" and not questions.is_answer(message):
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
        done = HANDLERS[name](*arguments)
        return await done if inspect.isawaitable(done) else done
    except SENSELESS as error:
        return _log(name, f"that makes no sense ({type(error).__name__})")


def _log_only_faults() -> None:
    """What strangers say to a socket is no fault of ours, nor that a page is refused everything
    once those who look at it are out. None of it stands in the terminal.
    """
    for of_library in (core.sio.logger, core.sio.eio.logger):
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

    def noting(self, emit: AsyncHandler) -> AsyncHandler:
        """``emit``, which also notes what is asked."""

        async def emit_noting(event: str, data: Any = None, **options: Any) -> None:
            if event == "run_javascript" and "request_id" in data:
                self._forget_closed_pages()
                self._asked[data["request_id"]] = options["room"]
            await emit(event, data, **options)

        return emit_noting

    def is_answer(self, message: Mapping[str, Any]) -> bool:
        """Whether its page was asked this, and has not answered yet."""
        question = str(message.get("request_id"))
        if self._asked.get(question) != message["client_id"]:
            return False
        del self._asked[question]
        return True

    def _forget_closed_pages(self) -> None:
        if len(self._asked) > MANY_QUESTIONS:
            self._asked = {id_: of for id_, of in self._asked.items() if of in Client.instances}
