"""Files of images: whole, in part, or not again; and what somebody thinks of them."""

import io
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit

TAGS = "Tags must be up to 50 texts of 1 to 60 characters"
SENSELESS: list[tuple[Any, str]] = [
    ({"rating": 6}, "Rating must be a whole number from 0 to 5"),
    ({"rating": True}, "Rating must be a whole number from 0 to 5"),
    ({"favourite": 1}, "Favourite must be true or false"),
    ({"rejected": "yes"}, "Rejected must be true or false"),
    ({"tags": "fox"}, TAGS),
    ({"tags": [" "]}, TAGS),
    ({"tags": ["x" * 61]}, TAGS),
    ({"tags": [str(number) for number in range(51)]}, TAGS),
    ({"tags": ["a\0b"]}, "Tags contain a character that cannot be stored"),
    ({"favorite": True}, 'Unknown field "favorite"'),
    ([], "The input must be a JSON object"),
]


async def first_image(visitor: Visitor) -> JsonObject:
    image: JsonObject = (await visitor.look(await visitor.make()))["images"][0]
    return image


def lying(folder: Path, image: JsonObject) -> Path:
    """Where the picture is on disk."""
    return folder.joinpath("images", "batches", image["batchId"], image["filename"])


async def test_the_picture_comes_exactly_as_it_lies_on_disk(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        answer = await visitor.get(f"/images/{image['id']}")
        assert answer.content == lying(tmp_path, image).read_bytes()
        assert len(answer.content) == image["bytes"]
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"] == f'inline; filename="{image["filename"]}"'


async def test_the_thumbnail_is_small_and_made_again_if_it_is_missing(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        file = lying(tmp_path, image).parent / "thumbnails" / "001.webp"
        before = file.read_bytes()
        file.unlink()
        answer = await visitor.get(f"/images/{image['id']}/thumbnail")
        assert answer.headers["content-type"] == "image/webp"
        assert answer.content == before == file.read_bytes()
        assert max(Image.open(io.BytesIO(answer.content)).size) <= 300


@pytest.mark.parametrize("path", ["", "/thumbnail"])
async def test_who_has_it_is_told_so(tmp_path: Path, path: str) -> None:
    async with visit(tmp_path) as (_, visitor):
        address = f"/images/{(await first_image(visitor))['id']}{path}"
        etag = (await visitor.get(address)).headers["etag"]
        for known in (etag, f'"other", W/{etag}', "*"):
            answer = await visitor.get(address, headers={"If-None-Match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == etag
            assert "immutable" in answer.headers["cache-control"]
        answer = await visitor.get(address, headers={"If-None-Match": '"other"'})
        assert answer.status_code == 200


async def test_the_head_alone_says_how_large_it_is(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        answer = await visitor.head(f"/images/{image['id']}")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(image["bytes"])


async def test_a_part_of_the_picture(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        data, size = lying(tmp_path, image).read_bytes(), image["bytes"]
        for wanted, part, span in (
            ("bytes=0-9", data[:10], f"0-9/{size}"),
            ("bytes=-5", data[-5:], f"{size - 5}-{size - 1}/{size}"),
            (f"bytes={size - 1}-{size + 9}", data[-1:], f"{size - 1}-{size - 1}/{size}"),
        ):
            answer = await visitor.get(f"/images/{image['id']}", headers={"Range": wanted})
            assert (answer.status_code, answer.content) == (206, part)
            assert answer.headers["content-range"] == f"bytes {span}"


@pytest.mark.parametrize(("wanted", "status"), [("bytes=99999999-", 416), ("bytes=a-b", 400)])
async def test_a_part_that_is_not_there(tmp_path: Path, wanted: str, status: int) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        answer = await visitor.get(f"/images/{image['id']}", headers={"Range": wanted})
        assert answer.status_code == status
        assert answer.headers["content-range"] == f"bytes */{image['bytes']}"
        assert "no such range" in answer.json()["error"]["message"]


async def test_a_file_that_is_gone_or_damaged_is_told_in_words(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        file = lying(tmp_path, image)
        (file.parent / "thumbnails" / "001.webp").unlink()
        file.write_bytes(b"no picture")
        damaged = await visitor.get(f"/images/{image['id']}/thumbnail")
        assert damaged.status_code == 404
        assert "not a PNG" in damaged.json()["error"]["message"]
        file.unlink()
        for path in ("", "/thumbnail"):
            answer = await visitor.get(f"/images/{image['id']}{path}")
            assert answer.status_code == 404
            assert f"{image['filename']} is gone" in answer.json()["error"]["message"].replace(
                f" of batch {image['batchId']}", ""
            )
        assert (await visitor.get(f"/images/{image['id']}/info")).json() == image


async def test_only_what_the_index_knows_is_given_never_a_path(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        folder = lying(tmp_path, image).parent
        (folder / "004_4.png").write_bytes(lying(tmp_path, image).read_bytes())
        for stranger in (
            f"{image['batchId']}-004",
            f"{image['batchId']}-000",
            f"{image['batchId']}/{image['filename']}",
            f"{image['batchId']}%2F{image['filename']}",
            "..%2F..%2Fbatchgen.db",
            "%2e%2e/%2e%2e/data/batchgen.db",
            f"{image['id']}%00",
            f"{image['id']}%0A",
            "%ff%fe",
            "%F0%9F%A6%8A",
            "x" * 5000,
        ):
            for path in ("", "/thumbnail", "/info"):
                answer = await visitor.get(f"/images/{stranger}{path}")
                assert answer.status_code == 404, stranger
                assert answer.json()["error"]["code"] == "not_found"


async def test_marks_are_kept_and_seen_in_the_same_batch_at_once(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        image = await first_image(visitor)
        batch = await here.app.batch_service.batch(image["batchId"])
        path = f"/images/{image['id']}"
        for marks in (
            {"favourite": True},
            {"rating": 5},
            {"rejected": True},
            {"favourite": False, "rating": 0},
            {"rejected": False},
            {},
        ):
            answer = await visitor.patch(path, json=marks)
            image = {**image, **marks}
            assert (answer.status_code, answer.json()) == (200, image)
            assert (await visitor.get(f"{path}/info")).json() == image
            assert (await visitor.look(image["batchId"]))["images"][0] == image
            (picture, *_) = batch.pictures
            assert picture.to_json() == image


async def test_tags_are_trimmed_kept_in_order_and_each_once(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        image = await first_image(visitor)
        path = f"/images/{image['id']}"
        assert image["tags"] == []
        given = [" Für  Anna ", "night", "FUR ANNA", "Night\nshot"]
        answer = await visitor.patch(path, json={"tags": given})
        assert answer.json()["tags"] == ["Für Anna", "night", "Night shot"]
        end = await here.app.storage.log.end()
        await visitor.patch(path, json={"tags": ["Für Anna", "night", "Night shot"]})
        assert await here.app.storage.log.end() == end, "nothing of it was new"
        both = {"ids": [image["id"], image["id"][:-1] + "2"], "tags": ["sea"]}
        marked = (await visitor.patch("/images", json=both)).json()["images"]
        assert [image["tags"] for image in marked] == [["sea"], ["sea"]]
        assert (await visitor.patch(path, json={"tags": []})).json()["tags"] == []
        assert (await visitor.get(f"{path}/info")).json() == image


async def test_marks_that_make_no_sense_change_nothing(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        for marks, message in SENSELESS:
            answer = await visitor.patch(f"/images/{image['id']}", json=marks)
            assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)
        assert (await visitor.get(f"/images/{image['id']}/info")).json() == image


async def test_many_images_are_marked_at_once_or_none_of_them(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id, other_id = await visitor.make(), await visitor.make()
        ids = [f"{other_id}-001", f"{batch_id}-002", f"{batch_id}-001"]
        answer = await visitor.patch("/images", json={"ids": [*ids, ids[0]], "rejected": True})
        assert answer.status_code == 200
        marked = answer.json()["images"]
        assert [(image["id"], image["rejected"]) for image in marked] == [(i, True) for i in ids]
        for image in marked:
            assert (await visitor.get(f"/images/{image['id']}/info")).json() == image
        refused = await visitor.patch("/images", json={"ids": [*ids, "nobody-001"], "rating": 5})
        assert refused.status_code == 404
        for image_id in ids:
            assert (await visitor.get(f"/images/{image_id}/info")).json()["rating"] == 0


async def test_many_images_are_deleted_at_once_or_none_of_them(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id, other_id = await visitor.make(), await visitor.make()
        ids = [f"{batch_id}-001", f"{batch_id}-003", f"{other_id}-002"]
        delete = partial(visitor.request, "DELETE", "/images")
        assert (await delete(json={"ids": [*ids, f"{other_id}-009"]})).status_code == 404
        assert len((await visitor.look(batch_id))["images"]) == 3
        assert (await delete(json={"ids": ids})).json() == {"deleted": True}
        assert [i["index"] for i in (await visitor.look(batch_id))["images"]] == [2]
        assert [i["index"] for i in (await visitor.look(other_id))["images"]] == [1, 3]
        for image_id in ids:
            assert (await visitor.post(f"/images/{image_id}/restore")).status_code == 200
        assert len((await visitor.look(batch_id))["images"]) == 3


@pytest.mark.parametrize("ids", [[], "x-001", [1], ["x-001"] * 1001, None])
async def test_what_names_no_images_is_refused(tmp_path: Path, ids: object) -> None:
    async with visit(tmp_path) as (_, visitor):
        for method in ("PATCH", "DELETE"):
            answer = await visitor.request(method, "/images", json={"ids": ids})
            assert answer.status_code == 400
            assert answer.json()["error"]["message"] == "Ids must be those of 1 to 1000 images"


async def test_a_deleted_image_is_gone_until_it_is_restored(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = await first_image(visitor)
        path, batch_id = f"/images/{image['id']}", image["batchId"]
        assert (await visitor.delete(path)).json() == {"deleted": True}
        for gone in ("", "/thumbnail", "/info"):
            assert (await visitor.get(f"{path}{gone}")).status_code == 404
        assert (await visitor.patch(path, json={"rating": 1})).status_code == 404
        assert (await visitor.delete(path)).status_code == 404
        assert image["id"] not in (await visitor.look(batch_id))["batch"]["images"]
        assert (await visitor.post(f"/batches/{batch_id}/resume")).status_code == 409
        assert (await visitor.post(f"{path}/restore")).json() == image
        assert (await visitor.post(f"{path}/restore")).json() == image
        assert (await visitor.get(path)).content == lying(tmp_path, image).read_bytes()
        assert (await visitor.get(f"{path}/thumbnail")).status_code == 200
