"""A picture to start from: given in the form, or chosen where pictures are looked at."""

from io import BytesIO
from typing import Any

import pytest
from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing.user_interaction import UserInteraction
from PIL import Image

from batchgen_app.core.request import BasedOn
from batchgen_app.core.wire import JsonObject
from batchgen_app.ui.batch_form import graph_words
from batchgen_app.ui.parts.draft import Draft
from tests.api.test_uploads import from_photo, photo
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import errors, ready, small, started, upload
from tests.workflows.graphs import node

BUILT_IN, OTHERS = "picture.image", "photo.image"


async def with_place(opening: Opening, graph: JsonObject | None = None) -> Visit:
    """The form with a workflow that starts from a picture."""
    visit = await ready(opening)
    await upload(visit, "mine.json", graph or from_photo())
    await until(lambda: place(visit) == OTHERS)
    return visit


def place(visit: Visit) -> str:
    """The slot of the first field for a picture."""
    fields = visit.all("input-image")
    return str(fields[0].props["data-slot"]) if fields else ""


async def give(visit: Visit, content: bytes) -> None:
    with visit.page:
        (field,) = visit.all("input-image")
        (target,) = [e for e in field.descendants() if isinstance(e, ui.upload)]
        await target.handle_uploads([SmallFileUpload("me.png", "image/png", content)])


async def drop(visit: Visit, name: str, content: bytes) -> None:
    """As the browser hands over what is dropped or pasted."""
    target = visit.one("drop-upload")
    with visit.page:
        await target.handle_uploads([SmallFileUpload(name, "application/octet-stream", content)])


async def answer(visit: Visit, mark: str = "answer", number: int = 0) -> None:
    """Choose one of the answers to a question, which is closed then."""
    chosen = visit.all(mark)[number]
    (dialog,) = (e for e in chosen.ancestors() if isinstance(e, ui.dialog))
    UserInteraction(visit.user, {chosen}, None).click()
    await until(lambda: not dialog.value)
    UserInteraction(visit.user, {dialog}, None).trigger("hide")


def shown(visit: Visit) -> list[str]:
    """The addresses of the pictures that stand in the fields."""
    fields = [e for field in visit.all("input-image") for e in field.descendants()]
    return [e.props["src"] for e in fields if e.tag == "img"]


def found(visit: Visit, **kept: Any) -> None:
    """What the browser had kept comes back."""
    with visit.page:
        (draft,) = visit.user.find(kind=Draft).elements
    UserInteraction(visit.user, {draft}, None).trigger("found", kept)


def carrying(graph: str = '{"1": {"class_type": "SaveImage", "inputs": {}}}') -> bytes:
    """A picture with a workflow in it, as ComfyUI makes them."""
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    content, info = BytesIO(), PngInfo()
    info.add_text("prompt", graph)
    Image.new("RGB", (96, 64)).save(content, "PNG", pnginfo=info)
    return content.getvalue()


def cut_out() -> bytes:
    """A picture with a hole in it."""
    content, image = BytesIO(), Image.new("RGBA", (96, 64), "red")
    image.paste((0, 0, 0, 0), (10, 10, 40, 40))
    image.save(content, "PNG")
    return content.getvalue()


async def test_each_input_that_takes_a_picture_has_its_field_and_the_batch_its_picture(
    opening: Opening,
) -> None:
    visit = await with_place(opening)
    await give(visit, photo())
    await until(lambda: bool(shown(visit)))
    batch = await started(visit)
    assert batch.request.input_images
    (picture,) = batch.request.input_images.values()
    assert shown(visit) == [f"/api/uploads/{picture}"]
    assert batch.workflow["photo"]["inputs"]["image"] == f"batchgen/{picture}"
    assert batch.request.denoise is None


async def test_what_is_no_picture_is_said_and_not_taken(opening: Opening) -> None:
    visit = await with_place(opening)
    await give(visit, b"no picture")
    await until(lambda: bool(errors(visit)))
    assert not shown(visit)


async def test_it_comes_back_with_the_settings_of_its_batch(opening: Opening) -> None:
    visit = await with_place(opening)
    await give(visit, photo())
    await until(lambda: bool(shown(visit)))
    batch = await started(visit)
    before = shown(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: shown(visit) == before)


