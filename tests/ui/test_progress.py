"""The stage of a batch while it runs, and the moment at which it turns into the comparison."""

import asyncio

import pytest
from nicegui import binding, ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.passing import PreviewArrived, StepDone
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress.progress import Throttle
from batchgen_app.ui.live import LiveBatchState, Previews
from batchgen_app.ui.parts.controls import Keys
from tests.faulty_engine import FailAtNode, Fault, HangWhileSampling
from tests.studio import TIMEOUT_OF_THE_TEST, until
from tests.ui.conftest import Opening, Visit


async def watching(opening: Opening, *faults: Fault, **changes: object) -> tuple[Visit, BatchState]:
    """A person on the page of a batch that has just been started."""
    visit = await opening("/settings", *faults, step_delay=0.01)
    batch = await visit.studio.start(**changes)
    await visit.open(f"/batch/{batch.batch_id}")
    return visit, batch


def statuses(visit: Visit) -> list[str]:
    return [place.props["data-status"] for place in visit.all("thumbnail")]


async def test_every_image_has_its_place_from_the_start(opening: Opening) -> None:
    visit, _ = await watching(opening, HangWhileSampling(prompt=2), batchCount=5)
    places = visit.all("thumbnail")
    assert [place.props["data-index"] for place in places] == ["1", "2", "3", "4", "5"]
    await until(lambda: statuses(visit) == ["completed", "generating", *["pending"] * 3])


async def test_a_failed_image_says_why_and_the_others_go_on(opening: Opening) -> None:
    faults = FailAtNode(prompt=1, message="no such luck"), HangWhileSampling(prompt=3)
    visit, _ = await watching(opening, *faults, batchCount=4)
    await until(lambda: statuses(visit) == ["failed", "completed", "generating", "pending"])
    assert visit.texts("failed-count") == ["1 failed"]
    assert "no such luck" in visit.all("thumbnail")[0].props["aria-label"]


async def test_keys_judge_what_is_there_while_the_rest_is_still_made(opening: Opening) -> None:
    visit, batch = await watching(opening, HangWhileSampling(prompt=3), batchCount=4)
    await until(lambda: batch.completed_images == 2)
    (keys,) = visit.inside(visit.page.layout, Keys)

    def press(key: str, index: object) -> None:
        UserInteraction(visit.user, {keys}, None).trigger("mark", [key, index])

    for key, index in (("f", 1), ("4", 2), ("x", 2), ("x", 3), ("q", 1), ("5", 99), ("5", "1")):
        press(key, index)
    await until(lambda: batch.pictures[1].rejected)
    first, second = batch.pictures
    assert (first.favourite, first.rating, first.rejected) == (True, 0, False)
    assert (second.favourite, second.rating, second.rejected) == (False, 4, True)
    await until(lambda: len(visit.all("heart")) == 1)
    press("u", 2)
    await until(lambda: not batch.pictures[1].rejected)
    assert batch.pictures[1].rating == 4


async def test_the_stage_turns_into_the_comparison_by_itself(opening: Opening) -> None:
    visit, batch = await watching(opening)
    assert visit.all("batch-progress")
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert not visit.all("batch-progress")
    assert len(visit.all("comparison-tile")) == batch.total_images


async def test_cancel_says_that_it_is_stopping_until_the_server_lets_go(opening: Opening) -> None:
    visit, batch = await watching(opening, HangWhileSampling(prompt=2))
    await until(lambda: batch.completed_images == 1)
    button = visit.one("cancel")
    await visit.stop()
    await until(lambda: not button.enabled)
    assert button.text == "Stopping…"
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert batch.ended_because == "cancelled by hand"


async def test_a_lost_server_is_told_with_a_way_to_ask_at_once(opening: Opening) -> None:
    visit, batch = await watching(opening, HangWhileSampling(prompt=2))
    await until(lambda: batch.completed_images == 1)
    await visit.studio.engine.stop()

    def said() -> list[str]:
        boxes = visit.all("server-error")
        return [label.text for box in boxes for label in visit.inside(box, ui.label)]

    await until(lambda: any("Your finished image is safe." in text for text in said()))
    assert said()[0] == "Cannot connect to server"
    visit.studio.faults.clear()
    await visit.studio.engine.start()
    visit.click("retry")
    await visit.studio.end(batch)
    assert batch.completed_images == batch.total_images
    await until(lambda: not visit.all("server-error"))


