"""NiceGUI 3.18.0 keeps its pages, its sockets and what it does on their messages where the app
takes them from. What comes of it in a browser is told by tests/access/test_forging and tests/ui.
"""

from typing import Any

import pytest
from nicegui import app, core

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


def test_the_libraries_below_log_into_the_terminal_by_themselves() -> None:
    assert len({logger.name for logger in nicegui.socket_loggers()}) == 2