async def test_without_a_workflow_the_size_takes_its_shape_and_a_part_of_it_changes(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    assert (place(visit), visit.all("denoise")) == (BUILT_IN, [])
    await give(visit, photo())
    await until(lambda: visit.one("width").value == "1248")
    assert (visit.one("height").value, visit.one("denoise").value) == ("832", "0.6")
    small(visit)
    visit.fill("denoise", "0.3")
    batch = await started(visit)
    assert (batch.request.workflow, batch.request.denoise) == (None, 0.3)
    assert batch.workflow["sampler"]["inputs"]["denoise"] == 0.3
    assert batch.workflow["picture"]["inputs"]["image"].startswith("batchgen/")


async def test_taken_away_everything_is_as_before_and_it_can_be_had_back(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    await give(visit, photo())
    await until(lambda: visit.one("width").value == "1248")
    before = shown(visit)
    (remove,) = visit.inside(visit.one("input-image"), ui.button)
    UserInteraction(visit.user, {remove}, None).click()
    await until(lambda: visit.one("width").value == "1024")
    assert (shown(visit), visit.all("denoise")) == ([], [])
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: shown(visit) == before and visit.one("width").value == "1248")


async def test_a_size_that_somebody_wanted_stays(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("width", "640")
    await give(visit, photo())
    await until(lambda: visit.one("height").value == "832")
    assert visit.one("width").value == "640"


@pytest.mark.parametrize("typed", ["1.5", "much"])
async def test_what_can_be_no_part_is_said_at_its_field(opening: Opening, typed: str) -> None:
    visit = await ready(opening)
    await give(visit, photo())
    await until(lambda: bool(visit.all("denoise")))
    visit.fill("denoise", typed)
    visit.click("generate")
    await until(lambda: errors(visit) == ["Denoise must be between 0-1"])


async def test_it_comes_back_with_a_draft_and_with_the_batch(opening: Opening) -> None:
    visit = await ready(opening)
    await give(visit, photo())
    await until(lambda: bool(shown(visit)))
    small(visit)
    batch, before = await started(visit), shown(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: shown(visit) == before)
    await until(lambda: bool(visit.all("denoise")) and visit.one("denoise").value == "0.6")
    await visit.open("/")
    found(visit, inputImages=batch.request.input_images)
    await until(lambda: shown(visit) == before and visit.one("width").value == "1248")


async def test_a_picture_of_a_batch_is_used_with_what_was_typed(opening: Opening) -> None:
    visit = await ready(opening)
    made = (await visit.studio.make()).pictures[0]
    await visit.open(f"/batch/{made.batch_id}")
    href = visit.all("use-picture")[0].props["href"]
    await visit.open(href)
    found(visit, **{"prompt": "a blue hare", "baseParameters.steps": "7"})
    await until(lambda: shown(visit) == [f"/api/images/{made.id}/thumbnail"])
    assert visit.one("steps").value == "7"
    await until(lambda: visit.one("width").value == "1024" and bool(visit.one("model").value))
    small(visit)
    visit.fill("prompt", "a blue hare")
    request = (await started(visit)).request
    assert request.input_images == {BUILT_IN: made.id}
    assert request.based_on == BasedOn(batch_id=made.batch_id, how="picture")


@pytest.mark.parametrize("is_there", [True, False])
async def test_what_a_batch_was_begun_from_comes_back_with_the_draft_if_it_is_still_there(
    opening: Opening, is_there: bool
) -> None:
    visit = await ready(opening)
    batch = await visit.studio.make()
    await visit.open("/")
    await until(lambda: bool(visit.one("model").value))
    kept = batch.batch_id if is_there else "20261122-no-such"
    found(visit, prompt="a blue hare", basedOn=kept)
    await until(lambda: visit.one("prompt").value == "a blue hare")
    small(visit)
    origin = BasedOn(batch_id=batch.batch_id, how="changed") if is_there else None
    assert (await started(visit)).request.based_on == origin


async def test_it_goes_into_the_only_place_of_the_workflow_that_was_there(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    made = (await visit.studio.make()).pictures[0]
    await visit.open(f"/?picture={made.id}")
    found(visit, workflow={"name": "mine.json", "nodes": from_photo()})
    await until(lambda: (place(visit), len(shown(visit))) == (OTHERS, 1))


async def test_of_several_places_a_person_chooses(opening: Opening) -> None:
    visit = await ready(opening)
    made = (await visit.studio.make()).pictures[0]
    other = node("LoadImage", image="x.png")
    both = {**from_photo(), "other": other, "see": node("PreviewImage", images=["other", 0])}
    await visit.open(f"/?picture={made.id}")
    found(visit, workflow={"name": "mine.json", "nodes": both})
    await visit.sees("answer", "LoadImage")
    assert len(visit.all("answer")) == 2
    await answer(visit, number=1)
    await until(lambda: len(shown(visit)) == 1)


async def test_where_there_is_none_it_is_said_with_a_way_out(opening: Opening) -> None:
    visit = await ready(opening)
    graph = {k: v for k, v in from_photo().items() if k not in {"photo", "shown"}}
    graph["save"] = node("SaveImage", images=["decode", 0], filename_prefix="x")
    await upload(visit, "plain.json", graph)
    await until(lambda: not place(visit))
    await drop(visit, "me.png", photo())
    await visit.sees("answer", str(graph_words.DO_WITHOUT_WORKFLOW))
    await answer(visit, "no-answer")
    assert visit.texts("workflow-file") == ["plain.json"]
    await drop(visit, "me.png", photo())
    await visit.sees("answer")
    await answer(visit)
    await until(lambda: (place(visit), len(shown(visit))) == (BUILT_IN, 1))
    assert not visit.all("workflow-file")


async def test_one_that_is_gone_is_said(opening: Opening) -> None:
    visit = await ready(opening)
    await visit.open("/?picture=20261122-141500-000000-9f3a-001")
    found(visit)
    await visit.sees("toast")
    assert (place(visit), shown(visit)) == (BUILT_IN, [])


async def test_a_workflow_is_used_wherever_it_is_dropped_and_that_can_be_taken_back(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    await give(visit, photo())
    await until(lambda: bool(shown(visit)))
    before = shown(visit)
    await drop(visit, "mine.json", str(from_photo()).replace("'", '"').encode())
    await visit.sees("workflow-file", "mine.json")
    assert (place(visit), shown(visit)) == (OTHERS, before)
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: (place(visit), shown(visit)) == (BUILT_IN, before))
    assert not visit.all("workflow-file")


async def test_a_picture_is_the_one_to_start_from(opening: Opening) -> None:
    visit = await ready(opening)
    await drop(visit, "me.png", photo())
    await until(lambda: len(shown(visit)) == 1)


@pytest.mark.parametrize(("number", "is_workflow"), [(0, True), (1, False)])
async def test_of_a_picture_that_carries_a_workflow_a_person_says_which_is_meant(
    opening: Opening, number: int, *, is_workflow: bool
) -> None:
    visit = await ready(opening)
    await drop(visit, "made.png", carrying())
    await visit.sees("answer", str(graph_words.USE_ITS_WORKFLOW))
    await answer(visit, number=number)
    await until(lambda: bool(visit.all("workflow-file") if is_workflow else shown(visit)))
    assert bool(visit.all("workflow-file")) == is_workflow


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("notes.txt", b"hello", "not a PNG, JPEG or WebP"),
        ("notes.json", b'{"a": 1}', "must be a graph in API format"),
        ("half.png", photo()[:-30], "ends too early"),
    ],
)
async def test_what_is_neither_is_said(
    opening: Opening, name: str, content: bytes, why: str
) -> None:
    visit = await ready(opening)
    await drop(visit, name, content)
    await visit.sees("toast")
    said = [e.text for e in visit.inside(visit.one("toast"), ui.label)]
    assert name in said[0]
    assert why in said[0]
    assert (shown(visit), visit.all("workflow-file")) == ([], [])


def masked(channel: str = "") -> JsonObject:
    """A workflow that goes by what is transparent in its picture, or by a colour of it."""
    graph = from_photo()
    own = node("LoadImageMask", image="x.png", channel=channel)
    graph |= {
        "encode": node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2]),
        "masked": node("SetLatentNoiseMask", samples=["encode", 0], mask=["photo", 1]),
    }
    if channel:
        graph |= {"photo": own, "shown": node("SaveImage", images=["decode", 0])}
        graph["shown"]["inputs"]["filename_prefix"] = "x"
        graph["encode"]["inputs"]["pixels"] = ["decode2", 0]
        graph["decode2"] = node("EmptyImage", width=64, height=64, batch_size=1, color=0)
        graph["masked"]["inputs"]["mask"] = ["photo", 0]
    graph["sampler"]["inputs"]["latent_image"] = ["masked", 0]
    return graph


