"""What is offered while one types leads to what the gallery has."""

import pytest

from batchgen_app.core.batch import Parameters
from batchgen_app.core.events import BatchDeleted, ImageTagged
from batchgen_app.core.request import Lora
from batchgen_app.storage.workflow_names import UNNAMED, WorkflowNames
from tests.storage.diary import Diary, about

NAMED = WorkflowNames({"abc": "Night Portraits", "def": "Night Portraits", "sdxl": "SDXL"})
KIND = Parameters(
    model="sub/Dreams_v8.safetensors",
    sampler_name="dpmpp_2m",
    scheduler="karras",
    loras=[Lora(name="Detail Tweaker.safetensors")],
)


@pytest.fixture
async def full(diary: Diary) -> Diary:
    one = await diary.batch(1, prompt="a red fox, foggy forest", parameters=KIND, images=3)
    two = await diary.batch(2, prompt="foggy moor")
    await diary.tell(
        about(one, ImageTagged, index=1, tags=("Night shot", "für Anna")),
        about(one, ImageTagged, index=2, tags=("night SHOT",)),
        about(two, ImageTagged, index=1, tags=("gone",)),
    )
    return diary


TYPED = {
    "mod": ["model:"],
    "fox mo": ["fox model:", "fox moor "],
    "-mod": ["-model:"],
    "fog": ["foggy "],
    "fo": ["foggy ", "forest ", "fox "],
    "nig": ['tag:"Night shot" '],
    "ann": ['tag:"für Anna" '],
    "model:": ['model:"dreams" ', 'model:"Dreams_v8" '],
    "model:v8": ['model:"Dreams_v8" '],
    "fox -model:v8": ['fox -model:"Dreams_v8" '],
    "tag:": ['tag:"Night shot" ', 'tag:"für Anna" ', 'tag:"gone" '],
    "tag:FUR": ['tag:"für Anna" '],
    'tag:"night sh': ['tag:"Night shot" '],
    "lora:de": ['lora:"detail tweaker" '],
    "sampler:k": ['sampler:"karras" '],
    "workflow:": ['workflow:"Night Portraits" ', 'workflow:"SDXL" '],
    "workflow:port": ['workflow:"Night Portraits" '],
    "is:r": ["is:rejected ", "is:rated "],
    "fav:": ["fav:yes ", "fav:no "],
    "size:po": ["size:portrait "],
    "rating:>": ["rating:>=3 ", "rating:>=4 "],
    "seed:": [],
    "fox nobody": [],
    '"': [],
}


@pytest.mark.parametrize(("typed", "texts"), TYPED.items(), ids=TYPED)
async def test_what_is_typed_may_go_on_so(full: Diary, typed: str, texts: list[str]) -> None:
    found = await full.gallery.search.suggest(typed, NAMED)
    assert [one.text for one in found][:3] == texts


async def test_at_the_beginning_the_fields_are_told(diary: Diary) -> None:
    for typed in ("", "fox "):
        found = await diary.gallery.search.suggest(typed, UNNAMED)
        assert {one.kind for one in found} == {"field"}
        assert found[0].text == f"{typed}prompt:"


async def test_tags_are_counted_whoever_wrote_them_how(full: Diary) -> None:
    assert await full.gallery.search.tags() == {"Night shot": 2, "für Anna": 1, "gone": 1}
    (batch_id,) = await full.found(text="moor")
    await full.tell(about(batch_id, BatchDeleted))
    assert await full.gallery.search.tags() == {"Night shot": 2, "für Anna": 1}
