"""The page of all workflows: seen, used, renamed, copied, put away and had back."""

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.access import Caller, Role
from batchgen_app.core.wire import JsonObject
from batchgen_app.storage import kept_files
from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.storage.workflow_summary import Summary, summary_of
from batchgen_app.ui import pages
from batchgen_app.ui.workflow_library import page as library_page
from batchgen_app.ui.workflow_library import words
from tests.api.test_workflows import picture_with, plain, regional
from tests.faulty_engine import AnswerSlowly
from tests.studio import TIMEOUT_OF_THE_TEST, until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import ready, started, upload
from tests.ui.test_theme import all_toasted, toasted
from tests.workflows.editor.documents import box, document
from tests.workflows.editor.documents import text_to_image as editor_boxes
from tests.workflows.editor.whole import WHOLE
from tests.workflows.graphs import flux

PORTRAITS = KeptWorkflow(name="Portraits", workflow=plain())


def folder(visit: Visit) -> Path:
    return visit.studio.folder / "data" / "workflows"


def files(visit: Visit) -> list[str]:
    """Those in the folder, without those that were deleted."""
    return sorted(path.name for path in folder(visit).glob("*") if path.is_file())


def cards(visit: Visit) -> dict[str, ui.element]:
    return {str(card.props["data-id"]): card for card in visit.all("workflow-card")}


def own(visit: Visit) -> list[str]:
    (place,) = visit.all("own-workflows")
    return [name for name, card in cards(visit).items() if card in place.descendants()]


def part(visit: Visit, workflow_id: str, mark: str) -> list[ui.element]:
    """What is marked so on one card."""
    card = cards(visit)[workflow_id]
    inside = visit.inside(card, ui.element)
    return [element for element in inside if element.props.get("data-testid") == mark]


def press(visit: Visit, workflow_id: str, mark: str) -> None:
    (control,) = part(visit, workflow_id, mark)
    UserInteraction(visit.user, {control}, None).click()


async def with_own(opening: Opening, graphs: Mapping[str, JsonObject]) -> Visit:
    """The page with these on it."""
    visit = await opening("/settings")
    for name, graph in graphs.items():
        await visit.studio.app.library.add(KeptWorkflow(name=name, workflow=graph))
    await visit.open("/workflows")
    return visit


async def take_back(visit: Visit) -> None:
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")


async def test_without_any_it_says_how_to_get_one(opening: Opening) -> None:
    visit = await opening("/workflows")
    await visit.user.should_see(str(words.NONE_YET))
    assert own(visit) == []
    assert list(cards(visit))[:2] == ["sd15", "sdxl"]
    assert not visit.all("workflow-search")