@pytest.mark.parametrize("channel", ["", "alpha"])
@pytest.mark.parametrize(
    ("content", "said"),
    [(cut_out(), graph_words.MASK_IS_THERE), (photo(), graph_words.MASK_IS_MISSING)],
    ids=["cut out", "whole"],
)
async def test_where_a_mask_is_needed_it_is_said_whether_there_is_one(
    opening: Opening, content: bytes, said: object, channel: str
) -> None:
    visit = await with_place(opening, masked(channel))
    await give(visit, content)
    await until(lambda: str(said) in hints(visit))


@pytest.mark.parametrize("graph", [from_photo(), masked("red")], ids=["picture", "colour"])
async def test_where_none_is_needed_nothing_is_said(opening: Opening, graph: JsonObject) -> None:
    visit = await with_place(opening, graph)
    await give(visit, cut_out())
    await until(lambda: bool(shown(visit)))
    assert not {str(graph_words.MASK_IS_THERE), str(graph_words.MASK_IS_MISSING)} & set(
        hints(visit)
    )


def hints(visit: Visit) -> list[str]:
    return [label.text for label in visit.inside(visit.one("input-image"), ui.label)]


async def test_the_file_that_a_workflow_wants_is_named_until_a_picture_is_given(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    await upload(visit, "photo.json", from_photo())
    said = graph_words.picture_missing("nobody has it.png")
    await until(lambda: said in hints(visit))
    visit.click("generate")
    await until(lambda: any("nobody has it.png" in error for error in errors(visit)))
    assert said not in hints(visit)  # once is enough
    await give(visit, photo())
    await until(lambda: bool(shown(visit)) and said not in hints(visit))
