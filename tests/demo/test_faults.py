"""Each fault does what it says, to the prompt that it is meant for, and to no other."""

import asyncio
import struct
from io import BytesIO

import httpx
import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from batchgen_app.demo import DemoEngine
from tests.demo.graphs import node, plain, txt2img
from tests.demo.guest import TIMEOUT, Guest, images, visiting
from tests.faulty_engine import (
    AnswerLate,
    AnswerSlowly,
    BreakAnswers,
    BreakSubmit,
    CutSentPicture,
    DropSockets,
    FailAtNode,
    FailView,
    Fault,
    FaultPlan,
    HangWhileSampling,
    Hold,
    LateHistory,
    LosePrompt,
    Moment,
    RefuseSockets,
    RefuseSubmit,
    SilenceSockets,
    ViewFailure,
    out_of_memory,
)


def test_a_plan_finds_faults_by_kind_and_prompt() -> None:
    third, every = RefuseSubmit(prompt=3), BreakSubmit()
    plan = FaultPlan(third, every)
    assert plan.find(RefuseSubmit, 3) is third
    assert plan.find(RefuseSubmit, 2) is None
    assert plan.find(BreakSubmit, 7) is every
    plan.clear()
    assert plan.find(BreakSubmit, 7) is None


async def test_refused_at_submit(guest: Guest, faults: FaultPlan) -> None:
    faults.add(RefuseSubmit(prompt=2, message="No.", node_errors={"3": {"errors": []}}))
    await guest.run(plain(1))
    refused = await guest.post(plain(2))
    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == "No."
    assert refused.json()["node_errors"] == {"3": {"errors": []}}
    await guest.run(plain(3))


async def test_broken_at_submit_and_not_queued(guest: Guest, faults: FaultPlan) -> None:
    faults.add(BreakSubmit(prompt=1))
    assert (await guest.post(plain())).status_code == 500
    assert (await guest.http.get("/history")).json() == {}
    assert len(guest.heard) == 1


async def test_broken_at_submit_but_it_runs(guest: Guest, faults: FaultPlan) -> None:
    faults.add(BreakSubmit(prompt=1, queued=True))
    assert (await guest.post(plain())).status_code == 500
    await guest.hear_all()
    assert len((await guest.http.get("/history")).json()) == 1


async def test_the_answer_comes_too_late_but_the_prompt_runs(
    guest: Guest, faults: FaultPlan
) -> None:
    faults.add(AnswerLate(prompt=1, seconds=60))
    submitting = asyncio.create_task(guest.post(plain()))
    await guest.hear_all()
    assert not submitting.done()
    submitting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await submitting
    assert len((await guest.http.get("/history")).json()) == 1


async def test_a_late_answer_is_a_whole_answer(guest: Guest, faults: FaultPlan) -> None:
    faults.add(AnswerLate(seconds=0.01))
    await guest.run(plain())


@pytest.mark.parametrize("runs", [False, True])
async def test_a_prompt_is_lost(guest: Guest, faults: FaultPlan, *, runs: bool) -> None:
    faults.add(LosePrompt(prompt=1, runs=runs))
    prompt_id = await guest.submit(plain())
    await guest.hear_all()
    assert await guest.history(prompt_id) == {}
    queue = (await guest.http.get("/queue")).json()
    assert queue == {"queue_running": [], "queue_pending": []}
    kinds = {message["type"] for message in guest.about(prompt_id)}
    assert ("execution_success" in kinds) == runs
    await guest.run(plain(2))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (FailAtNode(prompt=1, class_type="VAEDecode", exception_type="ValueError"), "ValueError"),
        (out_of_memory(prompt=1), "torch.OutOfMemoryError"),
    ],
)
async def test_a_node_fails(guest: Guest, faults: FaultPlan, fault: Fault, kind: str) -> None:
    faults.add(fault)
    entry = await guest.run(txt2img())
    error = dict(entry["status"]["messages"])["execution_error"]
    assert error["exception_type"] == kind
    assert isinstance(fault, FailAtNode)
    assert error["node_type"] == fault.class_type
    assert (await guest.run(txt2img()))["status"]["completed"]


async def test_sampling_hangs_until_it_is_interrupted(guest: Guest, faults: FaultPlan) -> None:
    faults.add(HangWhileSampling(prompt=1, at_step=2))
    prompt_id = await guest.submit(txt2img())
    await guest.hear_until("progress", value=2)
    await guest.http.post("/interrupt", json={"prompt_id": prompt_id})
    await guest.hear_end(prompt_id)
    values = [m["data"]["value"] for m in guest.about(prompt_id) if m["type"] == "progress"]
    assert values == [1, 2]


async def test_sockets_drop_in_mid_sampling(guest: Guest, faults: FaultPlan) -> None:
    faults.add(DropSockets(prompt=1, at_step=2))
    prompt_id = await guest.submit(txt2img(steps=4))
    with pytest.raises(ConnectionClosedError):
        await guest.hear_end(prompt_id)
    values = [m["data"]["value"] for m in guest.about(prompt_id) if m["type"] == "progress"]
    assert values[-1:] <= [2]
    await guest.ended(prompt_id)


