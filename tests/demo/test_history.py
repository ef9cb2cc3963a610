"""What is remembered of prompts that are done."""

from tests.comfy.recorded import answers
from tests.demo.graphs import node, plain
from tests.demo.guest import Guest, images


async def test_an_entry_has_the_keys_of_a_recorded_one(guest: Guest) -> None:
    entry = await guest.run(plain())
    told = next(iter(answers("l_get", "GET /history?max_items=1")[0]["resp"].values()))
    assert entry.keys() == told.keys()
    assert entry["meta"] == told["meta"]
    assert [kind for kind, _ in entry["status"]["messages"]] == [
        kind for kind, _ in told["status"]["messages"]
    ]
    for ours, theirs in zip(entry["status"]["messages"], told["status"]["messages"], strict=True):
        assert ours[1].keys() == theirs[1].keys()


async def test_unknown_waiting_and_deleted_ones_are_empty(guest: Guest) -> None:
    assert (await guest.http.get("/history/no-such-id")).json() == {}
    await guest.run(plain())
    prompt_id = guest.heard[-1]["data"]["prompt_id"] if isinstance(guest.heard[-1], dict) else ""
    assert await guest.history(prompt_id)
    await guest.http.post("/history", json={"delete": [prompt_id, "unknown"]})
    assert await guest.history(prompt_id) == {}


async def test_the_newest_or_counted_from_the_oldest(guest: Guest) -> None:
    ids = [await guest.submit(plain(colour)) for colour in range(4)]
    await guest.hear_end(ids[-1])

    async def listed(**query: int) -> list[str]:
        return list((await guest.http.get("/history", params=query)).json())

    assert await listed() == ids
    assert await listed(max_items=2) == ids[2:]
    assert await listed(max_items=2, offset=1) == ids[1:3]
    await guest.http.post("/history", json={"clear": True})
    assert await listed() == []


async def test_outputs_of_the_half_that_worked_are_there(guest: Guest) -> None:
    graph = {
        **plain(),
        "3": node("EmptyImage", width=16384, height=16384, batch_size=4096, color=0),
    }
    graph["4"] = node("SaveImage", images=["3", 0], filename_prefix="x")
    entry = await guest.run(graph)
    assert entry["status"]["status_str"] == "error"
    assert len(images(entry)) == 1
    error = dict(entry["status"]["messages"])["execution_error"]
    assert error["exception_type"] == "RuntimeError"
    assert error["current_inputs"]["width"] == [16384]
    assert error["exception_message"].endswith("\n")
