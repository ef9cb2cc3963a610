"""What goes where in a workflow that is kept, corrected on a page of its own."""

from nicegui import ui

from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.ui.workflow_library import words
from tests.api.test_workflows import regional
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_workflow_mapping import choose, picker

TWO = KeptWorkflow(name="Two places", workflow=regional())


async def editing(opening: Opening, kept: KeptWorkflow = TWO) -> Visit:
    visit = await opening("/settings")
    await visit.studio.app.library.add(kept)
    await visit.open("/workflows/Two%20places")
    await visit.sees("workflow-state", str(words.SAVED))
    return visit


async def change(visit: Visit, slots: list[str]) -> None:
    await choose(visit, "prompt", slots)
    await visit.sees("workflow-state", str(words.UNSAVED))


async def kept_of(visit: Visit) -> KeptWorkflow:
    return await visit.studio.app.library.get("Two places")


async def test_a_correction_is_saved_when_it_is_said_to_be_and_can_be_taken_back(
    opening: Opening,
) -> None:
    visit = await editing(opening)
    await visit.sees("field-error", "Choose which of these texts is the prompt.")
    assert not visit.one("workflow-save").enabled
    await change(visit, ["day.text"])
    assert (await kept_of(visit)).roles == {}
    visit.click("workflow-save")
    await visit.sees("workflow-state", str(words.SAVED))
    await until(lambda: bool(visit.all("undo")))
    assert (await kept_of(visit)).roles == {"prompt": ["day.text"]}
    visit.click("undo")
    await until(lambda: not picker(visit, "prompt").value)
    assert await kept_of(visit) == TWO


async def test_further_fields_are_kept_but_not_with_what_they_do_not_take(
    opening: Opening,
) -> None:
    visit = await editing(opening, TWO.model_copy(update={"fields": {"latent.batch_size": 1}}))
    with visit.page:
        visit.one("extra-field").value = "many"
    await visit.sees("workflow-state", str(words.UNSAVED))
    visit.click("workflow-save")
    await visit.sees("field-error", "batch_size")
    assert (await kept_of(visit)).fields == {"latent.batch_size": 1}
    with visit.page:
        visit.one("extra-field").value = "2"
    await visit.sees("workflow-state", str(words.UNSAVED))
    visit.click("workflow-save")
    await visit.sees("workflow-state", str(words.SAVED))
    assert (await kept_of(visit)).fields == {"latent.batch_size": 2}
    visit.fill("add-field", "save.filename_prefix")
    await visit.sees("workflow-state", str(words.UNSAVED))
    visit.click("workflow-save")
    await visit.sees("workflow-state", str(words.SAVED))
    assert list((await kept_of(visit)).fields) == ["latent.batch_size", "save.filename_prefix"]


async def test_used_at_once_it_is_saved_first_and_where_that_fails_nothing_is_lost(
    opening: Opening,
) -> None:
    visit = await editing(opening)
    assert visit.texts("workflow-use") == [str(words.USE)]
    await change(visit, ["day.text"])
    assert visit.texts("workflow-use") == [str(words.SAVE_AND_USE)]
    await visit.studio.app.library.delete("Two places")
    visit.click("workflow-use")
    await visit.sees("field-error", "There is no workflow Two places.")
    assert picker(visit, "prompt").value == ["day.text"]
    await visit.studio.app.library.restore("Two places")
    visit.click("workflow-use")
    await visit.sees("workflow-file", "Two places")
    assert (await kept_of(visit)).roles == {"prompt": ["day.text"]}
    await until(lambda: picker(visit, "prompt").value == ["day.text"])


