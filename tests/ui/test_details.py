"""Beside a picture: all that made it, what is another one there, its graph, and more like it."""

from nicegui import ui
from nicegui.elements.label import Label
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.like_image import like_image
from batchgen_app.core.request import SeedMode
from batchgen_app.ui.comparison import words
from batchgen_app.ui.parts.controls import CopyButton
from batchgen_app.ui.words import size
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_image_detail import looking, open_tile


def marks(visit: Visit) -> list[str]:
    """What is said to be another one."""
    said = [label for mark in visit.all("differs") for label in visit.inside(mark, Label)]
    return [label.text for label in said]


def unfold(visit: Visit, element: ui.element) -> None:
    UserInteraction(visit.user, {element}, None).trigger("toggle")


async def test_more_like_this_fills_the_form_with_new_seeds(opening: Opening) -> None:
    visit, batch = await looking(opening, 1, baseSeed=7, seedMode="incremental", batchCount=4)
    more = visit.one("more-like-this")
    assert more.props["href"] == f"/?like={batch.batch_id}&image=2&seeds=new"
    await visit.open(str(more.props["href"]))
    await until(lambda: visit.one("prompt").value == batch.request.prompt)
    asked = like_image(batch, 2, fresh=True)
    assert (asked.seed_mode, asked.base_seed, asked.batch_count) == (SeedMode.RANDOM, None, 4)
    assert visit.one("randomize-seeds").value


async def test_what_differs_within_a_batch_is_said(opening: Opening) -> None:
    varied = "a {red|blue|green|white|black} {fox|owl}"
    visit, _ = await looking(opening, 0, prompt=varied, dynamicPrompt=True, batchCount=8)
    assert f"Prompt: {words.OTHERS_DIFFER}" in marks(visit)


async def test_where_all_are_alike_nothing_is_said(opening: Opening) -> None:
    visit, _ = await looking(opening, 0)
    assert marks(visit) == []


async def test_what_is_another_one_than_before_is_said_with_what_it_was(opening: Opening) -> None:
    visit = await opening("/settings")
    old = await visit.studio.make(batchCount=2)
    origin = {"batchId": old.batch_id, "how": "changed"}
    base = {"steps": 3, "width": 64, "height": 128}
    wish = {"prompt": "a blue fox", "baseParameters": base, "basedOn": origin}
    new = await visit.studio.make(batchCount=2, **wish)
    await visit.open(f"/batch/{new.batch_id}")
    open_tile(visit, 1)
    await until(lambda: len(marks(visit)) == 3)
    assert marks(visit) == ["Prompt: Before: a red fox", "Before: 2", f"Before: {size(64, 64)}"]


async def test_the_graph_is_listed_node_by_node_when_it_is_unfolded(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    assert not visit.all("graph-node")
    unfold(visit, visit.one("graph"))
    await until(lambda: len(visit.all("graph-node")) == len(batch.workflow))
    titles = [e.props["data-node"] for e in visit.all("graph-node")]
    assert titles == list(batch.workflow)
    (sampler,) = [e for e in visit.all("graph-node") if e.props["data-node"] == "sampler"]
    assert not visit.inside(sampler, CopyButton)
    unfold(visit, sampler)
    await until(lambda: bool(visit.inside(sampler, CopyButton)))
    values = [copy.props["text"] for copy in visit.inside(sampler, CopyButton)]
    assert str(batch.image(2).seed) in values  # that of this image, not of the first
    assert any(label.text.startswith("from ") for label in visit.inside(sampler, Label))
    made = len(visit.inside(sampler, CopyButton))
    unfold(visit, sampler)
    unfold(visit, visit.one("graph"))
    assert len(visit.inside(sampler, CopyButton)) == made
    assert len(visit.all("graph-node")) == len(batch.workflow)


async def test_a_graph_that_is_not_known_is_said(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)
    batch.workflow = {}
    unfold(visit, visit.one("graph"))
    labels = visit.one("graph")
    await until(lambda: words.nodes(0) in [one.text for one in visit.inside(labels, Label)])


async def test_a_graph_of_hundreds_of_nodes_is_listed_a_few_at_a_time(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)
    node = {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox", "clip": ["0", 1]}}
    batch.workflow = {**batch.workflow, **{f"many-{number}": node for number in range(300)}}
    unfold(visit, visit.one("graph"))
    await until(lambda: len(visit.all("graph-node")) == len(batch.workflow))
    assert not visit.inside(visit.one("graph"), CopyButton)
