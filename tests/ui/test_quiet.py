"""A mark of one picture among many: how much of the page is drawn anew for it."""

import pytest
from nicegui import ui
from nicegui.outbox import Outbox

from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_comparison import choosing, press
from tests.ui.test_undo import idle

PLACES = ("comparison-tile", "filter", "select-rated", "trash-rejected")
LATE = "lineage"
"""Comes once the page is there."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ui.element]:
    """The elements that browsers are told of."""
    told: list[ui.element] = []
    tell = Outbox.enqueue_update

    def enqueue(outbox: Outbox, element: ui.element) -> None:
        told.append(element)
        tell(outbox, element)

    monkeypatch.setattr(Outbox, "enqueue_update", enqueue)
    return told


def place(element: ui.element) -> str | None:
    """Which part of the page it belongs to."""
    marks = [e.props.get("data-testid") for e in (element, *element.ancestors())]
    return next((mark for mark in marks if mark in {*PLACES, LATE}), None)


def is_there(visit: Visit) -> bool:
    return bool(visit.one("undo-last").props["aria-hidden"] == "false")


@pytest.mark.parametrize("mark", ["favourite", "reject"])
async def test_only_its_own_tile_and_the_counts_are_told_to_the_browser(
    opening: Opening, sent: list[ui.element], mark: str
) -> None:
    visit, _ = await choosing(opening, batchCount=6)
    await idle(visit)
    sent.clear()
    press(visit, mark, 2)
    await until(lambda: is_there(visit))
    tile = visit.all("comparison-tile")[2]
    assert {place(element) for element in sent} <= {*PLACES, LATE}
    of_tiles = [element for element in sent if place(element) == "comparison-tile"]
    assert of_tiles
    assert all(tile in element.ancestors() for element in of_tiles)
    told = visit.all("take-back")[2].props
    assert told["data-idle"] == "False"
