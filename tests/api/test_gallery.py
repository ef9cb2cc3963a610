"""Batches found again, thrown away and wanted back."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit
from tests.faulty_engine import HangWhileSampling
from tests.studio import until

LAST_YEAR = "2025-01-01"

SENSELESS = [
    ("limit=0", "limit", "Limit must be a whole number from 1 to 200"),
    ("limit=201", "limit", "Limit must be a whole number from 1 to 200"),
    ("limit=ten", "limit", "Limit must be a whole number from 1 to 200"),
    ("limit=" + "9" * 5000, "limit", "Limit must be a whole number from 1 to 200"),
    ("favourites=perhaps", "favourites", "Favourites must be true or false"),
    ("from=yesterday", "from", "Start date must be a date like 2026-11-22 or a date-time "),
    ("to=2026-13-01", "to", "End date must be a date like 2026-11-22 or a date-time "),
    ("to=0001-01-01", "to", "End date must be a date like 2026-11-22 or a date-time "),
    ("from=2026-02-01&to=2026-01-01", "to", "End date must be after start date"),
    ("from=2026-02-01T10:00Z&to=2026-02-01T10:00Z", "to", "End date must be after start date"),
]


async def found(visitor: Visitor, **wanted: Any) -> JsonObject:
    answer = await visitor.get("/batches", params=wanted)
    assert answer.status_code == 200, answer.text
    page: JsonObject = answer.json()
    return page


def ids(page: JsonObject) -> list[str]:
    return [batch["batchId"] for batch in page["batches"]]


async def test_pages_follow_each_other_newest_first_with_totals_over_all(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        made = [await visitor.make(batchCount=2) for _ in range(3)]
        first = await found(visitor, limit=2)
        assert ids(first) == [made[2], made[1]]
        second = await found(visitor, limit=2, before=first["next"])
        assert (ids(second), second["next"]) == ([made[0]], None)
        for page in (first, second):
            assert (page["total"], page["totalImages"]) == (3, 6)
        images = [image for made_one in made for image in (await visitor.look(made_one))["images"]]
        assert first["totalBytes"] == sum(image["bytes"] for image in images)
        assert first["batches"][0] == (await visitor.look(made[2]))["batch"]


async def test_filters_find_what_they_name(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        fox = await visitor.make(prompt="A red Fox & 100% ünïcode")
        sea = await visitor.make(prompt="a calm sea", model="demo-landscapes.safetensors")
        (favourite, *_) = (await visitor.look(sea))["images"]
        await visitor.patch(f"/images/{favourite['id']}", json={"favourite": True})
        assert ids(await found(visitor, q="fox")) == [fox]
        assert ids(await found(visitor, q="& 100% ÜNÏ")) == [fox]
        assert ids(await found(visitor, q="nothing of that")) == []
        assert ids(await found(visitor, model="demo-landscapes.safetensors")) == [sea]
        assert ids(await found(visitor, favourites="true")) == [sea]
        assert ids(await found(visitor, favourites="false", q="", model="")) == [sea, fox]


async def test_a_time_span_takes_dates_and_moments(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        created = datetime.fromisoformat((await visitor.look(batch_id))["batch"]["createdAt"])
        today, hour = created.astimezone().date(), timedelta(hours=1)
        here = {"from": today.isoformat(), "to": today.isoformat()}
        now = {"from": (created - hour).isoformat(), "to": (created + hour).isoformat()}
        exactly = {"from": created.isoformat(), "to": (created + hour).isoformat()}
        for span in (here, now, exactly, {"from": LAST_YEAR}, {"to": today.isoformat()}):
            assert ids(await found(visitor, **span)) == [batch_id]
        for span in ({"to": LAST_YEAR}, {"from": (created + hour).isoformat()}):
            assert ids(await found(visitor, **span)) == []


async def test_what_cannot_be_looked_for_is_told(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for wanted, field, message in SENSELESS:
            answer = await visitor.get(f"/batches?{wanted}")
            error = answer.json()["error"]
            assert (answer.status_code, error["field"]) == (400, field)
            assert error["message"].startswith(message)


async def test_a_deleted_batch_is_gone_until_it_is_restored(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make()
        before = await visitor.look(batch_id)
        image = before["images"][0]["id"]
        await visitor.patch(f"/images/{image}", json={"rating": 4})
        answer = await visitor.delete(f"/batches/{batch_id}")
        assert (answer.status_code, answer.json()) == (200, {"deleted": True})
        gone = ("", "/archive"), (f"/images/{image}", f"/images/{image}/thumbnail")
        for path in (*(f"/batches/{batch_id}{end}" for end in gone[0]), *gone[1]):
            assert (await visitor.get(path)).status_code == 404, path
        for verb in ("resume", "regenerate", "cancel"):
            assert (await visitor.post(f"/batches/{batch_id}/{verb}")).status_code == 404
        assert (await visitor.delete(f"/batches/{batch_id}")).status_code == 404
        assert (await found(visitor))["total"] == 0
        restored = await visitor.post(f"/batches/{batch_id}/restore")
        assert restored.json() == before["batch"]
        after = await visitor.look(batch_id)
        assert after["batch"] == before["batch"]
        assert after["images"][0] == {**before["images"][0], "rating": 4}
        assert (await visitor.get(f"/images/{image}")).status_code == 200
        assert (await found(visitor))["total"] == 1
        assert not list((here.folder / "images" / "trash").iterdir())


async def test_nothing_of_a_running_batch_can_be_deleted(tmp_path: Path) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=2)) as (here, visitor):
        batch_id = await visitor.start()
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.completed_images == 1)
        for path in (f"/batches/{batch_id}", f"/images/{batch_id}-001"):
            answer = await visitor.delete(path)
            assert answer.status_code == 409
            assert "still running" in answer.json()["error"]["message"]
        assert (await visitor.get(f"/images/{batch_id}-001")).status_code == 200
