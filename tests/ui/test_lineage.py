"""Where a batch came from and what came of it stands above it, and leads there."""

from nicegui.elements.label import Label
from nicegui.elements.link import Link

from batchgen_app.core.request import BasedOn
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import lineage_words as words
from tests.studio import until
from tests.ui.conftest import Opening, Visit


def links(visit: Visit, mark: str) -> dict[str, str]:
    """What a line of relatives says, and where each leads."""
    found = visit.inside(visit.one(mark), Link)
    return {link.text: link.props["href"] for link in found}


def said(visit: Visit, mark: str) -> list[str]:
    return [label.text for label in visit.inside(visit.one(mark), Label)]


async def grandchild(visit: Visit) -> tuple[BatchState, BatchState, BatchState]:
    """A batch, what was changed in it, and what was made again of that."""
    first = await visit.studio.make(prompt="a red fox in the snow, " + "very " * 20)
    origin = {"batchId": first.batch_id, "how": "changed"}
    second = await visit.studio.make(prompt="a blue fox", basedOn=origin)
    accepted = await visit.studio.app.batch_service.regenerate(second.batch_id)
    await visit.studio.end(accepted.batch)
    return first, second, accepted.batch


async def test_several_generations_can_be_opened_and_so_can_what_came_of_a_batch(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    first, second, third = await grandchild(visit)
    await visit.open(f"/batch/{third.batch_id}")
    await until(lambda: bool(visit.all("ancestors")))
    found = links(visit, "ancestors")
    assert list(found.values()) == [f"/batch/{batch.batch_id}" for batch in (second, first)]
    (near, far) = found
    assert near.startswith("“a blue fox” · Today ")
    assert far.startswith("“a red fox in the snow, very very")
    assert "…” · Today " in far
    assert said(visit, "ancestors") == ["Regenerated from", "Changed from"]
    assert not visit.all("descendants")
    await visit.open(f"/batch/{second.batch_id}")
    await until(lambda: bool(visit.all("descendants")))
    ((told, target),) = links(visit, "descendants").items()
    assert told.startswith("Regenerated · Today ")
    assert target == f"/batch/{third.batch_id}"


async def test_an_ancestor_in_the_trash_is_said_without_a_link(opening: Opening) -> None:
    visit = await opening("/settings")
    first, second, third = await grandchild(visit)
    await visit.open(f"/batch/{third.batch_id}")
    await until(lambda: bool(visit.all("ancestors")))
    await visit.studio.app.image_service.delete_batch(second.batch_id)
    await until(lambda: len(links(visit, "ancestors")) == 1)
    assert list(links(visit, "ancestors").values()) == [f"/batch/{first.batch_id}"]
    assert any(text.startswith("a batch in the trash · ") for text in said(visit, "ancestors"))
    await visit.studio.app.image_service.restore_batch(second.batch_id)
    await until(lambda: len(links(visit, "ancestors")) == 2)


async def test_one_that_came_from_nothing_says_nothing_until_something_comes_of_it(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    await visit.open(f"/batch/{batch.batch_id}")
    assert not visit.all("led-to")
    origin = BasedOn(batch_id=batch.batch_id, how="picture").to_json()
    await visit.studio.make(basedOn=origin)
    await until(lambda: bool(visit.all("descendants")))
    (told,) = links(visit, "descendants")
    assert told.startswith(str(words.CAME_OF_IT["picture"]))
