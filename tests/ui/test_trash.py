"""What was deleted: seen, had back, or removed for good."""

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.state import BatchState
from batchgen_app.ui.gallery import words
from tests.faulty_engine import FailAtNode
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_theme import toasted


async def trash(opening: Opening) -> tuple[Visit, BatchState, BatchState]:
    """The page with an image of one batch on it, and another batch as a whole."""
    visit = await opening("/settings")
    one = await visit.studio.make(prompt="a red fox", batchCount=3)
    two = await visit.studio.make(prompt="a calm sea", batchCount=6)
    await visit.studio.app.image_service.delete_images(one.pictures[1].id)
    await visit.studio.app.image_service.delete_batch(two.batch_id)
    await visit.open("/trash")
    assert said(visit) == ["Batch of 6 images", "1 of 3 images"]
    return visit, one, two


def said(visit: Visit) -> list[str]:
    """What the cards say about how much lies there."""
    texts = [label.text for card in visit.all("trash-item") for label in labels(visit, card)]
    return [text.split(" · ")[0] for text in texts if " · " in text]


def labels(visit: Visit, inside: ui.element) -> list[ui.label]:
    return visit.inside(inside, ui.label)


def sources(visit: Visit) -> list[str]:
    """Where the pictures of the cards come from."""
    cards = visit.all("trash-item")
    found = [element for card in cards for element in visit.inside(card, ui.element)]
    return [element.props["src"] for element in found if element.tag == "img"]


async def test_an_empty_trash_says_what_it_is_for(opening: Opening) -> None:
    visit = await opening("/trash")
    await visit.user.should_see(str(words.TRASH_NOTHING))
    assert not visit.all("empty-trash")


async def test_what_lies_there_is_shown_with_its_pictures(opening: Opening) -> None:
    visit, _, _ = await trash(opening)
    assert visit.texts("trash-stats")[0].startswith("7 images, ")
    addresses = sources(visit)
    assert len(addresses) == 4 + 1
    for address in addresses:
        answered = await visit.user.http_client.get(address)
        assert (answered.status_code, answered.content[:4]) == (200, b"RIFF")
    for address in (addresses[0].rpartition("/")[0] + "/9", "/trash/nothing/1"):
        assert (await visit.user.http_client.get(address)).status_code == 404


async def test_things_are_had_back_one_by_one(opening: Opening) -> None:
    visit, one, two = await trash(opening)
    UserInteraction(visit.user, {visit.all("restore")[0]}, None).click()
    await until(lambda: said(visit) == ["1 of 3 images"])
    assert not two.deleted
    await until(lambda: bool(visit.all("toast")))
    assert toasted(visit) == str(words.RESTORED)
    visit.click("restore")
    await until(lambda: not visit.all("trash-item"))
    assert len(one.pictures) == 3


async def test_it_is_emptied_only_after_a_question(opening: Opening) -> None:
    visit, one, two = await trash(opening)
    visit.click("empty-trash")
    await visit.user.should_see("This cannot be undone")
    visit.user.find(str(words.KEEP_TRASH)).click()
    await visit.fade()
    assert not visit.all("agree")
    assert len(visit.all("trash-item")) == 2
    visit.click("empty-trash")
    await visit.sees("agree")
    visit.click("agree")
    await until(lambda: not visit.all("trash-item"))
    await visit.user.should_see(str(words.TRASH_NOTHING))
    assert (await visit.studio.events(two))[-1] == "trash_emptied"
    assert [picture.index for picture in one.pictures] == [1, 3]


async def test_the_question_follows_what_comes_into_the_trash_meanwhile(opening: Opening) -> None:
    visit, one, _ = await trash(opening)
    visit.click("empty-trash")
    await visit.user.should_see("7 images (")
    await visit.studio.app.image_service.delete_images(one.pictures[0].id)
    await visit.user.should_see("8 images (")


async def test_what_is_deleted_elsewhere_appears_by_itself(opening: Opening) -> None:
    visit, one, _ = await trash(opening)
    await visit.studio.app.image_service.delete_batch(one.batch_id)
    await until(lambda: said(visit) == ["Batch of 2 images", "Batch of 6 images"])


async def test_a_batch_without_pictures_is_one_batch(opening: Opening) -> None:
    visit = await opening("/settings", FailAtNode(message="no luck"))
    batch = await visit.studio.make(prompt="a red fox", batchCount=3)
    await visit.studio.app.image_service.delete_batch(batch.batch_id)
    await visit.open("/trash")
    assert said(visit) == ["1 batch"]
    assert visit.texts("trash-stats")[0].startswith("1 batch, ")
    visit.click("empty-trash")
    await visit.user.should_see("1 batch (")
