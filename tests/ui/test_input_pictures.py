"""A picture to start from, given in the form."""

from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload

from tests.api.test_uploads import from_photo, photo
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import errors, ready, started, upload


async def with_place(opening: Opening) -> Visit:
    """The form with a workflow that starts from a picture."""
    visit = await ready(opening)
    await upload(visit, "mine.json", from_photo())
    await visit.sees("input-image")
    return visit


async def give(visit: Visit, content: bytes) -> None:
    with visit.page:
        (place,) = visit.all("input-image")
        (target,) = [e for e in place.descendants() if isinstance(e, ui.upload)]
        await target.handle_uploads([SmallFileUpload("me.png", "image/png", content)])


def shown(visit: Visit) -> list[str]:
    """The addresses of the pictures that stand in the field."""
    (place,) = visit.all("input-image")
    return [e.props["src"] for e in place.descendants() if e.tag == "img"]


async def test_each_input_that_takes_a_picture_has_its_field_and_the_batch_its_picture(
    opening: Opening,
) -> None:
    visit = await with_place(opening)
    assert visit.one("input-image").props["data-slot"] == "photo.image"
    await give(visit, photo())
    await until(lambda: bool(shown(visit)))
    batch = await started(visit)
    assert batch.request.input_images
    (picture,) = batch.request.input_images.values()
    assert shown(visit) == [f"/api/uploads/{picture}"]
    assert batch.workflow["photo"]["inputs"]["image"] == f"batchgen/{picture}"


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
    await visit.sees("input-image")
    assert shown(visit) == before
