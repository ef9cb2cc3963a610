"""The events as they happen: in order, once, and gone on with where a reader left off."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

from batchgen_app.access.callers import OutNow
from batchgen_app.api import event_stream
from batchgen_app.api.event_stream import EventStream
from batchgen_app.core.errors import StorageError
from batchgen_app.core.events import BatchInterrupted
from batchgen_app.language.message import english
from batchgen_app.services.values import Told
from batchgen_app.storage import event_feed
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from tests.api.visitor import Visitor, visit
from tests.storage.test_damaged_rows import spoil
from tests.studio import TIMEOUT_OF_THE_TEST, until

END = "batch_completed"
README = Path(__file__).parents[2] / "README.md"


@dataclass(frozen=True)
class Frame:
    """One event as it came."""

    id: int
    event: str
    data: dict[str, Any]


async def frames(answer: httpx.Response) -> AsyncIterator[Frame]:
    """What a reader understands; comments and other fields are passed over."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if not line and "data" in fields:
            yield Frame(int(fields["id"]), fields["event"], json.loads(fields["data"]))
        fields = {**fields, name: value} if line else {}


async def read(visitor: Visitor, until_type: str, **asked: Any) -> list[Frame]:
    """Everything up to the first event of a type; then the connection is dropped."""
    found: list[Frame] = []
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        async with visitor.stream("GET", "/events/stream", **asked) as answer:
            assert answer.status_code == 200
            async with aclosing(frames(answer)) as told:  # type: ignore[type-var]
                async for frame in told:
                    found.append(frame)
                    if frame.event == until_type:
                        break
    return found


async def test_what_has_happened_and_what_happens_comes_as_the_log_has_it(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await visitor.make(batchCount=2)
        reading = asyncio.create_task(read(visitor, "image_rated"))
        second = await visitor.make(batchCount=2)
        await visitor.patch(f"/images/{second}-001", json={"rating": 4})
        told = await reading
        log = [entry.to_json() for entry in await here.app.storage.log.read()]
        assert [frame.data for frame in told] == log
        assert [frame.id for frame in told] == list(range(1, len(log) + 1))
        assert all(frame.event == frame.data["type"] for frame in told)


async def test_it_says_what_it_is_and_is_kept_by_nobody(tmp_path: Path) -> None:
    async with (
        visit(tmp_path) as (_, visitor),
        visitor.stream("GET", "/events/stream") as answer,
    ):
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert await anext(answer.aiter_lines()) == "retry: 1000"


async def test_a_reader_that_breaks_off_goes_on_without_gap_or_duplicate(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batches = [await visitor.start(batchCount=3) for _ in range(3)]
        told: list[Frame] = []
        while sum(frame.event == END for frame in told) < len(batches):
            # Each connection is dropped behind the first picture, while more of them are made.
            last = {"last-event-id": str(told[-1].id)} if told else {}
            seen = [f.event for f in told].count("image_completed")
            wanted = "image_completed" if seen < 9 else END
            told += await read(visitor, wanted, headers=last)
        log = [entry.to_json() for entry in await here.app.storage.log.read()]
        assert [frame.data for frame in told] == log[: len(told)]
        await until(lambda: not here.app.storage.feed.readers)


async def test_after_says_where_to_begin_and_the_header_counts_more(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.make(batchCount=2)
        assert (await read(visitor, END, params={"after": 3}))[0].id == 4
        both = {"params": {"after": 3}, "headers": {"last-event-id": "5"}}
        assert (await read(visitor, END, **both))[0].id == 6
        nothing = {"params": {"after": 3}, "headers": {"last-event-id": ""}}
        assert (await read(visitor, END, **nothing))[0].id == 4


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 17])
async def test_what_is_no_place_in_the_log_is_bad_input(tmp_path: Path, last: str) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.get("/events/stream", headers={"last-event-id": last})
        assert answer.status_code == 400
        assert "Last-Event-ID must be a whole number" in answer.json()["error"]["message"]
        answer = await visitor.get("/events/stream", params={"after": last})
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "after")


async def test_who_is_ahead_of_the_log_hears_what_happens_next(tmp_path: Path) -> None:
    """The database was made anew, say, while the reader slept."""
    async with visit(tmp_path) as (here, visitor):
        await visitor.make(batchCount=2)
        end = await here.app.storage.log.end()
        reading = asyncio.create_task(read(visitor, END, headers={"last-event-id": "999"}))
        await until(lambda: here.app.storage.feed.readers == 1)
        await visitor.make(batchCount=2)
        assert end - 1 <= (await reading)[0].id - 1 <= await here.app.storage.log.end()


async def test_what_another_process_appends_comes_as_well(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make(batchCount=2)
        end = await here.app.storage.log.end()
        reading = asyncio.create_task(read(visitor, "batch_interrupted", params={"after": end}))
        await until(lambda: here.app.storage.feed.readers == 1)
        async with await open_database(here.folder / "data" / "batchgen.db") as other:
            event = BatchInterrupted(
                at=here.app.batch_service._recorder.now(), batch_id=batch_id, because="elsewhere"
            )
            await EventLog(other).append(event)
        (told,) = await reading
        assert (told.id, told.data["because"]) == (end + 1, "elsewhere")


async def test_many_readers_cost_one_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    page = EventLog.page

    async def counted(log: EventLog, after: int, limit: int) -> Any:
        asked.append(after)
        return await page(log, after, limit)

    async with visit(tmp_path) as (here, visitor):
        feed = here.app.storage.feed
        readings = [asyncio.create_task(read(visitor, END)) for _ in range(20)]
        await until(lambda: feed.readers == len(readings))
        monkeypatch.setattr(EventLog, "page", counted)
        await visitor.make(batchCount=3)
        told = await asyncio.gather(*readings)
        assert all(each == told[0] for each in told)
        # Those that ask for what is kept already may come a moment too early, once.
        assert len(asked) < len(told[0]) + len(readings)
        await until(lambda: not feed.readers)


async def test_a_long_log_comes_whole_though_little_of_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_feed, "CHUNK", 3)
    monkeypatch.setattr(event_feed, "MOST_KEPT", 500)
    async with visit(tmp_path) as (here, visitor):
        await visitor.make(batchCount=5)
        reading = asyncio.create_task(read(visitor, "image_rated"))
        second = await visitor.make(batchCount=5)
        await visitor.patch(f"/images/{second}-001", json={"rating": 4})
        told = await reading
        assert [frame.id for frame in told] == list(range(1, await here.app.storage.log.end() + 1))


