"""A look through the files: what is missing, damaged, foreign, there twice, or looks alike."""

import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from batchgen_app.core.events import Event, ImageDeleted, ImageFavourited, ImageRated, ImageRejected
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.housekeeping import likeness
from batchgen_app.storage.housekeeping.belongings import Kind
from batchgen_app.storage.housekeeping.file_check import NAME
from batchgen_app.storage.housekeeping.findings import Findings, keep, kept
from batchgen_app.storage.housekeeping.survey import Cancelled, Survey
from batchgen_app.storage.progress import silent
from tests.core.stories import BATCH_ID, all_done, completed, happened, queued, started
from tests.storage import making
from tests.storage.rooms import Rooms, opened

OTHER_ID = BATCH_ID.replace("9f3a", "9f3b")


@pytest.fixture
async def rooms(tmp_path: Path) -> AsyncIterator[Rooms]:
    """With a batch of three pictures."""
    async for found in opened(tmp_path, "batchgen.db"):
        await make(found)
        yield found


async def make(rooms: Rooms, batch_id: str = BATCH_ID) -> None:
    history: list[Event] = [queued(3), started(), *map(completed, (1, 2, 3)), all_done()]
    await rooms.live(*history, batch_id=batch_id)


async def look(rooms: Rooms, progress: object = silent) -> Findings:
    await rooms.gallery.catch_up(rooms.log)
    before = rooms.files()
    found = await Survey(rooms.store, rooms.gallery, rooms.log, progress).run()  # type: ignore[arg-type]
    assert rooms.files() == before
    return found


def place(rooms: Rooms, name: str = "", batch_id: str = BATCH_ID) -> Path:
    return rooms.folder / "images" / "batches" / batch_id / name


async def test_where_all_is_well_there_is_nothing_to_tell(rooms: Rooms) -> None:
    found = await look(rooms)
    assert found.is_clean
    assert found.images == 3
    assert found.bytes == sum(place(rooms, f"00{n}_10{n}.png").stat().st_size for n in (1, 2, 3))


async def test_an_empty_gallery_can_be_looked_through(tmp_path: Path) -> None:
    async for rooms in opened(tmp_path, "batchgen.db"):
        assert (await look(rooms)).is_clean


async def test_missing_and_damaged_pictures_are_named_each_once(rooms: Rooms) -> None:
    place(rooms, "001_101.png").unlink()
    place(rooms, "002_102.png").write_bytes(b"\x89PNG")
    whole = place(rooms, "003_103.png")
    data = whole.read_bytes()
    whole.write_bytes(bytes(len(data)))
    found = await look(rooms)
    assert [(f.batch_id, f.missing, f.damaged) for f in found.faulty] == [(BATCH_ID, (1,), (2, 3))]
    assert (found.found.missing, found.found.damaged, found.images) == (1, 2, 0)


async def test_a_folder_that_is_gone_lacks_all_its_pictures(rooms: Rooms) -> None:
    place(rooms).rename(rooms.folder / "elsewhere")
    assert [f.missing for f in (await look(rooms)).faulty] == [(1, 2, 3)]


async def test_what_belongs_to_nothing_is_named_and_not_followed(rooms: Rooms) -> None:
    secret = rooms.folder / "secret"
    secret.mkdir()
    (secret / "001_101.png").write_bytes(b"somebody else's")
    place(rooms, "holiday.jpg").write_bytes(b"12345")
    place(rooms, "link").symlink_to(secret)
    place(rooms, "004_104.png").symlink_to("/dev/zero")
    os.mkfifo(place(rooms, "extra.pipe"))
    place(rooms, "deep").mkdir()
    place(rooms, "deep/008_9.png").write_bytes(b"of no image")
    (place(rooms).parent / "notes.txt").write_text("mine")
    (place(rooms).parent / "linked").symlink_to(secret)
    found = await look(rooms)
    names = {f.path.removeprefix(f"batches/{BATCH_ID}/"): (f.kind, f.bytes) for f in found.foreign}
    assert names == {
        "holiday.jpg": (Kind.FILE, 5),
        "link": (Kind.LINK, 0),
        "004_104.png": (Kind.LINK, 0),
        "extra.pipe": (Kind.OTHER, 0),
        "deep/008_9.png": (Kind.FILE, 11),
        "batches/notes.txt": (Kind.FILE, 4),
        "batches/linked": (Kind.LINK, 0),
    }
    assert found.found.foreign == 7
    assert found.images == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, names are text")
