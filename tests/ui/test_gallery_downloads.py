"""Take it along: what was chosen in the gallery, of whichever batches, as one ZIP."""

import io
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from nicegui import ElementFilter
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.state import BatchState
from batchgen_app.storage.delivery import contact_sheet
from batchgen_app.storage.delivery.contact_sheet import Cell
from batchgen_app.storage.delivery.looking import Looked, look
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.gallery.image_grid import ImageGrid
from tests.api.test_pack import shown, unpacked
from tests.faulty_engine import SaveInstead
from tests.storage import making
from tests.studio import TIMEOUT_OF_THE_TEST, until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_settings import saved
from tests.ui.test_theme import toasted

NAMES = "{prompt} {index}"


def wish(visit: Visit, images: Sequence[str], **how: object) -> None:
    """What the browser tells when somebody wants to take these along."""
    with visit.page:
        (grid,) = ElementFilter(kind=ImageGrid)
    told = {"images": list(images), **how}
    UserInteraction(visit.user, {grid}, None).trigger("download", told)


async def taken(
    visit: Visit,
    monkeypatch: pytest.MonkeyPatch,
    images: Sequence[str],
    query: str = "",
    **how: object,
) -> httpx.Response:
    """What the browser gets once somebody has chosen these and asked for them."""
    address = await offered(visit, monkeypatch, images, **how)
    return await visit.user.http_client.get(f"{address}{query}")


async def offered(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, images: Sequence[str], **how: object
) -> str:
    """The address that a browser is told to save then."""
    addresses: list[str] = []
    monkeypatch.setattr(ImageGrid, "download", lambda _, address: addresses.append(address))
    wish(visit, images, **how)
    await until(lambda: bool(addresses))
    return addresses[0]


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


