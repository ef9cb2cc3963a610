"""What follows of itself when a request is filled in, what stays, and what is said of it."""

from typing import Any

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import english
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import LEFT_OUT, asked
from tests.core.writing import changed
from tests.workflows.graphs import encoder, node, sampler, text_to_image


def filled(graph: JsonObject, **request: Any) -> tuple[dict[str, Any], list[str]]:
    """All that is changed, and all that is said."""
    workflow = Workflow.parse(graph)
    filling = workflow.filling(asked(**{"model": LEFT_OUT, "workflow": graph, **request}))
    after = workflow.with_values(filling.changes.items()).nodes
    return changed(graph, after), [english(remark) for remark in filling.remarks]


def size(width: int, height: int) -> dict[str, Any]:
    return {"baseParameters": {"width": width, "height": height}}


def steps(count: int) -> dict[str, Any]:
    return {"baseParameters": {"steps": count}}


def one(**changes: JsonObject) -> JsonObject:
    """The plain graph with one picture at a time."""
    latent = node("EmptyLatentImage", width=512, height=512, batch_size=1)
    return text_to_image(**{"latent": latent, **changes})


def window(latent: list[Any], start: object, end: object) -> JsonObject:
    return node(
        "KSamplerAdvanced", noise_seed=1, steps=20, cfg=7.0, sampler_name="euler",
        scheduler="normal", start_at_step=start, end_at_step=end, model=["checkpoint", 0],
        positive=["good", 0], negative=["bad", 0], latent_image=latent,
    )  # fmt: skip


def test_a_text_that_nobody_types_is_replaced_and_it_is_said() -> None:
    graph = one(
        tags=node("WD14Tagger|pysssss", image=["photo", 0], threshold=0.35),
        photo=node("LoadImage", image="me.png"),
        good=encoder(["tags", 0]),
    )
    changes, remarks = filled(graph, prompt="a fox")
    assert changes == {"good.text": "a fox"}
    (remark,) = remarks
    assert remark.startswith('CLIPTextEncode (node good) now has the prompt itself: the "text"')
    assert "WD14Tagger|pysssss (node tags)" in remark


def test_a_size_that_is_computed_gives_way_to_the_one_that_is_asked() -> None:
    graph = one(
        photo=node("LoadImage", image="me.png"),
        size=node("GetImageSize", image=["photo", 0]),
        latent=node("EmptyLatentImage", width=["size", 0], height=["size", 1], batch_size=1),
    )
    changes, remarks = filled(graph, prompt="a fox", **size(768, 512))
    assert (changes["latent.width"], changes["latent.height"]) == (768, 512)
    assert [remark.partition(" itself")[0] for remark in remarks] == [
        "EmptyLatentImage (node latent) now has the width",
        "EmptyLatentImage (node latent) now has the height",
    ]


def test_a_value_that_a_node_keeps_is_not_said_to_be_replaced() -> None:
    graph = one(
        words=node("PrimitiveString", value="a cat"),
        good=encoder(["words", 0]),
        save=node("SaveImage", images=["decode", 0], filename_prefix=["words", 0]),
    )
    assert filled(graph, prompt="a fox") == ({"good.text": "a fox"}, [])


def test_windows_of_steps_follow_in_proportion() -> None:
    graph = one(
        sampler=window(["latent", 0], 0, 15),
        again=window(["sampler", 0], 15, 10_000),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )
    changes, remarks = filled(graph, prompt="a cat", **steps(40))
    assert changes == {
        "sampler.steps": 40,
        "again.steps": 40,
        "sampler.end_at_step": 30,
        "again.start_at_step": 30,
    }
    assert len(remarks) == 3


def test_a_window_that_a_node_keeps_for_both_stages_follows_there() -> None:
    graph = one(
        at=node("PrimitiveInt", value=15),
        sampler=window(["latent", 0], 0, ["at", 0]),
        again=window(["sampler", 0], ["at", 0], 10_000),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )
    changes, _ = filled(graph, prompt="a cat", **steps(40))
    assert changes == {"sampler.steps": 40, "again.steps": 40, "at.value": 30}


def test_sizes_that_are_said_again_follow_in_proportion() -> None:
    graph = one(
        larger=node("LatentUpscale", samples=["sampler", 0], width=1024, height=1024),
        again=sampler(latent_image=["larger", 0], denoise=0.5),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )
    changes, remarks = filled(graph, prompt="a cat", **size(768, 512))
    assert changes == {"latent.width": 768, "larger.width": 1536}
    assert remarks == ["LatentUpscale (node larger) follows in proportion: width is 1536."]


@pytest.mark.parametrize(
    ("ending", "count"),
    [
        (node("SaveImage", images=["decode", 0], filename_prefix="x"), 1),
        (node("SaveAnimatedWEBP", images=["decode", 0], filename_prefix="x", fps=8.0), 16),
        (node("VHS_VideoCombine", images=["decode", 0], frame_rate=8), 16),
    ],
)
def test_the_frames_of_a_film_stay_and_several_pictures_become_one(
    ending: JsonObject, count: int
) -> None:
    frames = node("EmptyLatentImage", width=512, height=512, batch_size=16)
    changes, remarks = filled(one(latent=frames, save=ending), prompt="a cat")
    assert changes.get("latent.batch_size", 16) == count
    said = ["One picture comes per prompt; the workflow had 16."]
    assert remarks == ([] if count > 1 else said)


def test_a_stage_with_settings_of_its_own_keeps_them() -> None:
    graph = one(
        again=sampler(latent_image=["sampler", 0], cfg=3.0, denoise=0.5),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )
    changes, remarks = filled(graph, prompt="a cat", baseParameters={"cfg": 9.0})
    assert changes == {"sampler.cfg": 9.0}
    assert remarks == ['KSampler (node again) keeps its own CFG: "3.0".']
