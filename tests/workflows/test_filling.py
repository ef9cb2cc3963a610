"""What follows of itself when a request is filled in, what stays, and what is said of it."""

from typing import Any

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import english
from batchgen_app.workflows.corrections import require_settled
from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import LEFT_OUT, asked
from tests.core.writing import changed
from tests.workflows.graphs import encoder, node, sampler, text_to_image

ONE_LATENT = Slot("latent", "batch_size")


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


def test_a_value_that_a_node_keeps_is_written_there_for_what_shows_it_too() -> None:
    graph = one(
        words=node("PrimitiveString", value="a cat"),
        good=encoder(["words", 0]),
        show=node("ShowText|pysssss", text=["words", 0]),
    )
    assert filled(graph, prompt="a fox") == ({"words.value": "a fox"}, [])


def test_who_still_reads_what_a_node_keeps_is_said() -> None:
    graph = one(
        words=node("PrimitiveString", value="a cat"),
        good=encoder(["words", 0]),
        save=node("SaveImage", images=["decode", 0], filename_prefix=["words", 0]),
    )
    changes, (remark,) = filled(graph, prompt="a fox")
    assert changes == {"good.text": "a fox"}
    assert remark == (
        "CLIPTextEncode (node good) now has the prompt itself: "
        "what PrimitiveString (node words) keeps is still read by SaveImage (node save)."
    )


def test_two_sides_of_one_box_are_both_given_and_nothing_is_left_to_say() -> None:
    graph = one(
        side=node("PrimitiveInt", value=512),
        latent=node("EmptyLatentImage", width=["side", 0], height=["side", 0], batch_size=1),
    )
    assert filled(graph, prompt="a cat", **size(768, 640)) == (
        {"latent.width": 768, "latent.height": 640},
        [],
    )


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


def hires(first: JsonObject, **changes: JsonObject) -> JsonObject:
    """A second pass behind ``first``, on a larger latent."""
    return one(
        sampler=first,
        larger=node("LatentUpscaleBy", samples=["sampler", 0], scale_by=1.5),
        again=sampler(latent_image=["larger", 0], denoise=0.5),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
        **changes,
    )


def test_what_begins_with_nothing_keeps_its_denoise_and_the_second_pass_gets_it() -> None:
    changes, remarks = filled(hires(sampler()), prompt="a cat", denoise=0.3)
    assert changes == {"again.denoise": 0.3}
    assert remarks == ['KSampler (node sampler) keeps its own denoise: "1.0".']


def test_what_begins_with_a_picture_gets_the_denoise_and_the_second_pass_keeps_its_own() -> None:
    photo = node("LoadImage", image="me.png")
    latent = node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2])
    graph = hires(sampler(denoise=0.8), photo=photo, latent=latent)
    changes, remarks = filled(graph, prompt="a cat", denoise=0.6)
    assert changes == {"sampler.denoise": 0.6}
    assert remarks == ['KSampler (node again) keeps its own denoise: "0.5".']


def test_a_denoise_that_several_passes_may_get_is_asked_about_and_then_goes_there() -> None:
    last = sampler(latent_image=["again", 0], denoise=0.2)
    decode = node("VAEDecode", samples=["last", 0], vae=["checkpoint", 2])
    graph = {**hires(sampler()), "last": last, "decode": decode}
    workflow = Workflow.parse(graph)
    wanted = asked(model=LEFT_OUT, workflow=graph, prompt="a cat", denoise=0.3)
    with pytest.raises(InvalidRequest) as refused:
        require_settled(workflow.graph, workflow.found, wanted)
    (problem,) = refused.value.problems
    assert problem.code == "ambiguous_workflow"
    assert "again.denoise (KSampler (node again)), last.denoise" in str(problem.message)
    without = asked(model=LEFT_OUT, workflow=graph, prompt="a cat")
    require_settled(workflow.graph, workflow.found, without)

    settled = workflow.corrected({"denoise": ["last.denoise"]})
    require_settled(settled.graph, settled.found, wanted)
    assert settled.filling(wanted).changes == {
        ONE_LATENT: 1,
        Slot("good", "text"): "a cat",
        Slot("last", "denoise"): 0.3,
    }


def refined(prompt: str, negative: str) -> JsonObject:
    """The base's sampler does 15 steps of 20, a refiner with these words does the others."""
    return one(
        fine=encoder(prompt),
        poor=encoder(negative),
        sampler=window(["latent", 0], 0, 15),
        again={
            **(after := window(["sampler", 0], 15, 10_000)),
            "inputs": {**after["inputs"], "positive": ["fine", 0], "negative": ["poor", 0]},
        },
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )


