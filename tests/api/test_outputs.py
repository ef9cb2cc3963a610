"""Outputs that are no picture: handed over as they are, in whole or in part; what could act in a
browser is never shown there.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.api.visitor import visit
from tests.demo.graphs import plain
from tests.faulty_engine import SaveInstead
from tests.storage import making

AS_IS: dict[str, Any] = {
    "workflow": plain(),
    "model": None,
    "baseParameters": {},
    "batchCount": 2,
    "promptAsIs": True,
}


async def test_a_film_says_what_it_is_and_comes_whole_or_in_part(tmp_path: Path) -> None:
    film = making.film()
    async with visit(tmp_path, SaveInstead(ending="mp4", data=film, key="gifs")) as (_, visitor):
        told = await visitor.look(await visitor.make(**AS_IS))
        image = told["images"][0]
        assert (image["mediaType"], image["bytes"]) == ("video/mp4", len(film))
        assert not {"width", "height", "animated"} & set(image)
        whole = await visitor.get(f"/images/{image['id']}")
        assert (whole.content, whole.headers["content-type"]) == (film, "video/mp4")
        assert whole.headers["content-disposition"].startswith("inline")
        part = await visitor.get(f"/images/{image['id']}", headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, film[10:20])
        small = await visitor.get(f"/images/{image['id']}/thumbnail")
        assert small.headers["content-type"] == "image/webp"
        assert Image.open(io.BytesIO(small.content)).size == (300, 300)


@pytest.mark.parametrize(
    ("ending", "media_type", "served_as"),
    [
        ("svg", "image/svg+xml", "image/svg+xml"),
        ("html", "application/octet-stream", "application/octet-stream"),
        ("txt", "text/plain", "text/plain; charset=utf-8"),
        ("exr", "image/x-exr", "image/x-exr"),
    ],
)
async def test_what_no_browser_shows_safely_is_only_downloaded(
    tmp_path: Path, ending: str, media_type: str, served_as: str
) -> None:
    script = b"<script>alert(1)</script>"
    async with visit(tmp_path, SaveInstead(ending=ending, data=script)) as (_, visitor):
        image = (await visitor.look(await visitor.make(**AS_IS)))["images"][0]
        answer = await visitor.get(f"/images/{image['id']}")
        assert (image["mediaType"], answer.headers["content-type"]) == (media_type, served_as)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.content == script


async def test_a_picture_has_its_media_type_too(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        image = (await visitor.look(await visitor.make()))["images"][0]
        assert (image["mediaType"], image["width"], image["height"]) == ("image/png", 64, 64)


async def test_the_zip_holds_films_as_they_are(tmp_path: Path) -> None:
    film = making.film()
    async with visit(tmp_path, SaveInstead(ending="webm", data=film)) as (_, visitor):
        batch_id = await visitor.make(**AS_IS)
        answer = await visitor.get(f"/batches/{batch_id}/archive")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
            assert [files.read(name) for name in files.namelist()] == [film, film]
            assert all(name.endswith(".webm") for name in files.namelist())
