"""What a file of the library is called, whatever its workflow is."""

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.storage.kept_workflow import KeptWorkflow, id_of
from batchgen_app.storage.workflow_library import WorkflowLibrary
from tests.workflows.graphs import text_to_image

SPECIAL = [
    "aux",
    "LPT1",
    "com²",
    "conin$",
    "inspect",
    ".v2",
    " ",
    ".",
    "漢" * 40,
    "😀" * 60,
    "a" * 99,
]
names = st.lists(st.sampled_from(SPECIAL) | st.text(max_size=4), max_size=5).map("".join)


@given(names)
def test_the_id_of_an_id_is_itself_and_every_system_takes_it(name: str) -> None:
    workflow_id = id_of(name)
    assert id_of(workflow_id) == workflow_id != "inspect"
    assert len(f"{workflow_id}.json".encode()) <= 240
    assert not PureWindowsPath(f"{workflow_id}.json").is_reserved()
    assert workflow_id == workflow_id.strip(" .") != ""


@pytest.mark.parametrize(
    "name", ["漢" * 90, "😀" * 100, "aux.v2", "lpt1.x", "com1.5", "con", "aux ."]
)
async def test_one_is_kept_again_and_again_put_away_and_had_back(name: str, tmp_path: Path) -> None:
    library = WorkflowLibrary(tmp_path)
    kept = KeptWorkflow(name=name, workflow=text_to_image())
    ids = [await library.add(kept, make_free=True) for _ in range(3)]
    assert set((await library.look()).kept) == set(ids)
    for _ in range(2):
        await library.delete(ids[0])
        ids[0] = await library.add(kept)
    await library.delete(ids[0])
    for lying in await library.deleted():
        await library.restore(lying.id)
    assert len((await library.look()).kept) == 5


@pytest.mark.parametrize("name", ["\u202egnp.exe", "a\nb", "a\u2066b", "a\x85b"])
def test_a_name_that_misleads_whoever_reads_it_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot be seen"):
        KeptWorkflow.parse({"name": name, "workflow": text_to_image()})
