"""What is said of images that are handed out: enough to make them again, nothing of the machine."""

import json

from batchgen_app.core.delivery import (
    Handed,
    by_number,
    named,
    told,
    told_without_settings,
    without_places,
)
from batchgen_app.core.file_names import NamePattern
from tests.core.stories import batch_after, completed, started, submitted


def test_a_place_is_left_out_and_a_name_stays() -> None:
    assert without_places(
        {
            "a": "/home/anna/pictures/fox.png",
            "b": ["C:\\Users\\anna\\x.png", "\\\\nas\\share\\y.png", "~/z/w.png"],
            "c": "https://anna:secret@host:8188/prompt?token=1",
            "d": "sdxl/dreams.safetensors",
            "e": "a fox / a wolf",
            "f": 7,
            "g": "file:///etc/x",
        }
    ) == {
        "a": "fox.png",
        "b": ["x.png", "y.png", "w.png"],
        "c": "https://",
        "d": "sdxl/dreams.safetensors",
        "e": "a fox / a wolf",
        "f": 7,
        "g": "x",
    }


def test_a_prompt_stays_whatever_it_looks_like() -> None:
    prompt = "/imagine a fox/wolf"
    assert without_places([prompt, "/a/b"], frozenset({prompt})) == [prompt, "b"]


def test_it_tells_what_makes_the_pictures_again() -> None:
    batch = batch_after(started(), submitted(1), completed(1))
    (image,) = batch.pictures
    about = told(batch, [{"id": image.id, "file": "pictures/x.png"}])
    assert about["images"] == [image.id]
    assert about["seeds"] == list(batch.seeds)
    assert about["request"]["prompt"] == batch.request.prompt
    assert about["workflow"] == batch.workflow
    assert not {"imageErrors", "endedBecause", "basedOn"} & set(about)
    json.dumps(about)


def test_names_are_those_on_disk_unless_a_pattern_says_otherwise() -> None:
    batch = batch_after(started(), submitted(1), completed(1))
    (image,) = batch.pictures
    handed = [Handed(batch, image), Handed(batch, image)]
    first, second = named(handed, None)
    stem = image.filename.rpartition(".")[0]
    assert first.of == {image.filename: image.filename}
    assert first.sidecar == f"{stem}.txt"
    assert second.main(image) == image.filename.replace(stem, f"{stem}-2")
    (called, _) = named(handed, NamePattern.parse("fox {index}"))
    assert (called.main(image), called.sidecar) == ("fox 001.png", "fox 001.txt")
    assert called.sidecar_on_disk == f"{stem}.txt"
    (empty, _) = named(handed, NamePattern.parse("{{"))
    assert empty.main(image) == "{.png"


def test_without_settings_neither_a_name_nor_the_record_tells_how_it_was_made() -> None:
    batch = batch_after(started(), submitted(1), completed(1))
    (image,) = batch.pictures
    handed = [Handed(batch, image)]
    (called,) = named(handed, by_number(handed))
    assert called.main(image) == "001.png"
    about = json.dumps(told_without_settings(batch, [{"id": image.id}]))
    assert batch.batch_id in about
    assert batch.request.prompt not in about
    assert str(image.seed) not in about