async def test_silence_has_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batchgen_app.api.server.BEAT_SECONDS", 0.01)
    async with (
        visit(tmp_path) as (_, visitor),
        visitor.stream("GET", "/events/stream") as answer,
    ):
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(5)] == ["retry: 1000", "", ":", "", ":"]
    assert event_stream.BEAT_SECONDS > 1


async def test_a_log_that_cannot_be_read_ends_it_and_the_reader_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.make(batchCount=2)

        async def broken(*_: object) -> None:
            raise StorageError(english("The disk is gone."))

        with monkeypatch.context() as fault:
            fault.setattr(EventLog, "page", broken)
            assert (await visitor.get("/events/stream")).text == "retry: 1000\n\n"
        assert (await read(visitor, END))[0].id == 1


async def test_with_the_app_it_ends_in_order_and_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchgen_app.api.server.BEAT_SECONDS", 3600.0)
    async with visit(tmp_path) as (here, visitor):
        feed = here.app.storage.feed
        async with visitor.stream("GET", "/events/stream") as answer:
            await until(lambda: feed.readers == 1)
            feed.close()
            told = [line async for line in answer.aiter_lines()]  # it ends in order
        assert told[0] == "retry: 1000"
        assert not feed.readers
        assert (await visitor.get("/events/stream")).text == "retry: 1000\n\n"


async def test_whoever_takes_nothing_any_more_keeps_nobody_waiting() -> None:
    """Its buffers are full: what is sent waits for ever."""
    is_out, is_stuck = asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncGenerator[Sequence[Told], None]:
        while True:
            yield [Told(1, "batch_started", "{}")]

    async def send(message: Message) -> None:
        if is_out.is_set():
            raise OutNow
        if message.get("body", b"").startswith(b"id: 1"):
            is_stuck.set()
            await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nobody leaves")

    stream = EventStream(pieces(), [_ended(is_out)])
    answering = asyncio.create_task(stream({"type": "http"}, receive, send))
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        await is_stuck.wait()
        is_out.set()
        with pytest.raises(OutNow):
            await answering


@pytest.mark.parametrize("sent_before", [0, 1, 2, 3])
async def test_told_to_end_at_any_moment_its_answer_has_one_end(sent_before: int) -> None:
    """Begun or not, in the middle, or with its own last word just on the way."""
    is_out, sent = asyncio.Event(), list[Message]()

    async def pieces() -> AsyncGenerator[Sequence[Told], None]:
        for nothing in list[Sequence[Told]]():
            yield nothing

    async def send(message: Message) -> None:
        sent.append(message)
        if not is_out.is_set() and len(sent) == sent_before:
            is_out.set()
            await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nobody leaves")

    if not sent_before:
        is_out.set()
    await EventStream(pieces(), [_ended(is_out)])({"type": "http"}, receive, send)
    kinds = [message["type"] for message in sent]
    assert kinds[:1] in ([], ["http.response.start"])
    ends = [message for message in sent if not message.get("more_body", True)]
    assert len(ends) == (1 if sent else 0)
    assert not ends or sent[-1] == ends[0]


async def _ended(event: asyncio.Event) -> None:
    await event.wait()


async def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make(batchCount=2)
        end = await here.app.storage.log.end()
        await asyncio.to_thread(spoil, here.folder / "data", end, b'"\x00\xff{')
        reading = asyncio.create_task(read(visitor, "image_rated"))
        await until(lambda: here.app.storage.feed.readers == 1)
        await visitor.patch(f"/images/{batch_id}-001", json={"rating": 4})
        told = await reading
        numbers = [frame.id for frame in told]
        assert numbers == sorted({*numbers})
        assert told[-1].event == "image_rated"


async def test_the_reader_of_the_readme_hears_of_each_picture(tmp_path: Path) -> None:
    text = README.read_text("utf-8")
    (code,) = re.findall(r"```python\n(import httpx.*?)```", text, re.DOTALL)
    assert len([line for line in code.splitlines() if line]) == 10
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=2)
        here = code.replace("http://127.0.0.1:8420/api/", str(visitor.base_url))
        reader = await asyncio.create_subprocess_exec(
            sys.executable, "-c", here, stdout=asyncio.subprocess.PIPE
        )
        assert reader.stdout
        told: list[str] = []
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            while END not in "".join(told[-1:]):
                told.append((await reader.stdout.readline()).decode())
        reader.kill()
        await reader.wait()
        pictures = [line.split() for line in told if line.startswith("image_completed")]
        assert [picture[1] for picture in pictures] == [batch_id] * 2
        assert all(picture[2].endswith(".png") for picture in pictures)