def test_a_refiner_with_the_same_words_gets_the_new_ones_too() -> None:
    changes, remarks = filled(refined("a cat", "blurry"), prompt="a fox", negativePrompt="dull")
    good, bad = dict.fromkeys(("good.text", "fine.text"), "a fox"), ("bad.text", "poor.text")
    assert changes == {**good, **dict.fromkeys(bad, "dull")}
    assert remarks == []


def test_a_refiner_keeps_words_of_its_own_and_it_is_said() -> None:
    graph = refined("skin, pores", "plastic")
    changes, remarks = filled(graph, prompt="a fox", negativePrompt="dull")
    assert changes == {"good.text": "a fox", "bad.text": "dull"}
    assert remarks == [
        'CLIPTextEncode (node fine) keeps its own prompt: "skin, pores".',
        'CLIPTextEncode (node poor) keeps its own negative prompt: "plastic".',
    ]
    by_hand = {"prompt": ["good.text", "fine.text"]}
    workflow = Workflow.parse(graph).corrected(by_hand)
    filling = workflow.filling(asked(model=LEFT_OUT, workflow=graph, prompt="a fox"))
    words = {Slot("good", "text"): "a fox", Slot("fine", "text"): "a fox"}
    assert filling.changes == {ONE_LATENT: 1, **words}
    assert filling.remarks == []


def branches() -> JsonObject:
    """Two samplers side by side, each with a picture of its own; the last one's is the image."""
    return one(
        sampler=sampler(steps=5, cfg=7.0),
        other=sampler(steps=50, cfg=3.0, sampler_name="ddim"),
        seen=node("VAEDecode", samples=["other", 0], vae=["checkpoint", 2]),
        image=node("SaveImage", images=["seen", 0], filename_prefix="other"),
    )


def test_samplers_side_by_side_get_the_same_and_are_no_stages() -> None:
    asking = {"baseParameters": {"steps": 40, "cfg": 5.0, "samplerName": "heun"}}
    changes, remarks = filled(branches(), prompt="a cat", **asking)
    assert changes == {
        f"{sampler}.{name}": value
        for sampler in ("sampler", "other")
        for name, value in (("steps", 40), ("cfg", 5.0), ("sampler_name", "heun"))
    }
    assert remarks == []


def test_what_is_told_of_samplers_side_by_side_is_the_images() -> None:
    workflow = Workflow.parse(branches())
    parameters = workflow.parameters()
    assert workflow.roles.output[0] == "image"
    assert (parameters.steps, parameters.cfg, parameters.sampler_name) == (50, 3.0, "ddim")


def test_a_later_stage_never_gets_more_steps_than_one_may_ask_for() -> None:
    graph = one(
        sampler=sampler(steps=5),
        again=sampler(steps=50, latent_image=["sampler", 0]),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )
    changes, _ = filled(graph, prompt="a cat", **steps(40))
    assert changes == {"sampler.steps": 40, "again.steps": 150}


def test_each_line_of_stages_keeps_its_own_proportion() -> None:
    graph = {
        **branches(),
        "finer": sampler(steps=25, cfg=3.0, latent_image=["other", 0], denoise=0.5),
        "seen": node("VAEDecode", samples=["finer", 0], vae=["checkpoint", 2]),
    }
    changes, remarks = filled(graph, prompt="a cat", **steps(20))
    assert changes == {"sampler.steps": 20, "other.steps": 20, "finer.steps": 10}
    assert [remark.partition(" follows")[0] for remark in remarks] == ["KSampler (node finer)"]


def test_the_second_pass_of_a_script_follows_and_gets_the_denoise() -> None:
    script = node("HighRes-Fix Script", upscale_by=1.5, seed=9, hires_steps=12, denoise=0.56)
    graph = one(script=script, sampler=sampler(script=["script", 0]))
    changes, remarks = filled(graph, prompt="a cat", denoise=0.3, **steps(40))
    assert changes == {"sampler.steps": 40, "script.denoise": 0.3, "script.hires_steps": 24}
    assert len(remarks) == 2


@pytest.mark.parametrize("wildcard", ["", "smiling woman"])
def test_words_that_a_detailer_takes_instead_are_said_to_stay(wildcard: str) -> None:
    detailer = sampler(steps=20, image=["decode", 0], denoise=0.5, wildcard=wildcard)
    inputs = {k: v for k, v in detailer["inputs"].items() if k != "latent_image"}
    graph = one(
        face=node("FaceDetailer", **inputs),
        save=node("SaveImage", images=["face", 0], filename_prefix="ComfyUI"),
    )
    changes, remarks = filled(graph, prompt="a fox")
    assert changes == {"good.text": "a fox"}
    said = f'FaceDetailer (node face) keeps its own prompt: "{wildcard}".'
    assert remarks == ([said] if wildcard else [])