async def test_a_card_tells_the_family_how_often_it_was_used_and_what_is_missing(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    await visit.studio.app.library.add(PORTRAITS)
    await visit.studio.app.library.add(KeptWorkflow(name="F", workflow=flux()))
    batch = await visit.studio.make(workflowId="Portraits", model=None, baseParameters={})
    await visit.open("/workflows")
    labels = [label.text for label in visit.inside(cards(visit)["Portraits"], ui.label)]
    assert "SDXL" in labels
    assert any(text.startswith("1 batch · last: Today") for text in labels)
    image = next(e for e in visit.inside(cards(visit)["Portraits"], ui.element) if e.tag == "img")
    answer = await visit.user.http_client.get(str(image.props["src"]))
    thumbnail = f"/api/images/{batch.pictures[-1].id}/thumbnail"
    assert answer.content == (await visit.user.http_client.get(thumbnail)).content
    await until(lambda: bool(part(visit, "F", "workflow-lack")))
    (lack,) = part(visit, "F", "workflow-lack")
    assert isinstance(lack, ui.label)
    assert "does not know the node" in lack.text
    assert not part(visit, "Portraits", "workflow-lack")


async def test_a_card_says_that_a_question_is_open_until_it_is_answered(opening: Opening) -> None:
    visit = await with_own(opening, {"Clear": plain(), "Two places": regional()})
    await until(lambda: bool(part(visit, "Two places", "workflow-questions")))
    (asks,) = part(visit, "Two places", "workflow-questions")
    assert (getattr(asks, "text", ""), asks.props["href"]) == (
        "1 question open",
        "/workflows/Two%20places",
    )
    assert not part(visit, "Clear", "workflow-questions")
    answered = {"roles": {"prompt": ["day.text"]}}
    await visit.studio.app.library.change("Two places", answered)
    await until(lambda: not part(visit, "Two places", "workflow-questions"))


async def test_a_question_that_the_server_settles_is_none(opening: Opening) -> None:
    """One of the editor's is understood with a server only."""
    visit = await opening("/settings")
    folder(visit).mkdir()
    (folder(visit) / "editor.json").write_text(json.dumps(WHOLE["switched off"]()))
    (folder(visit) / "places.json").write_text(json.dumps(regional()))
    await visit.open("/workflows")
    await until(lambda: bool(part(visit, "places", "workflow-questions")))
    assert not part(visit, "editor", "workflow-questions")


async def test_one_with_nodes_that_are_still_to_be_installed_is_kept_and_says_which(
    opening: Opening,
) -> None:
    visit = await opening("/workflows")
    strange = box(40, "Strange", [1], title="My helper")
    await upload(visit, "later.json", document(*editor_boxes(), strange))
    await until(lambda: own(visit) == ["later"])
    await until(lambda: bool(part(visit, "later", "workflow-lack")))
    (lack,) = part(visit, "later", "workflow-lack")
    assert '"My helper" (Strange, node 40)' in getattr(lack, "text", "")


async def test_what_takes_its_time_to_be_read_comes_later_than_the_page(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await opening("/settings")
    await visit.studio.app.library.add(PORTRAITS)
    is_read, may_go_on = threading.Event(), threading.Event()

    def slowly(kept: KeptWorkflow) -> Summary:
        is_read.set()
        may_go_on.wait(TIMEOUT_OF_THE_TEST)
        return summary_of(kept)

    monkeypatch.setattr(kept_files, "summary_of", slowly)
    monkeypatch.setattr(library_page, "AT_ONCE_SECONDS", 0.05)
    try:
        await visit.open("/workflows")
        await visit.sees("workflows-reading", str(words.READING))
        await until(is_read.is_set)
        assert cards(visit) == {}
    finally:
        may_go_on.set()
    await until(lambda: own(visit) == ["Portraits"])
    assert not visit.all("workflows-reading")


async def test_a_built_in_one_is_offered_where_the_server_has_a_model_for_it(
    opening: Opening,
) -> None:
    visit = await opening("/workflows")
    await until(lambda: bool(part(visit, "hidream", "workflow-lack")))
    enabled = {}
    for name in ("hidream", "sdxl"):
        (use,) = part(visit, name, "workflow-use")
        assert isinstance(use, ui.button)
        enabled[name] = use.enabled
    assert enabled == {"hidream": False, "sdxl": True}
    (lack,) = part(visit, "hidream", "workflow-lack")
    assert "Add one to its models directory" in getattr(lack, "text", "")


async def test_a_server_that_says_nothing_holds_nothing_up(opening: Opening) -> None:
    silent = AnswerSlowly(path="/object_info", seconds=3600.0)
    visit = await opening("/workflows", silent)
    await visit.studio.app.library.add(PORTRAITS)
    await until(lambda: own(visit) == ["Portraits"])
    press(visit, "Portraits", "workflow-delete")
    await until(lambda: own(visit) == [])


async def test_one_is_renamed_and_that_is_taken_back(opening: Opening) -> None:
    visit = await with_own(opening, {"Portraits": plain(), "Other": plain()})
    press(visit, "Portraits", "workflow-rename")
    await visit.sees("agree")
    visit.fill("workflow-name", "Other")
    visit.click("agree")
    await visit.sees("field-error", "already")
    visit.fill("workflow-name", "  Faces ")
    visit.click("agree")
    await until(lambda: own(visit) == ["Faces", "Other"])
    assert files(visit) == ["Faces.json", "Other.json"]
    await take_back(visit)
    await until(lambda: own(visit) == ["Other", "Portraits"])
    assert files(visit) == ["Other.json", "Portraits.json"]


async def test_one_is_duplicated_be_it_built_in(opening: Opening) -> None:
    visit = await with_own(opening, {"Portraits": plain()})
    press(visit, "Portraits", "workflow-duplicate")
    await until(lambda: own(visit) == ["Portraits", "Portraits (copy)"])
    press(visit, "Portraits", "workflow-duplicate")
    await until(lambda: "Portraits (copy) 2" in own(visit))
    press(visit, "sdxl", "workflow-duplicate")
    await until(lambda: "SDXL (copy)" in own(visit))
    await take_back(visit)
    await until(lambda: "SDXL (copy)" not in own(visit))
    press(visit, "hidream", "workflow-duplicate")
    await until(lambda: "no model of the family HiDream. Add one" in toasted(visit))


async def test_what_was_deleted_is_had_back_at_once_or_later(opening: Opening) -> None:
    visit = await with_own(opening, {"Portraits": plain()})
    press(visit, "Portraits", "workflow-delete")
    await until(lambda: own(visit) == [])
    await take_back(visit)
    await until(lambda: own(visit) == ["Portraits"])
    press(visit, "Portraits", "workflow-delete")
    await until(lambda: own(visit) == [])
    await visit.open("/workflows")
    visit.click("workflow-restore")
    await until(lambda: own(visit) == ["Portraits"])
    assert not visit.all("deleted-workflow")


async def test_one_is_not_had_back_over_another_and_it_is_said(opening: Opening) -> None:
    visit = await with_own(opening, {"Portraits": plain()})
    press(visit, "Portraits", "workflow-delete")
    await until(lambda: own(visit) == [])
    await visit.studio.app.library.add(PORTRAITS)
    await until(lambda: own(visit) == ["Portraits"])
    visit.click("workflow-restore")
    await until(lambda: "another workflow" in toasted(visit))
    assert visit.all("deleted-workflow")


async def test_files_of_all_kinds_are_imported_and_what_is_none_is_said(opening: Opening) -> None:
    visit = await opening("/workflows")
    said = {"name": "Two places", "workflow": regional(), "roles": {"prompt": ["day.text"]}}
    await upload(visit, "export.json", said)
    await upload(visit, "holiday.webp", picture_with(plain(), "WEBP"))
    await upload(visit, "flux.json", flux())
    await upload(visit, "editor.json", WHOLE["switched off"]())
    await until(lambda: own(visit) == ["editor", "flux 2", "holiday", "Two places"])
    kept = json.loads((folder(visit) / "Two places.json").read_text())
    assert kept["roles"] == {"prompt": ["day.text"]}
    assert "nodes" not in json.loads((folder(visit) / "editor.json").read_text())["workflow"]
    await upload(visit, "letter.json", b"Dear all,")
    await until(lambda: toasted(visit).startswith("letter.json: This file is neither JSON"))
    await upload(visit, "tomorrow.json", {**said, "colour": "red"})
    await until(lambda: "another version" in toasted(visit))
    assert len(own(visit)) == 4
    await upload(visit, "last.json", plain())
    await until(lambda: len(own(visit)) == 5)
    assert [said.partition(":")[0] for said in all_toasted(visit)] == [
        "letter.json",
        "tomorrow.json",
        'The workflow "last" is kept.',
    ]


async def test_what_others_put_into_the_folder_and_take_out_is_followed(opening: Opening) -> None:
    visit = await opening("/workflows")
    folder(visit).mkdir()
    (folder(visit) / "by hand.json").write_text(json.dumps(plain()))
    (folder(visit) / "half.json").write_text('{"1": {"cla')
    await until(lambda: own(visit) == ["by hand"])
    (row,) = visit.all("unusable-file")
    assert visit.inside(row, ui.label)[0].text == "half.json"
    (folder(visit) / "by hand.json").unlink()
    (folder(visit) / "half.json").unlink()
    await until(lambda: own(visit) == [])
    assert not visit.all("unusable-file")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
async def test_a_file_whose_name_is_no_text_takes_no_other_away(opening: Opening) -> None:
    visit = await opening("/settings")
    folder(visit).mkdir()
    for name in ("bad\udcff.json", "mine.json", "\u202egnp.exe.json"):
        (folder(visit) / name).write_text(json.dumps(plain()))
    await visit.open("/workflows")
    await until(lambda: own(visit) == ["mine"])
    names = [visit.inside(row, ui.label)[0].text for row in visit.all("unusable-file")]
    assert set(names) == {"bad\ufffd.json", "\ufffdgnp.exe.json"}


async def test_many_are_searched_by_name(opening: Opening) -> None:
    names = [f"Portrait {number}" for number in range(12)]
    visit = await with_own(opening, dict.fromkeys([*names, "Sea"], plain()))
    visit.fill("workflow-search", "SEA")
    await until(lambda: own(visit) == ["Sea"])
    visit.fill("workflow-search", "mountain")
    await visit.user.should_see(str(words.NOT_FOUND))
    visit.fill("workflow-search", "")
    await until(lambda: len(own(visit)) == 13)


async def test_one_is_used_in_the_form_with_what_was_said_about_it(opening: Opening) -> None:
    visit = await opening("/settings")
    said = {"prompt": ["day.text"]}
    kept = KeptWorkflow(name="Two places", workflow=regional(), roles=said)
    await visit.studio.app.library.add(kept)
    visit = await ready(visit_at(visit, "/?workflow=Two%20places"))
    await visit.sees("workflow-file", "Two places")
    assert (await started(visit)).request.roles == said


async def test_what_a_copy_has_made_is_not_said_of_the_one_that_it_was_copied_from(
    opening: Opening,
) -> None:
    visit = await opening("/workflows")
    await upload(visit, "Portraits.json", plain())
    await until(lambda: own(visit) == ["Portraits"])
    press(visit, "Portraits", "workflow-duplicate")
    await until(lambda: own(visit) == ["Portraits", "Portraits (copy)"])
    visit = await ready(visit_at(visit, "/?workflow=Portraits%20%28copy%29"))
    await visit.sees("workflow-file", "Portraits (copy)")
    batch = await started(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await visit.sees("workflow-file")
    await started(visit)
    await until(lambda: not visit.studio.app.queue.is_busy)
    await visit.open("/workflows")
    made = {
        name: [label.text for label in visit.inside(card, ui.label)]
        for name, card in cards(visit).items()
    }
    assert any(text.startswith("2 batches") for text in made["Portraits (copy)"])
    assert words.used(0, None) in made["Portraits"]


async def test_a_built_in_one_is_used_with_a_model_of_its_family(opening: Opening) -> None:
    visit = await ready(visit_at(await opening("/settings"), "/?workflow=flux"))
    await until(lambda: "no model of the family Flux.1" in toasted(visit))
    visit = await ready(visit_at(visit, "/?workflow=sdxl"))
    assert not visit.all("field-error")


async def test_one_that_is_gone_is_said_in_the_form(opening: Opening) -> None:
    visit = await ready(visit_at(await opening("/settings"), "/?workflow=nobody"))
    await visit.sees("field-error", "There is no workflow nobody.")


def visit_at(visit: Visit, path: str) -> Opening:
    """To open another page of the same app."""

    async def open_it(*_: object, **__: object) -> Visit:
        await visit.open(path)
        return visit

    return open_it


async def test_who_may_only_view_sees_no_doors(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await with_own(opening, {"Portraits": plain()})
    await visit.studio.app.library.add(KeptWorkflow(name="Gone", workflow=plain()))
    await visit.studio.app.library.delete("Gone")
    viewer = Caller(Role.VIEW, "192.0.2.7", "Phone")
    monkeypatch.setattr(pages, "caller_of", lambda _: viewer)
    await visit.open("/workflows")
    assert own(visit) == ["Portraits"]
    for door in ("use", "edit", "rename", "duplicate", "delete", "import", "restore"):
        assert not visit.all(f"workflow-{door}"), door
    assert part(visit, "Portraits", "workflow-export")
    await visit.open("/workflows/Portraits")
    await visit.user.should_see(str(words.FOR_MAKERS))
    assert not visit.all("workflow-save")