async def test_a_picture_is_cut_in_the_middle_of_its_frame(guest: Guest, faults: FaultPlan) -> None:
    faults.add(CutSentPicture(prompt=1, at=2))
    graph = {**plain(width=600), "2": node("SaveImageWebsocket", images=["many", 0])}
    graph["many"] = node("RepeatImageBatch", image=["1", 0], amount=3)
    prompt_id = await guest.submit(graph)
    with pytest.raises(ConnectionClosedError) as lost:
        await guest.hear_end(prompt_id)
    assert lost.value.rcvd is None, "no close frame"
    assert len([message for message in guest.heard if isinstance(message, bytes)]) == 1
    entry = await guest.ended(prompt_id)
    assert entry["status"]["status_str"] == "success"


async def test_sockets_are_silent_about_a_prompt(guest: Guest, faults: FaultPlan) -> None:
    faults.add(SilenceSockets(prompt=1))
    prompt_id = await guest.submit(plain())
    await guest.ended(prompt_id)
    await guest.run(plain(2))
    assert not guest.about(prompt_id)
    kinds = [message["type"] for message in guest.heard[1:3] if isinstance(message, dict)]
    assert kinds == ["status", "status"], "both of the second prompt"


async def test_the_history_is_late(guest: Guest, faults: FaultPlan) -> None:
    faults.add(LateHistory(prompt=1, seconds=0.5))
    prompt_id = await guest.submit(plain())
    await guest.hear_until("execution_success", prompt_id=prompt_id)
    assert await guest.history(prompt_id) == {}
    await guest.hear_end(prompt_id)
    assert await guest.history(prompt_id)


@pytest.mark.parametrize(
    ("failure", "status"), [(ViewFailure.MISSING, 404), (ViewFailure.BROKEN, 500)]
)
async def test_a_file_cannot_be_fetched_twice_and_then_it_can(
    guest: Guest, faults: FaultPlan, failure: ViewFailure, status: int
) -> None:
    faults.add(FailView(prompt=1, failure=failure, times=2))
    one, other = [images(await guest.run(plain(colour)))[0] for colour in (1, 2)]
    assert (await guest.view(other)).is_success
    statuses = [(await guest.view(one)).status_code for _ in range(3)]
    assert statuses == [status, status, 200]


async def test_the_connection_ends_in_mid_file(guest: Guest, faults: FaultPlan) -> None:
    faults.add(FailView(failure=ViewFailure.CUT_CONNECTION, times=1))
    file = images(await guest.run(txt2img(size=256)))[0]
    with pytest.raises(httpx.RemoteProtocolError):
        await guest.view(file)
    assert (await guest.view(file)).is_success


async def test_a_picture_claims_more_than_anybody_could_hold(
    guest: Guest, faults: FaultPlan
) -> None:
    faults.add(FailView(failure=ViewFailure.HUGE_CLAIM))
    answer = await guest.view(images(await guest.run(plain()))[0])
    width, height = struct.unpack(">II", answer.content[16:24])
    assert (width, height, len(answer.content) < 1000) == (60_000, 60_000, True)


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.name)
async def test_it_stands_still_at_a_moment_until_it_is_released(
    guest: Guest, faults: FaultPlan, moment: Moment
) -> None:
    hold = Hold(prompt=1, moment=moment)
    faults.add(hold)

    async def life() -> httpx.Response:
        return await guest.view(images(await guest.run(txt2img()))[0])

    living = asyncio.create_task(life())
    async with asyncio.timeout(TIMEOUT):
        await hold.reached.wait()
        assert not living.done()
        hold.released.set()
        assert (await living).is_success


async def test_no_websocket_is_let_in_while_http_works(
    engine: DemoEngine, faults: FaultPlan
) -> None:
    faults.add(RefuseSockets())
    with pytest.raises(InvalidStatus):
        async with visiting(engine.url):
            pass
    async with httpx.AsyncClient(base_url=engine.url) as http:
        assert (await http.get("/prompt")).is_success


async def test_some_answers_are_out_of_order_or_slow(guest: Guest, faults: FaultPlan) -> None:
    faults.add(BreakAnswers(path="/queue", status=418), AnswerSlowly(path="/prompt", seconds=0.2))
    assert (await guest.http.get("/queue")).status_code == 418
    assert (await guest.http.get("/history")).is_success
    with pytest.raises(httpx.ReadTimeout):
        await guest.http.get("/prompt", timeout=0.1)
    assert (await guest.http.get("/prompt")).is_success


async def test_hidden_it_works_on(engine: DemoEngine, faults: FaultPlan) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    faults.add(hold)
    async with visiting(engine.url) as guest:
        prompt_id = await guest.submit(txt2img())
        await hold.reached.wait()
        await engine.hide()
        with pytest.raises(httpx.TransportError):
            await guest.http.get("/prompt")
        await engine.show()
        assert images(await guest.ended(prompt_id))


@pytest.mark.parametrize("failure", [ViewFailure.CUT_FILE, ViewFailure.NOT_A_PICTURE])
async def test_what_comes_is_no_whole_picture(
    guest: Guest, faults: FaultPlan, failure: ViewFailure
) -> None:
    faults.add(FailView(failure=failure))
    answer = await guest.view(images(await guest.run(txt2img(size=256)))[0])
    assert answer.is_success
    assert answer.headers["content-type"] == "image/png"
    with pytest.raises(OSError, match=r"truncated|cannot identify"):
        _load(answer.content)


def _load(content: bytes) -> None:
    with Image.open(BytesIO(content)) as picture:
        picture.load()
