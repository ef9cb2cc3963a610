"""Pictures of other programs: into the gallery, and into the form."""

from nicegui import ElementFilter, ui
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.ui.batch_form import graph_words
from batchgen_app.ui.gallery import import_words as words
from batchgen_app.ui.gallery.importing import DropMany
from batchgen_app.ui.parts.controls import CopyButton
from tests.programs.crafted import A1111
from tests.programs.test_keeping import foreign
from tests.storage.making import jpeg, png
from tests.studio import MODEL, until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import ready
from tests.ui.test_gallery import piles
from tests.ui.test_image_detail import browser_tells, open_tile
from tests.ui.test_input_pictures import answer, drop


async def bring(visit: Visit, **files: bytes) -> None:
    """As the browser hands over what is dropped."""
    with visit.page:
        (dropped,) = ElementFilter(kind=DropMany)
        (target,) = ElementFilter(kind=ui.upload)
    UserInteraction(visit.user, {dropped}, None).trigger("several", len(files))
    with visit.page:
        for name, content in files.items():
            await target.handle_uploads([SmallFileUpload(f"{name}.png", "image/png", content)])
    UserInteraction(visit.user, {dropped}, None).trigger("sent")


async def test_an_empty_gallery_says_that_pictures_can_be_brought(opening: Opening) -> None:
    visit = await opening("/gallery")
    await visit.user.should_see(str(words.IMPORT_HINT))
    assert visit.one("import").props["title"] == str(words.IMPORT_FILES)
    assert visit.one("import-folder").props["title"] == str(words.IMPORT_FOLDER)
    assert not visit.all("import-result")


async def test_what_is_brought_is_shown_told_and_taken_back(opening: Opening) -> None:
    visit = await opening("/gallery")
    one = foreign(1)
    await bring(visit, one=one, two=foreign(2), bare=jpeg(), half=png()[:-30], twin=one)
    await visit.sees("import-summary", "3 imported · 1 known already · 1 without settings")
    assert visit.texts("import-summary")[0].endswith("1 not usable")
    await until(lambda: len(piles(visit)) == 2)
    await visit.sees("gallery-stats", "3 images")
    visit.click("undo")
    await until(lambda: not piles(visit))
    assert (await visit.studio.app.storage.gallery.statistics()).images == 0
    assert len(await visit.studio.app.trash.contents()) == 2


async def test_it_is_stopped_in_the_middle_and_begun_again(opening: Opening) -> None:
    visit = await opening("/gallery")
    files = {f"n{number}": foreign(number) for number in (1, 2, 3)}
    with visit.page:
        (dropped,) = ElementFilter(kind=DropMany)
        (target,) = ElementFilter(kind=ui.upload)
    UserInteraction(visit.user, {dropped}, None).trigger("several", len(files))
    with visit.page:
        await target.handle_uploads([SmallFileUpload("n1.png", "image/png", files["n1"])])
    await visit.sees("import-progress", "1 of 3")
    visit.click("import-stop")
    await visit.sees("import-summary", "1 imported · stopped, 2 left out")
    await bring(visit, **files)
    await visit.sees("import-summary", "2 imported · 1 known already")
    assert (await visit.studio.app.storage.gallery.statistics()).images == 3


async def test_the_batch_says_where_it_came_from(opening: Opening) -> None:
    visit = await opening("/gallery")
    await bring(visit, lighthouse=png(parameters=A1111))
    await until(lambda: len(piles(visit)) == 1)
    await visit.open(f"/batch/{piles(visit)[0].shown.batch.batch_id}")
    await visit.sees("imported", "Imported from AUTOMATIC1111")
    assert visit.one("imported").props["title"] == "lighthouse.png"
    await visit.sees("not-taken-over", "Hires upscaler: 4x-UltraSharp")


async def test_each_picture_tells_its_program_and_what_its_file_was_called(
    opening: Opening,
) -> None:
    visit = await opening("/gallery")
    names = ("IMG 0001", "a\N{RIGHT-TO-LEFT OVERRIDE}b\n\N{FOX FACE}")
    await bring(visit, **{name: foreign(seed) for seed, name in enumerate(names, 1)})
    await until(lambda: len(piles(visit)) == 1)
    await visit.open(f"/batch/{piles(visit)[0].shown.batch.batch_id}")
    open_tile(visit, 2)
    copied = [made.props["text"] for made in visit.inside(visit.one("facts"), CopyButton)]
    assert copied[-2:] == ["AUTOMATIC1111", f"{names[1]}.png"]
    browser_tells(visit, "see", 1)
    copied = [made.props["text"] for made in visit.inside(visit.one("facts"), CopyButton)]
    assert copied[-2:] == ["AUTOMATIC1111", f"{names[0]}.png"]


async def test_a_fault_of_the_disk_is_told_and_the_rest_named(opening: Opening) -> None:
    visit = await opening("/gallery")
    writer = visit.studio.app.storage.log._db._writer
    await writer.execute_fetchall("PRAGMA query_only = 1")
    await bring(visit, one=foreign(1), two=foreign(2))
    await visit.sees("import-summary", "0 imported · 2 not usable")
    await visit.user.should_see("cannot be written")


async def test_the_form_takes_the_settings_of_a_picture_and_gives_them_back(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    visit.fill("prompt", "mine")
    await drop(visit, "lighthouse.png", png(parameters=A1111))
    await visit.sees("answer", str(graph_words.USE_ITS_SETTINGS))
    await answer(visit)
    await until(lambda: visit.one("prompt").value == "a lighthouse in a storm, oil painting")
    assert str(visit.one("base-seed").value) == "4011223344"
    assert visit.one("negative-prompt").value == "people, text: none"
    numbers = [float(visit.one(mark).value) for mark in ("steps", "cfg", "width", "height")]
    assert numbers == [28, 6.5, 832, 1216]
    assert (visit.one("sampler").value, visit.one("scheduler").value) == ("dpmpp_2m", "karras")
    assert visit.one("model").value == MODEL
    assert [e.props["data-name"] for e in visit.all("lora")] == ["demo-fine-lines.safetensors"]
    await visit.user.should_see("Not taken over: Clip skip: 2")
    visit.click("undo")
    await until(lambda: visit.one("prompt").value == "mine")
    assert not visit.all("lora")
    assert str(visit.one("steps").value) != "28"
