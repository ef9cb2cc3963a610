"""Words that people gave run in their own direction, also on chips, of files and of devices."""

from pathlib import Path

from nicegui import ui

from batchgen_app.access.access import open_access
from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Role
from batchgen_app.services import Sharing
from batchgen_app.ui.settings.lan import devices
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import upload
from tests.workflows.graphs import text_to_image

HEBREW = "שועל אדום"


def runs_by_itself(visit: Visit, text: str) -> bool:
    """Whether every label with this text has a direction of its own."""
    with visit.page:
        labels = [e for e in visit.page.elements.values() if isinstance(e, ui.label)]
    found = [label for label in labels if label.text == text]
    return bool(found) and all(label.props.get("dir") == "auto" for label in found)


async def test_the_chip_of_a_filter_runs_in_its_own_direction(opening: Opening) -> None:
    visit = await opening(f"/gallery?model={HEBREW}.safetensors")
    await until(lambda: bool(visit.all("filter-chip")))
    assert runs_by_itself(visit, HEBREW)


async def test_the_name_of_a_file_runs_in_its_own_direction(opening: Opening) -> None:
    visit = await opening("/")
    await until(lambda: bool(visit.one("model").value))
    await upload(visit, f"{HEBREW}.json", text_to_image())
    await visit.sees("workflow-file", HEBREW)
    assert runs_by_itself(visit, f"{HEBREW}.json")


async def test_example_prompts_run_in_their_own_direction(opening: Opening) -> None:
    visit = await opening("/")
    examples = visit.all("example")
    assert examples
    assert all(example.props.get("dir") == "auto" for example in examples)


async def test_the_folders_run_in_their_own_direction(opening: Opening) -> None:
    visit = await opening("/settings")
    for mark in ("data-folder", "output-folder"):
        assert visit.one(mark).props["dir"] == "auto"


async def test_the_name_of_a_device_runs_in_its_own_direction(
    opening: Opening, tmp_path: Path
) -> None:
    visit = await opening("/settings")
    async with open_access(tmp_path / "elsewhere", "127.0.0.1") as access:
        await access.sessions.admit(Role.FULL, HEBREW, "192.0.2.7")
        with visit.page, visit.page.layout:
            devices(Sharing(access), Caller(Role.FULL))
        assert runs_by_itself(visit, HEBREW)