async def test_a_preview_has_an_address_that_cannot_be_guessed(opening: Opening) -> None:
    visit, batch = await watching(opening, HangWhileSampling(prompt=1, at_step=1))
    await until(lambda: str(visit.one("live-preview").props["src"]).startswith("/previews/"))
    address = visit.one("live-preview").props["src"]
    answer = await visit.user.http_client.get(address)
    assert answer.headers["content-type"] in {"image/jpeg", "image/png"}
    assert batch.preview
    assert answer.content == batch.preview.picture
    guessed = address.replace(address.split("/")[2], "guessed")
    assert (await visit.user.http_client.get(guessed)).status_code == 404


def test_everybody_gets_the_same_address_for_a_frame_and_a_late_asker_the_newest() -> None:
    previews = Previews()
    frames = [PreviewArrived("b", 1, bytes([n]), "image/png") for n in range(5)]
    addresses = [previews.address(frame) for frame in frames]
    assert len(set(addresses)) == 5
    assert previews.address(frames[-1]) == addresses[-1]
    assert previews.address(PreviewArrived("other", 1, b"", "image/png")) not in addresses


def test_the_frames_of_one_batch_do_not_push_out_those_of_another_one() -> None:
    previews = Previews()
    frame = PreviewArrived("mine", 1, b"mine", "image/png")
    previews.address(frame)
    for n in range(50):
        previews.address(PreviewArrived("other", 1, bytes([n]), "image/png"))
    assert previews._find("mine", 1) is frame
    for n in range(50):
        previews.address(PreviewArrived(f"another-{n}", 1, b"", "image/png"))
    assert previews._find("mine", 1) is None


async def test_ten_frames_a_second_reach_a_browser_and_the_newest_wins(opening: Opening) -> None:
    visit, batch = await watching(opening, HangWhileSampling(prompt=1, at_step=1))
    await until(lambda: batch.preview is not None)
    preview = visit.one("live-preview")
    shown: set[str] = set()
    began = asyncio.get_running_loop().time()
    for n in range(200):
        batch.apply(PreviewArrived(batch.batch_id, 1, bytes([n]), "image/png"))
        shown.add(preview.props["src"])
        await asyncio.sleep(0)
    passed = asyncio.get_running_loop().time() - began
    assert len(shown) <= 3 + 10 * passed
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while await seen(visit) != bytes([199]):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)


async def test_a_step_does_not_wait_behind_its_preview(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, batch = await watching(opening, HangWhileSampling(prompt=1, at_step=1))
    await until(lambda: visit.one("live-preview").props["src"].startswith("/previews/"))
    poller, shown, told = visit.one("batch-progress"), visit.one("live-preview").props["src"], []
    await until(lambda: batch.current_step == 1 and poller.numbers == poller._numbers())
    await until(lambda: not poller.pace._waits)
    monkeypatch.setattr(poller, "run_method", lambda _, numbers: told.append(numbers))
    poller.pace = Throttle(2 * TIMEOUT_OF_THE_TEST, poller._tell)
    batch.apply(PreviewArrived(batch.batch_id, 1, b"a frame", "image/png"))
    await until(lambda: visit.one("live-preview").props["src"] != shown)
    batch.apply(StepDone(batch.batch_id, 1, 2, 2))
    await until(lambda: [numbers["currentStep"] for numbers in told] == [2])


async def seen(visit: Visit) -> bytes:
    """What the browser would load for the live preview."""
    answer = await visit.user.http_client.get(visit.one("live-preview").props["src"])
    return answer.content


async def test_nothing_of_a_page_is_left_when_its_person_goes(opening: Opening) -> None:
    visit, batch = await watching(opening)
    assert isinstance(batch, LiveBatchState)
    (view,) = batch.views.opened
    await until(lambda: bool(visit.all("comparison-view")))
    assert bound_to(view) > 0
    visit.page.delete()
    assert bound_to(view) == 0
    assert not batch.views.opened


def bound_to(batch: BatchState) -> int:
    """How many widgets follow a batch, or a page's view of it."""
    followed = (key for key in binding.bindings if key[0] == id(batch))
    return sum(len(binding.bindings[key]) for key in followed)


async def test_a_batch_that_is_not_there_is_404_and_leads_to_the_gallery(opening: Opening) -> None:
    visit = await opening("/settings")
    answer = await visit.user.http_client.get("/batch/20200101-000000-000000-ffff")
    assert answer.status_code == 404
    assert "Open the gallery" in answer.text
