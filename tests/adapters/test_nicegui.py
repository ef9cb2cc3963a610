"""NiceGUI 3.18.0 keeps its pages, its sockets and what it does on their messages where the app
takes them from. What comes of it in a browser is told by tests/access/test_forging and tests/ui.
"""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nicegui import app, core, helpers, ui

from batchgen_app.adapters import nicegui


def test_there_is_something_to_do_on_each_kind_of_message() -> None:
    asked = {"connect", "handshake", "disconnect", "event", nicegui.ANSWER}
    assert asked <= nicegui.HANDLERS.keys()
    assert core.sio.handlers["/"].keys() == nicegui.HANDLERS.keys()


def test_outside_of_pages_nobody_is_there() -> None:
    assert nicegui.page_here() is None
    assert [nicegui.page_of(name) for name in ("nobody", None, ["nobody"])] == [None] * 3
    assert nicegui.request_of_connection("nobody") is None
    assert nicegui.request_of_socket("nobody") == {}
    assert not nicegui.speaks_for("nobody", "nobody")


def test_a_socket_says_for_which_page_it_is_opened() -> None:
    assert nicegui.page_asked_for({"QUERY_STRING": "EIO=4&client_id=abc&client_id=x"}) == "abc"
    assert nicegui.page_asked_for({"QUERY_STRING": "EIO=4"}) is None


async def test_a_question_to_a_page_is_noted_and_put(monkeypatch: pytest.MonkeyPatch) -> None:
    put: list[object] = []
    noted: list[tuple[str, str]] = []

    async def emit(_: object, event: str, data: Any, **options: Any) -> None:
        put.append((event, data, options))

    monkeypatch.setattr(type(core.sio), "emit", emit)
    monkeypatch.setattr(core.sio, "emit", core.sio.emit)  # to have it back
    nicegui.noting_questions(lambda question, page: noted.append((question, page)))
    await core.sio.emit(nicegui.QUESTION, {"request_id": "q", "code": "1"}, room="page")
    await core.sio.emit(nicegui.QUESTION, {"code": "1"}, room="page")
    await core.sio.emit("update", {"request_id": "q"}, room="page")
    assert noted == [("q", "page")]
    assert len(put) == 3


def test_the_loading_bar_can_be_hidden() -> None:
    assert "loadingBar" in app.config.quasar_config
    nicegui.hide_loading_bar()
    assert app.config.quasar_config["loadingBar"]["skipHijack"] is True


def plain(event: object) -> object:
    return event


def only_named(*, event: object) -> object:
    return event


class Heard:
    def whatever(self) -> None: ...

    def what(self, event: object) -> object:
        return event

    @classmethod
    def by_all(cls, event: object = None) -> object:
        return event

    def __call__(self, event: object) -> object:
        return event


@functools.wraps(plain)
def _wrapped(*_: object) -> None: ...


HANDLERS: list[Callable[..., object]] = [
    plain,
    only_named,
    _wrapped,
    lambda: None,
    lambda event=None: event,
    lambda *_: None,
    Heard.what,
    Heard().whatever,
    Heard().what,
    Heard.by_all,
    Heard(),
    functools.partial(plain, None),
    functools.partial(plain),
    [].clear,
]


def test_what_is_remembered_of_a_handler_is_what_nicegui_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(helpers, "expects_arguments", nicegui.LOOK_AT_HANDLER)
    said = [helpers.expects_arguments(handler) for handler in HANDLERS]
    nicegui.remember_handlers()
    assert helpers.expects_arguments is not nicegui.LOOK_AT_HANDLER
    for _ in range(2):
        assert [helpers.expects_arguments(handler) for handler in HANDLERS] == said


def test_a_handler_is_looked_at_once_however_many_elements_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(helpers, "expects_arguments", nicegui.LOOK_AT_HANDLER)
    nicegui.remember_handlers()
    looked_at: list[object] = []
    look = inspect.Signature.from_callable

    def looking(handler: Callable[..., object], **options: Any) -> inspect.Signature:
        looked_at.append(handler)
        return look(handler, **options)

    monkeypatch.setattr(inspect.Signature, "from_callable", looking)

    def heard_by(number: int) -> Callable[..., object]:
        return lambda event, number=number: (event, number)

    assert all(helpers.expects_arguments(heard_by(n)) for n in range(5))
    assert all(helpers.expects_arguments(Heard().what) for _ in range(5))
    assert len(looked_at) == 2


def test_the_libraries_below_log_into_the_terminal_by_themselves() -> None:
    assert len({logger.name for logger in nicegui.socket_loggers()}) == 2


def test_the_script_of_a_list_has_what_filters_its_new_options() -> None:
    script = Path(inspect.getfile(ui.select)).with_suffix(".js").read_text(encoding="utf-8")
    for part in ("findFilteredOptions()", "filteredOptions", "watch: {\n    options: {"):
        assert part in script
