"""NiceGUI, and python-socketio below it: whose page something belongs to, and what browsers say.

Only what is above the pages, and the pages themselves, may import this.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import cache
from logging import Logger
from types import CodeType, FunctionType, MethodType
from typing import Any
from urllib.parse import parse_qs

import nicegui
from nicegui import Client, app, core, events, helpers, ui
from nicegui.dependencies import esm_modules
from nicegui.slot import Slot, get_task_id
from socketio.exceptions import ConnectionRefusedError as SocketRefused  # type: ignore[import-untyped]
from starlette.types import Scope

Handler = Callable[..., Any]
Emit = Callable[..., Awaitable[None]]

SENSELESS = (LookupError, TypeError, ValueError, AttributeError, OverflowError)
"""What NiceGUI raises where a message is not as its own script makes it."""
HANDLERS: Mapping[str, Handler] = dict(core.sio.handlers["/"])
"""What NiceGUI does on each kind of message that a browser sends."""
QUESTION, ANSWER = "run_javascript", "javascript_response"
"""The message that asks a page for the value of a script, and the one that brings it."""

FILES_OF_NICEGUI = f"/_nicegui/{nicegui.__version__}/"
"""Below this are its scripts, which are the same for everybody."""
PURIFIER = f"{FILES_OF_NICEGUI}static/dompurify.mjs"
"""What each page imports before it stands."""
LOOK_AT_HANDLER: Callable[[Handler], bool] = helpers.expects_arguments
"""How NiceGUI finds out whether a handler wants to be told what has happened."""


def open_pages() -> tuple[Client, ...]:
    """Every page that some browser has."""
    return tuple(Client.instances.values())


def page_of(client_id: object) -> Client | None:
    """The page of this id, while it is open."""
    return Client.instances.get(client_id) if isinstance(client_id, str) else None


@cache
def addresses_of_modules(*names: str) -> tuple[str, ...]:
    """Where a page finds each file of what its components import under these names."""
    return tuple(
        f"{FILES_OF_NICEGUI}esm/{key}/{file.relative_to(module.path).as_posix()}"
        for key, module in esm_modules.items()
        if module.name in names
        for file in sorted(module.path.rglob("*.js"))
    )


def page_here() -> Client | None:
    """The page whose slot this task has entered; None where it has none, or that has gone."""
    # `ui.context` would make a page where there is none, and keep a stack for every task.
    if not Slot.stacks.get(get_task_id()):
        return None
    with suppress(RuntimeError):
        return ui.context.client
    return None


def request_of_connection(sid: str) -> Scope | None:
    """The request that opened a connection, by the id that addresses have: Engine.IO's."""
    environ = core.sio.environ.get(sid)
    return scope_of(environ) if environ else None


def request_of_socket(sid: str) -> Scope:
    """The request that opened the connection of a socket, by the id that handlers are given:
    Socket.IO's, which is another one. Empty where there is none.
    """
    return scope_of(core.sio.get_environ(sid) or {})


def scope_of(environ: Mapping[str, Any]) -> Scope:
    """The request that opens a socket, of which python-socketio hands on an environment."""
    scope: Scope = environ.get("asgi.scope", {})
    return scope


def page_asked_for(environ: Mapping[str, Any]) -> str | None:
    """The id of the page for which a socket is opened, where its address says so."""
    return next(iter(parse_qs(environ.get("QUERY_STRING", "")).get("client_id", ())), None)


def speaks_for(sid: str, client_id: object) -> bool:
    """Whether a socket has shaken hands for this page: NiceGUI then puts it in a room of that name.
    Each socket also has a room that is named after itself.
    """
    return client_id != sid and client_id in core.sio.rooms(sid)


def refusal() -> Exception:
    """To be raised where a socket is opened: NiceGUI's script then loads its page again."""
    refused: Exception = SocketRefused("Implicit handshake failed")
    return refused


def on_message(name: str, handler: Handler) -> None:
    """Let ``handler`` do what is done on such a message."""
    core.sio.on(name, handler)


def noting_questions(note: Callable[[str, str], None]) -> None:
    """``note`` is told, each time, which question is put to which page, by their ids."""
    emit: Emit = type(core.sio).emit.__get__(core.sio)

    async def emit_noting(event: str, data: Any = None, **options: Any) -> None:
        if event == QUESTION and "request_id" in data:
            note(data["request_id"], options["room"])
        await emit(event, data, **options)

    core.sio.emit = emit_noting


def socket_loggers() -> tuple[Logger, ...]:
    """Those of the libraries below, each with a handler of its own for the terminal."""
    return core.sio.logger, core.sio.eio.logger


def hide_loading_bar() -> None:
    """No bar across the page whenever the browser fetches something: it says nothing to anybody."""
    app.config.quasar_config["loadingBar"]["skipHijack"] = True


