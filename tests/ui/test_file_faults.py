"""What pages are told of a picture that cannot be shown."""

from typing import Any

from tests.ui.conftest import Opening, Visit


async def told(visit: Visit, image: str) -> dict[str, Any]:
    answer = await visit.user.http_client.get(f"/pictures/{image}/fault")
    assert answer.status_code == 200
    about: dict[str, Any] = answer.json()
    return about


async def test_which_file_what_happened_and_what_to_do(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make(batchCount=2)
    gone, whole = batch.pictures
    visit.studio.app.storage.store.picture_path(batch.batch_id, gone.filename).unlink()
    about = await told(visit, gone.id)
    assert (about["kind"], about["short"]) == ("missing", "Missing")
    assert gone.filename in about["said"]
    assert "make it again" in about["toDo"]
    assert (about["make"], about["href"]) == ("Make it again", f"/?like={batch.batch_id}&image=1")
    about = await told(visit, whole.id)
    assert about["kind"] == ""
    assert whole.filename in about["said"]
    about = await told(visit, "nobody")
    assert about["kind"] == ""
    assert "make" not in about
    assert "nobody" in about["said"]


async def test_it_is_told_in_the_language_of_whoever_reads(opening: Opening) -> None:
    visit = await opening("/settings")
    (gone, _) = (await visit.studio.make(batchCount=2)).pictures
    visit.studio.app.storage.store.picture_path(gone.batch_id, gone.filename).unlink()
    visit.user.http_client.headers["accept-language"] = "de"
    about = await told(visit, gone.id)
    assert (about["short"], about["make"]) == ("Fehlt", "Neu machen")
    assert about["said"].endswith("ist weg.")
