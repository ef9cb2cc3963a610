"""Take it along: what was chosen in the gallery, of whichever batches, as one ZIP."""

import io
import zipfile
from collections.abc import Sequence

import httpx
import pytest
from nicegui import ElementFilter
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.state import BatchState
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.gallery.image_grid import ImageGrid
from tests.faulty_engine import SaveInstead
from tests.storage import making
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_settings import saved

NAMES = "{prompt} {index}"


async def taken(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, images: Sequence[str], query: str = ""
) -> httpx.Response:
    """What the browser gets once somebody has chosen these and asked for them."""
    addresses: list[str] = []
    monkeypatch.setattr(ImageGrid, "download", lambda _, address: addresses.append(address))
    with visit.page:
        (grid,) = ElementFilter(kind=ImageGrid)
    UserInteraction(visit.user, {grid}, None).trigger("download", list(images))
    await until(lambda: bool(addresses))
    return await visit.user.http_client.get(f"{addresses[0]}{query}")


def files(answer: httpx.Response) -> dict[str, bytes]:
    """What is in a ZIP, by its name."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def fox_and_sea(opening: Opening) -> tuple[Visit, BatchState, BatchState]:
    """All pictures of two batches."""
    visit = await opening("/gallery?view=images")
    fox = await visit.studio.make(prompt="a red fox", batchCount=2)
    sea = await visit.studio.make(prompt="a calm sea", batchCount=2)
    await visit.open("/gallery?view=images")
    return visit, fox, sea


async def call_files(visit: Visit, pattern: str) -> None:
    """Have downloaded files called so from now on."""
    await visit.open("/settings")
    visit.fill("name-pattern", pattern)
    visit.trigger("name-pattern", "blur")
    await until(lambda: saved(visit).name_pattern == pattern)
    await visit.open("/gallery?view=images")


async def test_without_a_pattern_each_batch_has_its_folder(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    chosen = [sea.pictures[0], fox.pictures[1]]
    packed = files(await taken(visit, monkeypatch, [one.id for one in chosen]))
    assert list(packed) == [f"{one.batch_id}/{one.filename}" for one in chosen]


async def test_the_pattern_of_the_settings_names_the_files_of_all_batches(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    again = await visit.studio.make(prompt="a red fox", batchCount=2)
    await call_files(visit, NAMES)
    chosen = [sea.pictures[0], fox.pictures[1], again.pictures[1]]
    packed = files(await taken(visit, monkeypatch, [one.id for one in chosen]))
    first, second, third = packed
    assert (first, second) == ("a calm sea 001.png", "a red fox 002.png")
    assert third.startswith("a red fox 002")
    assert third != second
    folder = visit.studio.app.storage.store.folder
    on_disk = [(folder(one.batch_id) / one.filename).read_bytes() for one in chosen]
    assert list(packed.values()) == on_disk


async def test_without_settings_there_is_nothing_of_ours_in_them(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await call_files(visit, NAMES)
    chosen = [fox.pictures[0].id, sea.pictures[0].id]
    packed = files(await taken(visit, monkeypatch, chosen, "?metadata=none"))
    assert list(packed) == ["a red fox 001.png", "a calm sea 001.png"]
    assert not any(b"parameters" in content or b"fox" in content for content in packed.values())


async def test_where_nothing_can_be_had_without_settings_that_is_said(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await opening("/gallery", SaveInstead(ending="mp4", data=making.film(), key="gifs"))
    film = await visit.studio.make(batchCount=2)
    await visit.open("/gallery?view=images")
    ids = [picture.id for picture in film.pictures]
    answer = await taken(visit, monkeypatch, ids, "?metadata=none")
    assert answer.status_code == 404
    assert "without its settings" in answer.text


async def test_what_was_deleted_since_is_left_out_or_all_that_is_missing_is_said(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await call_files(visit, NAMES)
    chosen = [picture.id for picture in (*fox.pictures, *sea.pictures)]
    await visit.studio.app.image_service.delete_batch(fox.batch_id)
    packed = files(await taken(visit, monkeypatch, chosen))
    assert list(packed) == ["a calm sea 001.png", "a calm sea 002.png"]
    await visit.studio.app.image_service.delete_batch(sea.batch_id)
    answer = await taken(visit, monkeypatch, chosen)
    assert (answer.status_code, answer.text) == (404, str(words.NOTHING_TO_TAKE))