async def test_a_name_that_is_no_text_is_told_as_far_as_it_is_one(rooms: Rooms) -> None:
    (place(rooms) / os.fsdecode(b"f\xfcchsin.jpg")).write_bytes(b"12345")
    (place(rooms).parent / os.fsdecode(b"\xff")).mkdir()
    found = await look(rooms)
    assert [f.path for f in found.foreign] == [
        "batches/\\xff",
        f"batches/{BATCH_ID}/f\\xfcchsin.jpg",
    ]
    assert Findings.parse(found.to_json()) == found
    assert json.dumps(found.to_json(), ensure_ascii=False).encode()


async def test_a_picture_whose_place_has_a_link_is_missing(rooms: Rooms) -> None:
    """What it leads to may be a whole picture: it is somebody else's."""
    own = place(rooms, "001_101.png")
    own.rename(rooms.folder / "moved.png")
    own.symlink_to(rooms.folder / "moved.png")
    found = await look(rooms)
    assert found.faulty[0].missing == (1,)
    assert [f.kind for f in found.foreign] == [Kind.LINK]


async def test_what_was_put_aside_as_damaged_belongs_to_its_batch(rooms: Rooms) -> None:
    await rooms.store.set_aside(BATCH_ID, "001_101.png")
    found = await look(rooms)
    assert not found.foreign
    assert found.faulty[0].missing == (1,)


async def test_what_is_being_written_is_not_told_of_until_its_writer_must_be_dead(
    rooms: Rooms,
) -> None:
    half = place(rooms, ".001_101.png.0123abcd.partial")
    half.write_bytes(b"half")
    assert (await look(rooms)).is_clean
    os.utime(half, (1, 1))
    assert [f.bytes for f in (await look(rooms)).foreign] == [4]


async def test_a_folder_that_no_batch_knows_is_named(rooms: Rooms) -> None:
    place(rooms, batch_id="20200101-000000-000000-aaaa").mkdir()
    found = await look(rooms)
    assert found.unknown == ("20200101-000000-000000-aaaa",)
    assert not found.foreign


async def test_a_link_that_has_the_name_of_a_batch_is_named_once(rooms: Rooms) -> None:
    place(rooms, batch_id=OTHER_ID).symlink_to("/")
    found = await look(rooms)
    assert [f.path for f in found.foreign] == [f"batches/{OTHER_ID}"]
    assert not found.unknown


async def test_what_lies_in_the_trash_is_not_missing(rooms: Rooms) -> None:
    await rooms.log.append(happened(ImageDeleted, index=2))
    await rooms.store.throw_away_picture(BATCH_ID, "002_102.png")
    found = await look(rooms)
    assert found.is_clean
    assert found.images == 2


async def test_equal_pictures_are_found_and_the_best_comes_first(rooms: Rooms) -> None:
    await make(rooms, OTHER_ID)
    data = place(rooms, "001_101.png").read_bytes()
    copies = [(BATCH_ID, 2), (OTHER_ID, 1), (OTHER_ID, 3)]
    for batch_id, index in copies:
        place(rooms, f"00{index}_10{index}.png", batch_id).write_bytes(data)
    await rooms.log.append(happened(ImageRated, index=2, rating=3))
    await rooms.log.append(
        happened(ImageFavourited, index=1, favourite=True).model_copy(update={"batch_id": OTHER_ID})
    )
    await rooms.log.append(happened(ImageRejected, index=1, rejected=True))
    found = await look(rooms)
    assert [group.images for group in found.same] == [
        (f"{BATCH_ID}-002", f"{OTHER_ID}-001", f"{OTHER_ID}-003", f"{BATCH_ID}-001")
    ]
    assert found.same[0].bytes == 3 * len(data) == found.found.same_bytes
    assert not found.alike


async def test_pictures_that_look_alike_are_found_by_their_thumbnails(rooms: Rooms) -> None:
    scene = Image.effect_noise((16, 16), 120).resize((256, 256), Image.Resampling.BICUBIC)
    touched = scene.filter(ImageFilter.GaussianBlur(1)).point(lambda value: min(255, value + 6))
    for index, shown in ((1, scene), (3, touched)):
        place(rooms, f"00{index}_10{index}.png").write_bytes(making.png(shown.convert("RGB")))
        place(rooms, f"thumbnails/00{index}.webp").unlink()
        small = await rooms.store.thumbnail(BATCH_ID, f"00{index}_10{index}.png")
        small.file.close()
    found = await look(rooms)
    assert [group.images for group in found.alike] == [(f"{BATCH_ID}-003", f"{BATCH_ID}-001")]
    assert not found.same


async def test_it_can_be_stopped_in_the_middle(rooms: Rooms) -> None:
    await rooms.gallery.catch_up(rooms.log)
    stop: list[Survey] = []
    survey = Survey(rooms.store, rooms.gallery, rooms.log, lambda *_: stop[0].cancel())
    stop.append(survey)
    place(rooms, "002_102.png").write_bytes(place(rooms, "001_101.png").read_bytes())
    with pytest.raises(Cancelled):
        await survey.run()


