"""All pictures, found by what people type, in every order, page by page, while others arrive."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest, StorageError
from batchgen_app.core.events import (
    BatchDeleted,
    BatchRestored,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
    ImageRejected,
    ImageTagged,
)
from batchgen_app.core.found_image import FoundImage
from batchgen_app.core.request import Lora
from batchgen_app.storage import connections, image_search
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.storage.image_query import ImageOrder, ImagePage, ImageQuery
from batchgen_app.storage.search_rows import model_text
from batchgen_app.storage.workflow_names import WorkflowNames
from tests.storage.diary import BUILT_IN, KIND, NOON, Diary, about, finished


async def found_page(diary: Diary, text: str = "", **wanted: Any) -> ImagePage:
    return await diary.gallery.find_images(ImageQuery(text, **wanted))


async def found(diary: Diary, text: str = "", **wanted: Any) -> list[str]:
    return ids((await found_page(diary, text, **wanted)).images)


def ids(images: Sequence[FoundImage]) -> list[str]:
    return [image.id for image in images]


def of(batch_id: str, *indexes: int) -> list[str]:
    return [f"{batch_id}-{index:03d}" for index in indexes]


async def test_a_picture_comes_with_what_it_shows_and_how_it_was_made(diary: Diary) -> None:
    made = KIND.model_copy(update={"negative_prompt": "blur", "sampler_name": "euler", "cfg": 7.0})
    batch_id = await diary.batch(1, prompt="A red fox", parameters=made)
    (image, _) = (await found_page(diary)).images
    assert (image.id, image.index) == (f"{batch_id}-002", 2)
    assert (image.prompt, image.negative_prompt) == ("A red fox", "blur")
    assert (image.model, image.steps, image.cfg) == ("dreams.ckpt", 20, 7.0)
    assert (image.sampler_name, image.scheduler, image.width) == ("euler", None, 64)


async def test_words_are_found_in_any_order_as_they_are_typed(diary: Diary) -> None:
    fox = await diary.batch(1, prompt="A red fox, jumping over GROSSE Äpfel", images=1)
    sea = await diary.batch(2, prompt="a red sea", images=1)
    assert await found(diary, "fox red") == of(fox, 1)
    assert await found(diary, "re") == of(sea, 1) + of(fox, 1)
    assert await found(diary, "jump große apf") == of(fox, 1)
    assert await found(diary, '"red fox"') == of(fox, 1)
    assert await found(diary, '"red fo"') == []
    assert await found(diary, '"red fo') == of(fox, 1)
    assert await found(diary, "red -fox") == of(sea, 1)
    assert await found(diary, "-red") == []
    assert await found(diary, "ox") == []


async def test_everything_that_made_it_is_looked_through(diary: Diary) -> None:
    kind = Parameters(
        model="sub/Dreams_v8.safetensors",
        negative_prompt="blurry",
        sampler_name="dpmpp_2m",
        scheduler="karras",
        loras=[Lora(name="Detail Tweaker.safetensors", strength=0.5)],
    )
    other = await diary.batch(1)
    one = await diary.batch(2, parameters=kind, images=1, prompt="sunset")
    for text in (
        *(
            "sunset",
            "blurry",
            "dreams v8",
            "v8",
            "dpmpp",
            "karras",
            "tweaker",
            "sunset karras blur",
        ),
        *("model:dreams_v8", "negative:blur", "sampler:2m", "lora:detail", "lora:tweaker.safe"),
        *('lora:"detail tweaker.safetensors"', 'lora:"Detail Tweaker"', 'model:"dreams_v8"'),
        *("prompt:sunset", "-model:dreams.ckpt", "-fox"),
    ):
        assert await found(diary, text) == of(one, 1), text
    for text in ("prompt:blurry", "model:sunset", 'lora:"detail"', "lora:sunset"):
        assert await found(diary, text) == [], text
    assert await found(diary, 'model:"dreams.ckpt"') == of(other, 2, 1)


async def test_what_a_workflow_is_called_is_told_by_whoever_asks(
    diary: Diary, db: Database
) -> None:
    one = await diary.batch(1, images=1)
    named = WorkflowNames({"abc123": "Night Portraits", "other": "Portrait"})
    async with db.transaction() as connection:
        await connection.execute_fetchall("UPDATE gallery_texts SET workflow = '‖ abc123 ‖'")
        await connection.execute_fetchall(
            "INSERT INTO gallery_words (gallery_words) VALUES ('rebuild')"
        )
    for text in ("workflow:portrait", "night", 'workflow:"night portraits"', "fox nigh portr"):
        assert await found(diary, text, workflows=named) == of(one, 1), text
    for text in (
        "workflow:nobody",
        "abc123",
        'workflow:"night"',
        "-workflow:night",
        "workflow:fox",
    ):
        assert await found(diary, text, workflows=named) == [], text
    assert await found(diary, "-workflow:nobody", workflows=named) == of(one, 1)


async def test_a_built_in_workflow_is_known_by_the_model_where_no_other_was_given(
    diary: Diary,
) -> None:
    def made(model: str | None, refiner: str | None = None) -> Parameters:
        return KIND.model_copy(update={"model": model, "refiner": refiner})

    names = WorkflowNames(
        {"flux": "Flux.1"},
        {model_text("sub/XL.safetensors"): "SDXL", model_text("flux.gguf"): "Flux.1"},
    )
    one = await diary.batch(1, images=1, parameters=made("sub/XL.safetensors"))
    two = await diary.batch(2, images=1, parameters=made("sub/XL.safetensors", "refiner.ckpt"))
    flux = await diary.batch(3, images=1, parameters=made("flux.gguf"), prompt="an sdxl poster")
    await diary.batch(4, images=1, parameters=made(None))
    xl = of(two, 1) + of(one, 1)
    assert await found(diary, "workflow:sdxl", workflows=names) == xl
    assert await found(diary, 'workflow:"SDXL" fox -refiner', workflows=names) == of(one, 1)
    assert await found(diary, "workflow:flux", workflows=names) == of(flux, 1)
    assert await found(diary, "sdxl", workflows=names) == of(flux, 1) + xl
    assert len(await found(diary, "-workflow:sdxl", workflows=names)) == 2
    assert await found(diary, "workflow:xl", workflows=names) == []
    for signs in ("(", "*", "'", "workflow:*"):
        assert await found(diary, signs, workflows=names) == [], signs
        assert await diary.found(text=signs, workflows=names) == [], signs
    assert await diary.found(text="workflow:sdx", workflows=names) == [two, one]
    for order in ImageOrder:
        assert {*await found(diary, "sdxl fox", workflows=names, order=order)} == {*xl}


async def test_numbers_marks_sizes_and_days(diary: Diary) -> None:
    one = await diary.batch(1, images=3)
    other = await diary.batch(25, images=1, parameters=KIND.model_copy(update={"steps": 30}))
    await diary.tell(
        about(one, ImageRated, index=1, rating=5),
        about(one, ImageRated, index=2, rating=3),
        about(one, ImageFavourited, index=2, favourite=True),
        about(one, ImageRejected, index=3, rejected=True),
    )
    expected = {
        "rating:>=3": of(one, 2, 1),
        "rating:5": of(one, 1),
        "rating:1..4": of(one, 2),
        "is:unrated": of(other, 1) + of(one, 3),
        "-is:unrated": of(one, 2, 1),
        "fav:yes": of(one, 2),
        "fav:no": of(other, 1) + of(one, 3, 1),
        "is:rejected": of(one, 3),
        "-is:rejected": of(other, 1) + of(one, 2, 1),
        "seed:2": of(one, 2),
        "seed:2..3": of(one, 3, 2),
        "3": of(one, 3),
        "-3": of(other, 1) + of(one, 2, 1),
        "steps:30": of(other, 1),
        "steps:<30 rating:>3": of(one, 1),
        "size:64x64 steps:30": of(other, 1),
        "size:>=65x1": [],
        "size:square seed:2": of(one, 2),
        "size:landscape": [],
        "size:64 fav:yes": of(one, 2),
        "after:2026-11-23": of(other, 1),
        "before:2026-11-23": of(one, 3, 2, 1),
        "after:2026-11 before:2026-12 -seed:1": of(one, 3, 2),
        "after:2027": [],
    }
    for text, images in expected.items():
        assert await found(diary, text) == images, text
        assert (await found_page(diary, text)).total == len(images), text


async def test_tags_are_found_as_they_are_typed_and_whole(diary: Diary) -> None:
    one = await diary.batch(1, images=3)
    await diary.tell(
        about(one, ImageTagged, index=1, tags=("Night shot", "für Anna")),
        about(one, ImageTagged, index=2, tags=("night",)),
    )
    for text, indexes in {
        "tag:nig": (2, 1),
        'tag:"night"': (2,),
        'tag:"NIGHT SHOT"': (1,),
        "anna fox": (1,),
        "tag:shot": (1,),
        'tag:"shot"': (),
        'tag:"shot fur"': (),
        "-tag:night": (3,),
        '-tag:"night"': (3, 1),
    }.items():
        assert await found(diary, text) == of(one, *indexes), text
    await diary.tell(about(one, ImageTagged, index=1, tags=()))
    assert await found(diary, "tag:night") == of(one, 2)
    assert await diary.found(text='tag:"night"') == [one]
    assert await diary.found(text='tag:"night" seed:1') == []


async def test_a_seed_is_found_by_its_first_digits(diary: Diary) -> None:
    batch_id = await diary.batch(1, images=12)
    assert await found(diary, "1") == of(batch_id, 12, 11, 10, 1)
    assert await found(diary, "1 fox") == of(batch_id, 12, 11, 10, 1)
    assert await found(diary, '"1"') == of(batch_id, 1)


@pytest.mark.parametrize("order", ImageOrder)
async def test_every_order_is_kept_across_pages_in_both_directions(
    diary: Diary, order: ImageOrder
) -> None:
    models = [None, "b.ckpt", "a.ckpt"]
    for hour in range(6):
        kind = KIND.model_copy(
            update={
                "model": models[hour % 3],
                "steps": [30, 20, None][hour % 3],
                "width": 64 * (1 + hour % 2),
                "sampler_name": ["euler", "ddim"][hour % 2],
            }
        )
        batch_id = await diary.batch(
            hour, prompt=["zebra", "ape", "Äpfel"][hour // 2], parameters=kind
        )
        await diary.tell(about(batch_id, ImageRated, index=1, rating=hour % 3))
    page = partial(found_page, diary, workflows=BUILT_IN)
    whole = await page(order=order, limit=50)
    assert (len(whole.images), whole.previous, whole.next) == (12, None, None)
    values = [_value(image, order) for image in whole.images]
    assert values == sorted(values)
    forth: list[str] = []
    at = await page(order=order, limit=5)
    while True:
        forth += ids(at.images)
        if at.next is None:
            break
        at = await page(order=order, limit=5, cursor=at.next)
    assert forth == ids(whole.images)
    back = await page(order=order, limit=5, cursor=at.previous, is_backward=True)
    assert ids(back.images) == forth[5:10]
    first = await page(order=order, limit=5, cursor=back.previous, is_backward=True)
    assert (ids(first.images), first.previous) == (forth[:5], None)
    assert (await page(order=order, limit=5, cursor=back.next)).images == at.images
    for offset in (0, 4, 11):
        there = await page(order=order, limit=1, offset=offset)
        assert ids(there.images) == forth[offset : offset + 1]
        before = await diary.gallery.search.images_before(
            ImageQuery(order=order, workflows=BUILT_IN), forth[offset]
        )
        assert before == offset


async def test_in_the_order_of_workflows_nothing_is_counted_unless_it_has_to_be_known(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = [KIND.model_copy(update={"model": name}) for name in ("a.ckpt", "b.ckpt", "c.ckpt")]
    *batches, gone = [await diary.batch(hour, parameters=kind) for hour, kind in enumerate(kinds)]
    for index in (1, 2):
        await diary.tell(about(gone, ImageDeleted, index=index))
    monkeypatch.setattr(image_search, "GROUPS", "no statement")
    order = ImageOrder.WORKFLOW
    first = await found_page(diary, order=order, limit=3)
    rest = await found_page(diary, order=order, limit=3, cursor=first.next)
    assert ids([*first.images, *rest.images]) == of(batches[0], 2, 1) + of(batches[1], 2, 1)
    assert first.total == 4


def _value(image: FoundImage, order: ImageOrder) -> Any:
    newer = [-ord(char) for char in image.id]
    if order in {ImageOrder.NEWEST, ImageOrder.OLDEST}:
        return newer if order is ImageOrder.NEWEST else image.id
    return {
        ImageOrder.RATING: -image.rating,
        ImageOrder.SEED: image.seed,
        ImageOrder.PROMPT: (image.prompt or "").lower().replace("ä", "a"),
        ImageOrder.MODEL: image.model or "",
        ImageOrder.STEPS: -(image.steps or 0),
        ImageOrder.SIZE: -(image.width or 0) * (image.height or 0),
        ImageOrder.SAMPLER: image.sampler_name or "",
        # Those of no known name come last.
        ImageOrder.WORKFLOW: {"b.ckpt": 0, "a.ckpt": 1}.get(image.model or "", 2),
    }[order], newer


@pytest.mark.parametrize("few", [0, 1000])
async def test_few_and_many_are_found_alike(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(image_search, "FEW", few)
    fox = await diary.batch(1)
    await diary.batch(2, prompt="sea")
    for order in ImageOrder:
        assert sorted(await found(diary, "fox", order=order)) == of(fox, 1, 2)


async def test_what_arrives_or_goes_meanwhile_shifts_no_page(diary: Diary) -> None:
    batches = [await diary.batch(hour, images=2) for hour in range(4)]
    first = await found_page(diary, limit=3)
    await diary.batch(9)
    await diary.tell(about(batches[2], ImageDeleted, index=2))  # the one that the cursor tells
    second = await found_page(diary, limit=3, cursor=first.next)
    assert ids(second.images) == of(batches[2], 1) + of(batches[1], 2, 1)
    assert second.total == 9


@pytest.mark.parametrize(
    "cursor", ["x", "====", "é", "bnVsbA", "WyJuZXdlc3QiXQ", "WyJuZXdlc3QiLCJhIl0", "W" * 9999]
)
async def test_a_cursor_that_is_none_is_told(diary: Diary, cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="Cursor must be"):
        await found_page(diary, cursor=cursor)


async def test_a_cursor_of_another_order_is_told(diary: Diary) -> None:
    await diary.batch(1)
    first = await found_page(diary, limit=1)
    with pytest.raises(InvalidRequest, match="same order"):
        await found_page(diary, limit=1, cursor=first.next, order=ImageOrder.OLDEST)


async def test_what_is_deleted_is_not_found_and_comes_back(diary: Diary) -> None:
    batch_id = await diary.batch(1, images=3)
    await diary.tell(about(batch_id, ImageDeleted, index=2))
    assert await found(diary, "fox") == of(batch_id, 3, 1)
    await diary.tell(about(batch_id, BatchDeleted))
    assert (await found_page(diary, "fox")).total == 0
    assert await diary.found(text="fox") == []
    await diary.tell(about(batch_id, BatchRestored))
    assert await found(diary, "fox") == of(batch_id, 3, 1)


async def test_totals_are_those_of_now(diary: Diary) -> None:
    batch_id = await diary.batch(1, images=3)
    for _ in range(2):
        assert ((await found_page(diary, "fox")).total, (await found_page(diary)).total_bytes) == (
            3,
            3000,
        )
    await diary.tell(about(batch_id, ImageDeleted, index=2))
    assert ((await found_page(diary, "fox")).total, (await found_page(diary)).total_bytes) == (
        2,
        2000,
    )


async def test_what_is_not_found_any_more_has_a_place_where_it_would_stand(diary: Diary) -> None:
    sea = await diary.batch(0, images=3, prompt="sea")
    fox = await diary.batch(1, images=2, prompt="fox")
    search, unrated = diary.gallery.search, ImageQuery("rating:0")
    assert await found(diary, "rating:0") == [*of(fox, 2, 1), *of(sea, 3, 2, 1)]
    await diary.tell(about(sea, ImageRated, index=3, rating=4))
    await diary.tell(about(fox, ImageDeleted, index=1))
    (rated,), (gone,) = of(sea, 3), of(fox, 1)
    assert await search.images_before(unrated, rated) is None
    assert await search.images_before(unrated, rated, or_would=True) == 1
    for nothing in (gone, "nobody", f"{sea}-999"):
        assert await search.images_before(unrated, nothing, or_would=True) is None
    asked = [*of(sea, 1, 3), gone, "nobody", *of(fox, 2)]
    known = await search.known(unrated, asked)
    assert ids(known.images) == [*of(sea, 1, 3), *of(fox, 2)]
    assert known.found == {*of(sea, 1), *of(fox, 2)}
    assert [image.rating for image in known.images] == [0, 4, 0]
    assert (await search.known(ImageQuery('fox {"'), asked)).found == frozenset()
    assert (await search.known(unrated, ())).images == []
    await diary.tell(about(sea, BatchDeleted))
    assert ids((await search.known(unrated, asked)).images) == of(fox, 2)


async def test_months_and_the_place_of_a_day(diary: Diary) -> None:
    first = await diary.batch(0, images=2)
    later = await diary.batch(24 * 40, images=1)
    assert await diary.gallery.search.months(ImageQuery()) == [("2027-01", 1), ("2026-11", 2)]
    assert await diary.gallery.search.months(ImageQuery("seed:2")) == [("2026-11", 1)]
    assert await diary.gallery.search.months(ImageQuery("nobody")) == []
    december = datetime(2026, 12, 1).astimezone()
    for order, before in ((ImageOrder.NEWEST, 1), (ImageOrder.OLDEST, 2)):
        assert await diary.gallery.search.images_until(ImageQuery(order=order), december) == before
    assert await found(diary, offset=1) == of(first, 2, 1)
    assert await diary.gallery.search.images_before(ImageQuery("sea"), f"{later}-001") is None
    for unknown in ("nobody", f"{later}-999"):
        assert await diary.gallery.search.images_before(ImageQuery(), unknown) is None


async def test_batches_of_one_moment_are_told_apart(diary: Diary) -> None:
    stamp = NOON + timedelta(hours=1)
    one = await diary.batch(1)
    twins = [f"{stamp:%Y%m%d-%H%M%S}-000000-{number:04x}" for number in range(1, 20)]
    for twin in twins:
        await diary.tell(
            *(e.model_copy(update={"batch_id": twin}) for e in finished(stamp, images=1))
        )
    everything = await found(diary, limit=100)
    assert sorted(everything) == sorted(of(one, 1, 2) + [f"{twin}-001" for twin in twins])


async def test_a_mark_on_one_picture_rewrites_no_text(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, db: Database
) -> None:
    batch_id = await diary.batch(1, images=20)
    statement = "SELECT text_id, place, prompt FROM gallery_texts"
    before = await db.rows(statement)
    changes = await _changes(db)
    await diary.tell(about(batch_id, ImageRated, index=7, rating=4))
    assert await db.rows(statement) == before
    assert len(before) == 1
    assert await found(diary, "rating:4") == of(batch_id, 7)
    assert await _changes(db) > changes


async def _changes(db: Database) -> int:
    return db.connections[0].total_changes


async def test_batches_are_found_by_their_pictures_and_by_themselves(diary: Diary) -> None:
    one = await diary.batch(1)
    other = await diary.batch(2, prompt="a blue fox")
    empty = await diary.batch(3, prompt="a red fox", images=1)
    await diary.tell(
        about(one, ImageRated, index=1, rating=4),
        about(one, ImageFavourited, index=2, favourite=True),
        about(empty, ImageDeleted, index=1),
    )
    assert await diary.found(text="fox red") == [empty, one]
    assert await diary.found(text="fox -red") == [other]
    assert await diary.found(text="rating:4") == [one]
    assert await diary.found(text="rating:4 fav:yes") == []  # no picture is both
    assert await diary.found(text="-blue") == [empty, one]
    assert await diary.found(text="is:unrated") == [other, one]
    assert await diary.found(text="rating:", favourites=True) == [one]


async def test_without_full_text_search_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "batchgen.db"
    with monkeypatch.context() as patched:
        patched.setattr(connections, "FULL_TEXT", "CREATE VIRTUAL TABLE words USING nothing (word)")
        connections.require_full_text_search.cache_clear()
        with pytest.raises(StorageError, match=r"no full text search .* pictures are untouched"):
            await open_database(path)
    assert not path.exists()
    async with await open_database(path) as database:
        assert await database.rows("SELECT * FROM gallery_words") == []


async def test_an_index_of_words_that_lost_something_is_damage(diary: Diary, db: Database) -> None:
    await diary.batch(1)
    with closing(sqlite3.connect(db.path)) as raw, raw:
        raw.execute("DELETE FROM gallery_words_data WHERE id > 10")
    with pytest.raises(StorageError, match="damaged"):
        await found(diary, "fox")


LETTERS = st.text(st.sampled_from('ab1 "-:.x>=<*(){}^+é狐‖\u2003\n\ud800') | st.characters())
PIECES = (
    '"',
    "-",
    "model:",
    "tag:",
    "rating:",
    ">=",
    "3",
    "size:",
    " ",
    "fox",
    "AND",
    "NEAR(",
    "*",
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(LETTERS | st.lists(st.sampled_from(PIECES)).map("".join))
@example('"')
@example("% fox")
@example("workflow:x -workflow:x")
@example("(fox OR sea) NOT red")
async def test_whatever_is_typed_is_looked_for(tmp_path: Path, text: str) -> None:
    names = WorkflowNames({"x": "fox"}, {model_text("xl.safetensors"): "SDXL"})
    async with await open_database(tmp_path / "batchgen.db") as db:
        gallery = GalleryIndex(db)
        for order in (ImageOrder.NEWEST, ImageOrder.PROMPT):
            query = ImageQuery(text, workflows=names, order=order)
            assert (await gallery.find_images(query)).total == 0
        assert (await gallery.batches(GalleryQuery(text=text, workflows=names))).total == 0
        await gallery.search.suggest(text, names)
        assert await gallery.search.months(ImageQuery(text, workflows=names)) == []
