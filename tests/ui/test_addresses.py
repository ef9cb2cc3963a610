"""Below a path of a proxy's, whatever a browser asks for by itself is named below it."""

from collections.abc import Iterator

import pytest
from nicegui import ui

from batchgen_app.ui.parts.addresses import lie_below
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_image_detail import looking

ROOT = "/pictures"
PAGES = ("/", "/gallery", "/gallery?view=images", "/workflows", "/settings", "/trash", "/storage")
ASKED_FOR = ("href", "src", "poster", "address")


@pytest.fixture(autouse=True)
def below() -> Iterator[None]:
    lie_below(ROOT)
    yield
    lie_below("")


def named(visit: Visit) -> list[str]:
    """What the page's elements name, but for NiceGUI's links, which know by themselves."""
    elements = [one for one in visit.page.elements.values() if not isinstance(one, ui.link)]
    values = [one.props.get(name) for one in elements for name in ASKED_FOR]
    return [value for value in values if isinstance(value, str) and value.startswith("/")]


async def test_on_every_page_and_beside_a_picture_that_was_made_again(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    visit.click("prove")
    await until(lambda: bool(visit.all("see-proof")))
    assert len(named(visit)) > 5
    assert [one for one in named(visit) if not one.startswith(f"{ROOT}/")] == []
    for page in (f"/batch/{batch.batch_id}", *PAGES):
        await visit.open(page)
        assert [one for one in named(visit) if not one.startswith(f"{ROOT}/")] == []
