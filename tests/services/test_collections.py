"""Collections: pictures that share a tag, given and taken without touching their other tags."""

import asyncio
from pathlib import Path

import pytest

from batchgen_app.access import Caller, Role
from batchgen_app.core.batch import Marks
from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound
from batchgen_app.core.limits import MAX_TAG_LENGTH, MAX_TAGS
from batchgen_app.core.search import parse
from batchgen_app.core.search.completing import valued
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import TagChange
from batchgen_app.services import Commands, Queries, Services
from batchgen_app.services.values import ImageQuery
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import open_storage
from tests.studio import Studio, studio

ME = Caller(Role.FULL, "127.0.0.1", "")
HARD_NAMES = (
    'the "best"', "🔥 🦊", "للطباعة الآن", "x" * MAX_TAG_LENGTH, "狐の夜", "50% + more", "C:\\new",
    "O'Brien; DROP", "<b>bold</b>", "-minus", "model:fox",
    'a \\ "quoted" name', '"', "!!!", "night", "night!", "night\N{EM DASH}\N{EM DASH}shot", "-",
)  # fmt: skip


def doing(here: Studio) -> tuple[Commands, Queries]:
    services = Services(here.app)
    return services.commands, services.queries(ME)


def tags(batch: BatchState) -> list[tuple[str, ...]]:
    return [picture.tags for picture in batch.pictures]


def ids(batch: BatchState) -> list[str]:
    return [picture.id for picture in batch.pictures]


def adding(*names: str) -> TagChange:
    return TagChange.asked(add=names)


async def told(queries: Queries) -> dict[str, tuple[int, str]]:
    return {one.name: (one.images, one.newest) for one in await queries.collections()}