async def test_without_settings_and_without_a_pattern_no_name_has_a_seed_in_it(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    chosen = [fox.pictures[0].id, sea.pictures[1].id]
    packed = files(await taken(visit, monkeypatch, chosen, "?metadata=none"))
    assert list(packed) == [f"{fox.batch_id}_001.png", f"{sea.batch_id}_002.png"]
    one = files(await taken(visit, monkeypatch, chosen[:1], "?metadata=none"))
    assert list(one) == ["001.png"]


async def test_of_what_is_chosen_a_missing_file_keeps_back_none_of_the_others(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await call_files(visit, NAMES)
    store = visit.studio.app.storage.store
    store.picture_path(fox.batch_id, fox.pictures[0].filename).unlink()
    chosen = [fox.pictures[0].id, sea.pictures[0].id]
    for query in ("", "?metadata=none"):
        packed = files(await taken(visit, monkeypatch, chosen, query))
        assert list(packed) == ["a calm sea 001.png", "left-out.txt"]
        assert packed["left-out.txt"].decode().startswith("a red fox 001.png ")


async def test_where_every_file_is_missing_the_page_says_so_before_a_download_begins(
    opening: Opening,
) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    for picture in fox.pictures:
        visit.studio.app.storage.store.picture_path(fox.batch_id, picture.filename).unlink()
    wish(visit, [picture.id for picture in fox.pictures])
    await until(lambda: "is gone" in toasted(visit))


async def films(opening: Opening) -> tuple[Visit, list[str]]:
    """All pictures, which are films."""
    visit = await opening("/gallery", SaveInstead(ending="mp4", data=making.film(), key="gifs"))
    film = await visit.studio.make(batchCount=2)
    await visit.open("/gallery?view=images")
    return visit, [picture.id for picture in film.pictures]


async def test_where_nothing_can_be_had_without_settings_that_is_said(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, ids = await films(opening)
    answer = await taken(visit, monkeypatch, ids, "?metadata=none")
    assert answer.status_code == 404
    assert "without its settings" in answer.text


@pytest.mark.parametrize("kind", ["pictures", "pack"])
async def test_and_the_page_says_it_before_a_download_begins(opening: Opening, kind: str) -> None:
    visit, ids = await films(opening)
    wish(visit, ids, kind=kind, clean=True)
    await until(lambda: "without its settings" in toasted(visit))


async def test_what_is_gone_is_said_before_a_download_begins(opening: Opening) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    await visit.studio.app.image_service.delete_batch(fox.batch_id)
    for kind in ("pictures", "pack"):
        wish(visit, [picture.id for picture in fox.pictures], kind=kind)
        await until(lambda: toasted(visit) == str(words.NOTHING_TO_TAKE))


async def test_a_pack_of_several_batches_has_the_record_of_each_and_right_sums(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await call_files(visit, NAMES)
    chosen = [fox.pictures[1].id, sea.pictures[0].id, fox.pictures[0].id]
    answer = await taken(visit, monkeypatch, chosen, kind="pack")
    assert "batchgen-3-images-pack.zip" in answer.headers["content-disposition"]
    assert answer.headers["content-length"] == str(len(answer.content))
    names = unpacked(answer, tmp_path / "pack")
    assert {f"batches/{batch.batch_id}.json" for batch in (fox, sea)} < names
    stems = ("a red fox 001", "a red fox 002", "a calm sea 001")
    assert {f"pictures/{stem}{end}" for stem in stems for end in (".png", ".txt")} < names
    assert {"light-table.html", "contact-sheet.jpg", "SHA256SUMS"} < names
    shorts = [picture["short"] for picture in shown(tmp_path / "pack")["pictures"]]  # type: ignore[attr-defined]
    assert shorts == ["1·2", "1·1", "2·1"]


@pytest.mark.parametrize("clean", [False, True])
async def test_in_a_pack_of_several_batches_each_picture_has_its_own_prompt(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clean: bool
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    sheets: list[tuple[Sequence[Cell], str]] = []

    def drawn(cells: Sequence[Cell], head: str) -> bytes:
        sheets.append((cells, head))
        return draw(cells, head)

    draw = contact_sheet.contact_sheet
    monkeypatch.setattr(contact_sheet, "contact_sheet", drawn)
    chosen = [sea.pictures[0].id, fox.pictures[1].id]
    unpacked(await taken(visit, monkeypatch, chosen, kind="pack", clean=clean), tmp_path / "pack")
    ((cells, head),) = sheets
    prompts = ["", ""] if clean else ["a calm sea", "a red fox"]
    assert [(cell.number, cell.prompt) for cell in cells] == [
        *zip(["1·1", "2·2"], prompts, strict=True)
    ]
    assert head == "2 batches · 1-2 / 2"


async def test_a_pack_without_settings_leaves_out_what_has_no_clean_copy(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visit, ids = await films(opening)
    visit.studio.faults.clear()
    sea = await visit.studio.make(prompt="a calm sea", batchCount=2)
    chosen = [ids[0], sea.pictures[0].id]
    answer = await taken(visit, monkeypatch, chosen, "&metadata=none", kind="pack", clean=True)
    names = unpacked(answer, tmp_path / "pack")
    assert [n for n in names if n.startswith("pictures/")] == [f"pictures/{sea.batch_id}_001.png"]
    left = (tmp_path / "pack/MISSING.txt").read_text(encoding="utf-8")
    assert "Left out: only PNG, JPEG and WebP" in left
    assert not any(b"calm" in (tmp_path / "pack" / name).read_bytes() for name in names)


async def test_a_pack_that_is_being_made_is_seen_and_can_be_cancelled(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    looked: list[object] = []
    goes_on = threading.Event()

    def slowly(*args: Any, **more: Any) -> Looked:
        looked.append(args)
        goes_on.wait(TIMEOUT_OF_THE_TEST)
        return look(*args, **more)

    monkeypatch.setattr("batchgen_app.storage.delivery.pack.look", slowly)
    saved_at: list[str] = []
    monkeypatch.setattr(ImageGrid, "download", lambda _, address: saved_at.append(address))
    chosen = [picture.id for picture in fox.pictures]
    wish(visit, chosen, kind="pack")
    await until(lambda: bool(visit.all("packing")))
    wish(visit, chosen, kind="pack")
    await until(lambda: toasted(visit) == str(words.IS_PACKING))
    await until(lambda: bool(looked))
    visit.click("packing-cancel")
    await until(lambda: not visit.all("packing"))
    goes_on.set()
    wish(visit, chosen, kind="pack")
    await until(lambda: bool(saved_at))
    assert len(saved_at) == 1
    assert len(looked) == 3, "one before it was cancelled, and both of the next pack"


async def test_what_was_deleted_since_is_left_out_or_all_that_is_missing_is_said(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await call_files(visit, NAMES)
    chosen = [picture.id for picture in (*fox.pictures, *sea.pictures)]
    await visit.studio.app.image_service.delete_batch(fox.batch_id)
    address = await offered(visit, monkeypatch, chosen)
    packed = files(await visit.user.http_client.get(address))
    assert list(packed) == ["a calm sea 001.png", "a calm sea 002.png"]
    await visit.studio.app.image_service.delete_batch(sea.batch_id)
    answer = await visit.user.http_client.get(address)
    assert (answer.status_code, answer.text) == (404, str(words.NOTHING_TO_TAKE))