def remember_handlers() -> None:
    """Let NiceGUI look at each handler once. By itself it does so three times for every element,
    for a fifth of the time in which a page is made.
    """
    known: dict[tuple[CodeType, bool], bool] = {}

    def expects_arguments(func: Handler) -> bool:
        function = func.__func__ if isinstance(func, MethodType) else func
        # What is no function, or has something written on it, may say otherwise of itself.
        if not isinstance(function, FunctionType) or vars(function):
            return LOOK_AT_HANDLER(func)
        key = function.__code__, function is func
        if key not in known:
            known[key] = LOOK_AT_HANDLER(func)
        return known[key]

    helpers.expects_arguments = expects_arguments


class LongSelect(ui.select):
    """A list to choose from; thousands of options cost a page no more than to send them.

    NiceGUI makes and watches each option anew and looks for what is chosen from the beginning, each
    time that anything about the list is said; tuples it does not watch.
    """

    _told: tuple[Any, ...] = ()
    """What the options were made of."""

    def _update_values_and_labels(self) -> None:
        super()._update_values_and_labels()
        told = self._made_of()
        if self._told != told:
            self._told = told
            self._places = {value: place for place, value in enumerate(self._values)}
            self._choices = tuple(map(self._option, range(len(self._labels))))

    def _made_of(self) -> tuple[Any, ...]:
        return [*self._values], [*self._labels]

    def _update_options(self) -> None:
        chosen = self.value
        self._props["options"] = self._choices
        self._props[self.VALUE_PROP] = self._value_to_model_value(chosen)
        if not self.multiple:
            self.value = chosen if chosen in self._places else None

    def _option(self, place: int) -> dict[str, Any]:
        return {"value": place, "label": self._labels[place]}

    def _value_to_model_value(self, value: Any) -> Any:
        if not self.multiple:
            return self._option(self._places[value]) if value in self._places else None
        return tuple(self._option(self._places[one]) for one in value or () if one in self._places)


class GroupedSelect(LongSelect):
    """A list of names to choose from, filtered by typing; ``headers`` stand above the options they
    name. NiceGUI's own choices are places, which mean others where the list has changed meanwhile.
    """

    headers: Mapping[str, str] = {}

    def _made_of(self) -> tuple[Any, ...]:
        return *super()._made_of(), self.headers

    def _option(self, place: int) -> dict[str, Any]:
        name = self._values[place]
        return {"value": name, "label": self._labels[place], "header": self.headers.get(name)}

    def _event_args_to_value(self, e: events.GenericEventArguments) -> Any:
        chosen = e.args["value"] if isinstance(e.args, dict) else e.args
        return chosen if chosen in self._places else None


ONLY_MATCH = """(event) => {
    const list = getElement(ID), select = list.$refs.qRef;
    const isOpen = event.target.getAttribute?.("aria-expanded") === "true";
    const isOnly = list.filteredOptions.length === 1 && select.getOptionIndex() < 0;
    if (event.key === "Enter" && isOpen && isOnly) select.setOptionIndex(0);
}"""
"""Quasar tells of a key before it does what it means; Enter then takes the option that is pointed
at.
"""


def enter_takes_only_match(choice: ui.select) -> None:
    """In a list that is filtered by typing, let Enter take the one that is left."""
    choice.on("keydown", js_handler=ONLY_MATCH.replace("ID", str(choice.id)))


FILTER_ON = """() => {
    const list = getElement(ID);
    const filter = () => (list.filteredOptions = list.findFilteredOptions());
    list.stopFilteringOn ??= list.$watch("options", filter);
}"""


def filter_new_options(choice: ui.select) -> None:
    """Let what is typed in a list hold for options that come meanwhile: NiceGUI's script shows them
    all.
    """
    choice.on("focus", js_handler=FILTER_ON.replace("ID", str(choice.id)))


REWRITE = """Vue.nextTick(() => {
    const box = getHtmlElement(ID), text = TEXT;
    const field = box.matches("textarea") ? box : box.querySelector("textarea");
    field.focus();
    field.select();
    if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
"""Not before a dialog that closes has given the focus back."""


class RewritableText(ui.textarea):
    """A text that can be replaced as if somebody had typed: the browser's own Ctrl+Z leads back."""

    def rewrite(self, text: str) -> None:
        """Have ``text`` in place of what is there, and the focus in it."""
        # The page writes it itself: a value that it is sent would end what Ctrl+Z knows.
        self._send_update_on_value_change = False
        self.value = text
        self._send_update_on_value_change = True
        self._client_value = text
        script = REWRITE.replace("ID", str(self.id)).replace("TEXT", json.dumps(text))
        self.client.run_javascript(script)


class Removable(ui.element):
    """An element that is told when it is removed, with its page or before it."""

    def removed(self) -> None:
        """It is not there any more."""

    def _handle_delete(self) -> None:
        super()._handle_delete()
        self.removed()