async def test_what_somebody_else_changed_meanwhile_is_told_and_stays(opening: Opening) -> None:
    visit = await editing(opening)
    await change(visit, ["day.text"])
    await visit.studio.app.library.change("Two places", {"roles": {"prompt": ["good.text"]}})
    visit.click("workflow-save")
    await visit.sees("field-error", "changed by somebody else")
    assert (await kept_of(visit)).roles == {"prompt": ["good.text"]}
    assert picker(visit, "prompt").value == ["day.text"]
    visit.click("workflow-load-again")
    await until(lambda: picker(visit, "prompt").value == ["good.text"])
    await change(visit, ["day.text"])
    visit.click("workflow-save")
    await visit.sees("workflow-state", str(words.SAVED))
    assert (await kept_of(visit)).roles == {"prompt": ["day.text"]}


async def test_one_that_was_deleted_meanwhile_is_told(opening: Opening) -> None:
    visit = await editing(opening)
    await change(visit, ["day.text"])
    await visit.studio.app.library.delete("Two places")
    visit.click("workflow-save")
    await visit.sees("field-error", "There is no workflow Two places.")
    await visit.studio.app.library.restore("Two places")
    visit.click("workflow-save")
    await visit.sees("workflow-state", str(words.SAVED))
    assert (await kept_of(visit)).roles == {"prompt": ["day.text"]}


async def test_one_that_is_renamed_elsewhere_is_called_so_here_and_saved_there(
    opening: Opening,
) -> None:
    visit = await editing(opening)
    await change(visit, ["day.text"])
    library = visit.studio.app.library
    await library.change("Two places", {"name": "Noon"})
    await visit.sees("workflow-title", "Noon")
    assert visit.texts("workflow-state") == [str(words.UNSAVED)]
    assert picker(visit, "prompt").value == ["day.text"]
    await library.change("Noon", {"name": "Dusk"})
    visit.click("workflow-save")  # before the page has looked, or after
    await visit.sees("workflow-state", str(words.SAVED))
    await visit.sees("workflow-title", "Dusk")
    assert (await library.get("Dusk")).roles == {"prompt": ["day.text"]}
    assert list((await library.look()).kept) == ["Dusk"]


async def test_what_is_changed_elsewhere_is_shown_where_nothing_was_changed_here(
    opening: Opening,
) -> None:
    visit = await editing(opening)
    library = visit.studio.app.library
    await library.change("Two places", {"name": "Noon", "roles": {"prompt": ["good.text"]}})
    await until(lambda: picker(visit, "prompt").value == ["good.text"])
    await visit.sees("workflow-title", "Noon")
    await change(visit, ["day.text"])
    await library.change("Noon", {"roles": {"prompt": ["bad.text"]}})
    await visit.sees("field-error", str(words.CHANGED_ELSEWHERE))
    assert visit.all("workflow-load-again")
    visit.click("workflow-save")
    await visit.sees("field-error", "changed by somebody else")
    assert (await library.get("Noon")).roles == {"prompt": ["bad.text"]}
    assert picker(visit, "prompt").value == ["day.text"]


async def test_one_that_is_deleted_elsewhere_says_so_until_it_is_back(opening: Opening) -> None:
    visit = await editing(opening)
    await visit.studio.app.library.delete("Two places")
    await visit.sees("workflow-state", str(words.GONE))
    await visit.sees("field-error", str(words.GONE_HINT))
    await visit.studio.app.library.restore("Two places")
    await visit.sees("workflow-state", str(words.SAVED))
    await until(lambda: str(words.GONE_HINT) not in visit.texts("field-error"))


async def test_without_a_server_it_is_shown_all_the_same(opening: Opening) -> None:
    visit = await opening("/settings")
    await visit.studio.app.library.add(TWO)
    await visit.studio.engine.stop()
    await visit.open("/workflows/Two%20places")
    await visit.sees("workflow-state", str(words.SAVED))
    assert visit.inside(visit.one("workflow-mapping"), ui.select)


async def test_a_built_in_one_says_to_duplicate_it_and_none_that_it_is_none(
    opening: Opening,
) -> None:
    visit = await opening("/workflows/sdxl")
    await visit.user.should_see(str(words.FIXED))
    await visit.open("/workflows/nobody")
    await visit.user.should_see("There is no workflow nobody.")