async def test_a_collection_is_given_beside_other_tags_and_taken_from_among_them(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch, (do, queries) = await here.make(batchCount=3), doing(here)
        await do.mark(ME, Marks(tags=("night", "Anna")), ids(batch)[0])
        changed = await do.tag(ME, adding("For the wall", "ANNA"), ids(batch)[:2])
        assert [one.image_id for one in changed] == ids(batch)[:2]
        assert changed[0].before == ("night", "Anna")
        assert tags(batch) == [("night", "Anna", "For the wall"), ("For the wall", "ANNA"), ()]
        assert await told(queries) == {
            "ANNA": (2, ids(batch)[1]),
            "For the wall": (2, ids(batch)[1]),
            "night": (1, ids(batch)[0]),
        }
        again = await do.tag(ME, adding("for the WALL"), ids(batch)[:2])
        assert again == []
        await do.tag(ME, TagChange.asked(remove=["anna", "nobody"]), ids(batch))
        assert tags(batch) == [("night", "For the wall"), ("For the wall",), ()]


async def test_all_pictures_get_it_or_none(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch, (do, queries) = await here.make(batchCount=3), doing(here)
        full = tuple(f"tag {number}" for number in range(MAX_TAGS))
        await do.mark(ME, Marks(tags=full), ids(batch)[2])
        with pytest.raises(Conflict, match="Image 3 has 50 tags already"):
            await do.tag(ME, adding("one more"), ids(batch))
        with pytest.raises(NotFound):
            await do.tag(ME, adding("one more"), [*ids(batch)[:2], "nothing-001"])
        assert tags(batch) == [(), (), full]
        await do.tag(ME, TagChange.asked(add=["one more"], remove=["tag 7"]), ids(batch)[2:])
        assert tags(batch)[2] == tuple("one more" if t == "tag 7" else t for t in full)
        await do.tag(ME, adding("one more"), [ids(batch)[0], "nothing-001"], wherever=True)
        assert (await told(queries))["one more"] == (2, ids(batch)[2])


@pytest.mark.parametrize("name", ["", "  \n", "x" * (MAX_TAG_LENGTH + 1), "a\0b"])
async def test_what_is_no_name_changes_nothing(tmp_path: Path, name: str) -> None:
    async with studio(tmp_path) as here:
        batch, (do, _) = await here.make(batchCount=2), doing(here)
        await do.tag(ME, adding("wall"), ids(batch))
        with pytest.raises(InvalidRequest, match="Tags"):
            adding(name)
        with pytest.raises(InvalidRequest, match="Tags"):
            await do.rename_collection(ME, "wall", name)
        assert tags(batch) == [("wall",), ("wall",)]


async def test_a_collection_is_renamed_in_its_place_in_every_batch_and_two_become_one(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        first, second = await here.make(batchCount=2), await here.make(batchCount=2)
        do, queries = doing(here)
        await do.mark(ME, Marks(tags=("a", "wall", "b")), ids(first)[0])
        await do.mark(ME, Marks(tags=("Wall",)), ids(second)[1])
        await do.mark(ME, Marks(tags=("print", "wall")), ids(second)[0])
        changed = await do.rename_collection(ME, "WALL", "Print")
        assert len(changed) == 3
        assert tags(first)[0] == ("a", "Print", "b")
        assert tags(second) == [("print",), ("Print",)]
        assert (await told(queries))["Print"] == (3, ids(second)[1])
        await do.rename_collection(ME, "print", "PRINT")  # only its spelling
        assert tags(first)[0] == ("a", "PRINT", "b")
        assert await do.rename_collection(ME, "nobody has it", "x") == []


async def test_a_collection_is_removed_and_its_pictures_stay(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch, (do, queries) = await here.make(batchCount=3), doing(here)
        await do.tag(ME, adding("wall", "keep"), ids(batch))
        thrown = ids(batch)[0]
        await do.delete_images(ME, thrown)
        assert (await told(queries))["wall"] == (2, ids(batch)[1])
        changed = await do.remove_collection(ME, "Wall")
        assert [one.is_in_trash for one in changed] == [False, False, True]
        assert set(await told(queries)) == {"keep"}
        assert len(batch.pictures) == 2
        await do.restore_image(ME, thrown)
        assert tags(batch) == [("keep",)] * 3


async def test_what_lies_in_the_trash_is_renamed_too_and_comes_back_under_the_new_name(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        first, second = await here.make(batchCount=2), await here.make(batchCount=2)
        do, queries = doing(here)
        await do.tag(ME, adding("wall"), [*ids(first), *ids(second)])
        kept, thrown = ids(first)
        await do.delete_images(ME, thrown)
        await do.delete_batch(ME, second.batch_id)
        changed = await do.rename_collection(ME, "wall", "hall")
        assert {one.image_id for one in changed if one.is_in_trash} == {thrown, *ids(second)}
        back = [(one.image_id, one.before) for one in changed]
        assert await told(queries) == {"hall": (1, kept)}
        await do.restore_image(ME, thrown)
        await do.restore_batch(ME, second.batch_id)
        assert (await told(queries))["hall"] == (4, ids(second)[1])
        await do.delete_images(ME, thrown)
        undo = TagChange.asked(add=["wall"], remove=["hall"], only_with=["hall"])
        await do.tag(ME, undo, [image for image, _ in back], wherever=True)
        await do.restore_image(ME, thrown)
        assert await told(queries) == {"wall": (4, ids(second)[1])}
        await do.delete_batch(ME, second.batch_id)
        await do.rename_collection(ME, "wall", "attic")
    (tmp_path / "data" / "batchgen.db").unlink()
    async with studio(tmp_path) as here:
        do, queries = doing(here)
        await reindex(
            here.app.storage.log, here.app.storage.gallery, here.app.storage.store,
            here.app.storage.locks,
        )  # fmt: skip
        await do.restore_batch(ME, second.batch_id)
        assert await told(queries) == {"attic": (4, ids(second)[1])}


async def test_of_two_who_rename_one_collection_at_once_the_first_wins(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch, (do, queries) = await here.make(batchCount=4), doing(here)
        await do.tag(ME, adding("wall"), ids(batch))
        first, second, removed = await asyncio.gather(
            do.rename_collection(ME, "wall", "hall"),
            do.rename_collection(ME, "wall", "attic"),
            do.remove_collection(ME, "wall"),
        )
        assert sorted(len(changed) for changed in (first, second, removed)) == [0, 0, 4]
        name = next(iter(await told(queries)), None)
        assert name == ("hall" if first else "attic" if second else None)
        assert {*tags(batch)} == {(name,) if name else ()}


async def test_two_people_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch, (do, _) = await here.make(batchCount=4), doing(here)
        names = [f"set {number}" for number in range(8)]
        await asyncio.gather(*(do.tag(ME, adding(name), ids(batch)) for name in names))
        assert [{*given} for given in tags(batch)] == [{*names}] * 4
        await asyncio.gather(
            do.rename_collection(ME, "set 0", "zero"),
            do.tag(ME, TagChange.asked(remove=["set 0"]), ids(batch)[:2]),
        )
        # Whoever came first: the name that was taken away is given to no picture under another.
        assert all("set 0" not in given for given in tags(batch))
        assert [len(given) for given in tags(batch)[2:]] == [8, 8]


async def test_hard_names_are_found_counted_and_come_back_with_the_folders(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        (batch, do, queries) = await here.make(batchCount=len(HARD_NAMES)), *doing(here)
        named = dict(zip(HARD_NAMES, ids(batch), strict=True))
        for name, image in named.items():
            await do.tag(ME, adding(name), [image])
        before = await told(queries)
        assert before == {name: (1, image) for name, image in named.items()}
        for name, image in named.items():
            term = valued("tag", name)
            assert await queries.image_ids(ImageQuery(term, limit=50)) == [image], name
            assert len(await queries.image_ids(ImageQuery(f"-{term}", limit=50))) == len(named) - 1
            offered = [one.text for one in await queries.suggest(f'fox tag:"{name[:1]}')]
            assert all(len(parse(text).terms) == 2 for text in offered), offered
    (tmp_path / "data" / "batchgen.db").unlink()
    async with open_storage(tmp_path / "data", tmp_path / "images") as storage:
        await reindex(storage.log, storage.gallery, storage.store, storage.locks)
        again = await storage.gallery.search.collections()
        assert {one.name: (one.images, one.newest) for one in again} == before


async def test_a_thousand_collections_come_back_with_the_folders(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch, (do, _) = await here.make(batchCount=20), doing(here)
        for number, image in enumerate(ids(batch)):
            names = [f"{number:02d}-{of_it:02d}" for of_it in range(MAX_TAGS)]
            await do.mark(ME, Marks(tags=tuple(names)), image)
    (tmp_path / "data" / "batchgen.db").unlink()
    async with studio(tmp_path) as here:
        do, queries = doing(here)
        await reindex(
            here.app.storage.log, here.app.storage.gallery, here.app.storage.store,
            here.app.storage.locks,
        )  # fmt: skip
        found = await queries.collections()
        assert len(found) == 20 * MAX_TAGS
        assert [one.name for one in found] == sorted(one.name for one in found)
        assert {one.images for one in found} == {1}
