"""``POST /api/images/{id}/prove``: make it again, and say whether it came out the same."""

from pathlib import Path

from tests.api.visitor import visit


async def test_a_proof_is_a_batch_that_says_what_came_of_it(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=2)
        started = await visitor.post(f"/images/{batch_id}-002/prove")
        assert started.status_code == 201
        again = started.json()["batchId"]
        assert (started.json()["queuedImages"], started.json()["remarks"]) == (1, [])
        assert started.headers["location"] == f"/api/batches/{again}"
        batch = (await visitor.end(again))["batch"]
        image = f"{batch_id}-002"
        assert batch["proof"] == {"image": image, "identical": True, "differences": []}
        assert batch["basedOn"] == {"batchId": batch_id, "how": "proved", "image": 2}
        listed = (await visitor.get("/batches")).json()["batches"]
        assert [("proof" in each, each["batchId"]) for each in listed] == [
            (True, again),
            (False, batch_id),
        ]
        events = (await visitor.get("/events", params={"limit": 1000})).json()["events"]
        (proved,) = [event for event in events if event["type"] == "batch_proved"]
        assert proved["proof"] == batch["proof"]


async def test_a_picture_in_the_trash_is_not_proved(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=2)
        await visitor.delete(f"/images/{batch_id}-001")
        assert (await visitor.post(f"/images/{batch_id}-001/prove")).status_code == 404


async def test_without_a_server_nothing_is_begun(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make(batchCount=2)
        end = await here.app.storage.log.end()
        await here.engine.stop()
        answer = await visitor.post(f"/images/{batch_id}-001/prove")
        assert answer.status_code == 503
        assert await here.app.storage.log.end() == end
