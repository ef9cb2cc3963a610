"""The engine's messages come in the order in which a real ComfyUI sent them."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.comfy.recorded import answers, frames
from tests.demo.conftest import LAB_MODELS
from tests.demo.guest import Guest, Message, visiting
from tests.faulty_engine import FailAtNode, FaultPlan

TXT2IMG = "a_txt2img"
IDLE = ("status", 0, False)


@pytest.fixture
def settings(faults: FaultPlan) -> DemoSettings:
    return DemoSettings(step_delay=0.0, load_delay=0.0, models=LAB_MODELS, hooks=faults)


def shape(message: Any) -> tuple[Any, ...]:
    """What must be equal in the recording and here; ids, times and file names may differ."""
    if isinstance(message, bytes):
        return ("frame", int.from_bytes(message[:4], "big"))
    if "event_type" in message:
        return ("frame", message["event_type"])
    kind, data = message["type"], message["data"]
    essence = ESSENCES.get(kind, lambda data: (data.get("node"), set(data)))
    return (kind, *essence(data))


def _states(data: Any) -> tuple[Any, ...]:
    return tuple((n, s["state"], s["value"], s["max"]) for n, s in data["nodes"].items())


def _end(data: Any) -> tuple[Any, ...]:
    return (data["node_id"], data["node_type"], set(data["executed"]), set(data))


ESSENCES: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "status": lambda data: (data["status"]["exec_info"]["queue_remaining"], "sid" in data),
    "progress_state": _states,
    "progress": lambda data: (data["node"], data["value"], data["max"]),
    "executed": lambda data: (data["node"], len(data["output"]["images"])),
    "execution_error": _end,
    "execution_interrupted": _end,
    "execution_cached": lambda data: (data["nodes"], set(data)),
    "feature_flags": lambda data: (data["supports_preview_metadata"], data["max_upload_size"]),
}


def recorded(name: str, socket: str = "ws") -> list[tuple[Any, ...]]:
    """The shapes of what one socket received in a transcript."""
    return [shape(frame.meaning) for frame in frames(name, socket)]


def prompts(name: str) -> list[dict[str, Any]]:
    """The bodies of the accepted POST /prompt requests of a transcript."""
    rows = answers(name, "POST /prompt")
    return [row["req_body"] for row in rows if row["status"] == 200]


def shapes(messages: Iterable[Message]) -> list[tuple[Any, ...]]:
    return [shape(message) for message in messages]


def of_one_prompt(found: list[Any], number: int) -> list[Any]:
    """What lies between the n-th execution_start (from 0) and the end of that prompt."""
    starts = [i for i, s in enumerate(found) if s[0] == "execution_start"]
    ends = [i for i, s in enumerate(found) if s[:2] == ("executing", None)]
    return found[starts[number] : ends[number] + 1]


def without_status(found: list[Any]) -> list[Any]:
    return [message for message in found if message[0] != "status"]


async def replay(guest: Guest, name: str, first: int = 0, last: int | None = None) -> None:
    """Submits the prompts of a transcript one after another."""
    for body in prompts(name)[first:last]:
        await guest.hear_end(await guest.submit(body["prompt"]))


async def test_a_run_with_previews(guest: Guest) -> None:
    await replay(guest, TXT2IMG)
    assert shapes(guest.heard) == recorded(TXT2IMG)


async def test_previews_with_metadata_come_before_their_progress(engine: DemoEngine) -> None:
    name = "m_feature_flags"
    async with visiting(engine.url, flags=True) as guest:
        await replay(guest, name)
        told = recorded(name)
        assert (
            shapes(guest.heard)
            == told[: told.index(("executing", None, {"node", "prompt_id"})) + 1]
        )


async def test_a_prompt_sent_twice_is_answered_from_the_cache(guest: Guest) -> None:
    await replay(guest, TXT2IMG)
    guest.heard.clear()
    await replay(guest, "b_resubmitted")
    assert shapes(guest.heard) == recorded("b_resubmitted")[1:]


async def test_only_the_seed_changed(guest: Guest) -> None:
    await replay(guest, TXT2IMG)
    guest.heard.clear()
    await replay(guest, "c_only_seed")
    assert shapes(guest.heard) == recorded("c_only_seed")[1:]


async def test_the_cache_holds_the_last_prompt_until_it_is_freed(guest: Guest) -> None:
    name = "b2_cached"
    await replay(guest, name, last=4)
    await guest.http.post("/free", json={"unload_models": True, "free_memory": True})
    await replay(guest, name, first=4, last=5)
    targets = prompts(name)[5]
    await guest.hear_end(await guest.submit(targets["prompt"], partial_execution_targets=["3"]))
    assert shapes(guest.heard) == recorded(name)


async def test_three_pictures_in_one_batch(guest: Guest) -> None:
    name = "p_batch_size_3"
    await replay(guest, name, last=1)
    told = recorded(name)
    assert of_one_prompt(shapes(guest.heard), 0) == of_one_prompt(told, 0)


async def test_a_checkpoint_that_cannot_be_loaded(guest: Guest, faults: FaultPlan) -> None:
    faults.add(FailAtNode(prompt=1, class_type="CheckpointLoaderSimple"))
    prompt = prompts(TXT2IMG)[0]["prompt"]
    await guest.hear_end(await guest.submit(prompt))
    assert of_one_prompt(shapes(guest.heard), 0) == of_one_prompt(recorded("e_execution"), 0)


async def test_a_failure_and_a_healthy_prompt_behind_it(guest: Guest) -> None:
    """Prompts 2 to 5 of the recording: no memory, healthy, two branches, the same once more."""
    name = "e_execution"
    for body in prompts(name)[2:6]:
        await guest.hear_end(await guest.submit(body["prompt"]))
    ours, theirs = shapes(guest.heard), recorded(name)
    for number in range(4):
        told = without_status(of_one_prompt(theirs, number + 2))
        assert without_status(of_one_prompt(ours, number)) == told


async def test_an_error_in_a_prompt_without_client_id_is_told_to_nobody(
    guest: Guest, faults: FaultPlan
) -> None:
    faults.add(FailAtNode(class_type="CheckpointLoaderSimple"))
    await guest.http.post("/prompt", json={"prompt": prompts(TXT2IMG)[0]["prompt"]})
    await guest.hear_all()
    one, nobody = recorded("e_execution", "other"), ("progress_state", ("4", "running", 0.0, 1.0))
    start = one.index(nobody) - 2
    assert shapes(guest.heard)[1:] == one[start : start + 4]


async def test_what_others_see_of_a_prompt_without_client_id(guest: Guest) -> None:
    name = "i_no_websocket"
    await guest.http.post("/prompt", json={"prompt": prompts(name)[0]["prompt"]})
    await guest.hear_all()
    told = recorded(name, "other")
    assert shapes(guest.heard) == told[: told.index(IDLE) + 1]


class TestSlowly:
    """Steps long enough to do something in mid-step."""

    @pytest.fixture
    def settings(self) -> DemoSettings:
        return DemoSettings(step_delay=0.3, load_delay=0.3, models=LAB_MODELS)

    async def test_an_interruption_in_mid_sampling(self, guest: Guest) -> None:
        graph = prompts("f_interrupt")[1]["prompt"]
        await guest.run(with_steps(graph, 1))
        prompt_id = await guest.submit(graph)
        await guest.hear_until("progress", value=1, prompt_id=prompt_id)
        await guest.http.post("/interrupt", json={"prompt_id": prompt_id})
        await guest.hear_end(prompt_id)
        told = of_one_prompt(recorded("f_interrupt"), 1)
        assert of_one_prompt(shapes(guest.heard), 1) == told

    async def test_an_interruption_while_a_checkpoint_loads(self, guest: Guest) -> None:
        first, graph = (prompts("f_interrupt")[n]["prompt"] for n in (1, 6))
        await guest.run(with_steps(first, 1))
        prompt_id = await guest.submit(graph)
        await guest.hear_until("executing", node="4", prompt_id=prompt_id)
        await guest.http.post("/interrupt")
        await guest.hear_end(prompt_id)
        told = of_one_prompt(recorded("f_interrupt"), 6)
        assert of_one_prompt(shapes(guest.heard), 1) == told

    async def test_an_interruption_without_client_id(self, guest: Guest) -> None:
        graph = prompts("f2_interrupt")[0]["prompt"]
        answer = await guest.http.post("/prompt", json={"prompt": graph})
        await guest.hear_until("progress", value=1)
        await guest.http.post("/interrupt", json={"prompt_id": answer.json()["prompt_id"]})
        await guest.hear_all()
        told = recorded("f2_interrupt", "other")
        assert shapes(guest.heard) == told[: told.index(IDLE) + 1]

    async def test_a_queue_that_is_changed_while_it_is_worked_off(self, guest: Guest) -> None:
        bodies = prompts("g_queue")
        ids = [await guest.submit(b["prompt"], front=b.get("front", False)) for b in bodies]
        await guest.hear_until("progress", value=1, prompt_id=ids[0])
        await guest.http.post("/queue", json={"delete": [ids[2]]})
        await guest.hear_end(ids[0])
        await guest.http.post("/queue", json={"clear": True})
        await guest.hear_end(ids[4])
        theirs, ours = recorded("g_queue"), shapes(guest.heard)
        assert lengths(ours) == lengths(theirs)
        assert of_one_prompt(ours, 1)[-8:] == of_one_prompt(theirs, 1)[-8:]


def with_steps(graph: dict[str, Any], steps: int) -> dict[str, Any]:
    """The same graph, sampled in so many steps."""
    sampler = {**graph["3"], "inputs": {**graph["3"]["inputs"], "steps": steps}}
    return {**graph, "3": sampler}


def lengths(found: list[Any]) -> list[int]:
    """The lengths of the queue that were told, each once while it did not change."""
    told = [message[1] for message in found if message[0] == "status"]
    return [n for n, before in zip(told, [None, *told], strict=False) if n != before]
