"""The event log over HTTP: everything, in order, once."""

from pathlib import Path

from tests.api.visitor import visit

NO_PLACE = ["after=-1", "after=x", "after=9007199254740992", "limit=0", "limit=1001", "limit="]


async def test_who_asks_on_with_last_reads_everything_once(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await visitor.make()
        log = [entry.to_json() for entry in await here.app.storage.log.read()]
        read, after = [], 0
        while True:
            page = (await visitor.get("/events", params={"after": after, "limit": 4})).json()
            assert page["end"] == len(log)
            if not page["events"]:
                break
            read += page["events"]
            after = page["last"]
        assert read == log
        assert [event["seq"] for event in read] == list(range(1, len(log) + 1))
        assert page == {"events": [], "last": len(log), "end": len(log)}


async def test_an_event_tells_its_type_and_the_fields_of_that_type(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=2)
        events = (await visitor.get("/events")).json()["events"]
        assert [event["type"] for event in events].count("image_completed") == 2
        submitted = next(event for event in events if event["type"] == "image_submitted")
        assert submitted.keys() == {
            "seq", "at", "batchId", "type", "index", "promptId", "seed"
        }  # fmt: skip
        assert {event["batchId"] for event in events} == {batch_id}


async def test_an_empty_log_and_a_place_behind_its_end(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        empty = {"events": [], "last": 0, "end": 0}
        assert (await visitor.get("/events")).json() == empty
        assert (await visitor.get("/events?after=7")).json() == empty


async def test_what_is_no_place_in_the_log_is_bad_input(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for wanted in NO_PLACE:
            answer = await visitor.get(f"/events?{wanted}")
            error = answer.json()["error"]
            assert (answer.status_code, error["field"]) == (400, wanted.partition("=")[0])
            assert "must be a whole number from" in error["message"]
