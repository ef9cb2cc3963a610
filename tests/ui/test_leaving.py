"""What is left of a page when its person has left it."""

import gc
from collections.abc import Sequence
from weakref import ReferenceType, ref

import pytest
from nicegui import ui
from nicegui.functions.refreshable import RefreshableContainer

from tests.api.test_uploads import photo
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_input_pictures import give, shown, with_place

KEPT = (ui.upload, RefreshableContainer)
"""FastAPI never forgets the route of an upload; NiceGUI remembers the last thing refreshed."""
PAGES = ("/", "/gallery", "/trash", "/storage", "/workflows", "/settings")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_that_is_left_does_not_stay_in_memory(opening: Opening, path: str) -> None:
    await is_forgotten(await opening(path))


async def test_a_form_with_a_picture_to_start_from_does_not_either(opening: Opening) -> None:
    visit = await with_place(opening)
    await give(visit, photo())
    await until(lambda: bool(shown(visit)))
    await is_forgotten(visit)


async def is_forgotten(visit: Visit) -> None:
    """The person leaves, and nothing of their page stays."""
    elements = [ref(element) for element in visit.page.elements.values()]
    assert len(elements) > len(PAGES)
    visit.page.outbox.stop()
    visit.page.delete()
    visit.user.client = None
    await until(lambda: not left_of(elements))


def left_of(elements: Sequence[ReferenceType[ui.element]]) -> list[ui.element]:
    """Those that are still there, except what libraries keep."""
    gc.collect()
    there = [element for each in elements if (element := each())]
    return [element for element in there if not isinstance(element, KEPT)]