async def test_findings_are_kept_and_read_again(rooms: Rooms) -> None:
    place(rooms, "holiday.jpg").write_bytes(b"12345")
    found = await look(rooms)
    keep(rooms.folder, found)
    assert kept(rooms.folder) == found
    (rooms.folder / "findings.json").write_text('{"images": ')
    assert kept(rooms.folder) is None
    assert kept(rooms.folder / "nothing") is None


async def test_what_an_earlier_build_kept_otherwise_is_looked_for_again(rooms: Rooms) -> None:
    place(rooms, "holiday.jpg").write_bytes(b"12345")
    keep(rooms.folder, await look(rooms))
    file = rooms.folder / "findings.json"
    written = json.loads(file.read_text(encoding="utf-8"))
    (one,) = written["foreign"]
    half = {**written, "foreign": [{**one, "path": "batches/\udcff.jpg"}]}
    unnamed = {**written, "unknown": ["\udcff"]}
    no_size = {**written, "foreign": [{"path": one["path"], "kind": one["kind"]}]}
    for earlier in (
        half,
        unnamed,
        no_size,
        {**written, "found": {}},
        {**written, "found": {"foreign": 1}},
    ):
        file.write_text(json.dumps(earlier), encoding="utf-8")
        assert kept(rooms.folder) is None, earlier
    for name in written:
        file.write_text(json.dumps({n: v for n, v in written.items() if n != name}))
        assert kept(rooms.folder) is None, name


def test_hashes_of_plain_pictures_say_nothing() -> None:
    assert likeness.difference_hash(making.webp(Image.new("RGB", (64, 64), "navy"))) is None
    assert likeness.difference_hash(making.webp(making.picture(64))) is not None


def test_each_of_a_group_looks_like_its_first_one() -> None:
    base = int("0110" * 32, 2)
    chain = [base, base ^ 0b11111, base ^ 0b1111111111]  # each like its neighbour
    assert likeness.alike(chain, [0, 1, 2]) == [[0, 1]]
    assert likeness.alike(chain, [1, 0, 2]) == [[1, 0, 2]]
    assert likeness.alike([base, None, base], [2, 1, 0]) == [[2, 0]]


@pytest.mark.parametrize("bits", [likeness.MOST_BITS, likeness.MOST_BITS + 1])
def test_no_pair_is_missed_wherever_the_bits_differ(bits: int) -> None:
    base = int("0110" * 32, 2)
    spread = sum(1 << (place * (likeness.BITS // bits)) for place in range(bits))
    expected = [[0, 1]] if bits <= likeness.MOST_BITS else []
    assert likeness.alike([base, base ^ spread], [0, 1]) == expected


async def check(rooms: Rooms, progress: object = silent) -> Findings:
    """Look, and read every file."""
    await rooms.gallery.catch_up(rooms.log)
    survey = Survey(rooms.store, rooms.gallery, rooms.log, progress, rooms.folder)  # type: ignore[arg-type]
    return await survey.run()


def spoil(path: Path) -> None:
    """Another pixel, in a file that stays as long as it was."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


async def test_wrong_pixels_in_a_file_of_the_right_length_are_found_by_a_check(
    rooms: Rooms,
) -> None:
    assert (await check(rooms)).is_clean
    spoil(place(rooms, "002_102.png"))
    assert (await look(rooms)).is_clean
    found = await check(rooms)
    assert [(one.batch_id, one.damaged) for one in found.faulty] == [(BATCH_ID, (2,))]
    assert (found.images, found.found.damaged) == (2, 1)
    assert not (rooms.folder / NAME).exists()


async def test_a_check_that_was_stopped_goes_on_where_it_was(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(rooms, OTHER_ID)
    spoil(place(rooms, "002_102.png"))
    spoil(place(rooms, "003_103.png"))

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        await check(rooms, stop)
    spoil(place(rooms, "003_103.png"))  # the second time, it is as it was
    read: list[str] = []
    whole = folder_pictures.checksum

    def noted(file: FolderFile) -> str | None:
        read.append(f"{file.folder.path.name}/{file.name}")
        return whole(file)

    monkeypatch.setattr(folder_pictures, "checksum", noted)
    spoil(place(rooms, "001_101.png", OTHER_ID))
    found = await check(rooms)
    assert [(one.batch_id, one.damaged) for one in found.faulty] == [
        (BATCH_ID, (2,)),
        (OTHER_ID, (1,)),
    ]
    assert read[:5] == [
        f"{BATCH_ID}/002_102.png",
        f"{BATCH_ID}/003_103.png",
        *(f"{OTHER_ID}/00{n}_10{n}.png" for n in (1, 2, 3)),
    ]
