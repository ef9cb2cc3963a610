"""What steers a picture where: ControlNet, and regions with words of their own."""

from typing import Any

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    MODEL_ONLY,
    PLAIN,
    encoder,
    model_only,
    node,
    photo,
    sampler,
    text_to_image,
)


def combined(one: list[Any], other: list[Any]) -> dict[str, Any]:
    """Both conditionings, at the same time."""
    return node("ConditioningCombine", conditioning_1=one, conditioning_2=other)


HINT = {
    "hint": photo("pose.png"),
    "net": node("ControlNetLoader", control_net_name="control_openpose.safetensors"),
}


def controlled(positive: list[Any], negative: list[Any], **changes: Any) -> dict[str, Any]:
    """A ControlNet for both sides."""
    inputs = {"positive": positive, "negative": negative, "control_net": ["net", 0],
              "image": ["hint", 0], "strength": 0.9, "start_percent": 0.0}  # fmt: skip
    return node("ControlNetApplyAdvanced", **{**inputs, **changes})


CONTROLNETS = [
    case(
        "controlnet for the positive",
        text_to_image(
            **HINT,
            steered=node("ControlNetApply", conditioning=["good", 0], control_net=["net", 0],
                         image=["hint", 0], strength=1.0),
            sampler=sampler(positive=["steered", 0]),
        ),
        PLAIN, image="hint.image",
    ),
    case(
        "controlnet for both sides, with a hint made of a photo",
        text_to_image(
            **HINT, lines=node("Canny", image=["hint", 0], low_threshold=0.4, high_threshold=0.8),
            steered=controlled(["good", 0], ["bad", 0], image=["lines", 0]),
            sampler=sampler(positive=["steered", 0], negative=["steered", 1]),
        ),
        PLAIN, image="hint.image",
    ),
    case(
        "two controlnets one behind another",
        text_to_image(
            **HINT, depth=photo("depth.png"),
            first=controlled(["good", 0], ["bad", 0]),
            second=controlled(["first", 0], ["first", 1], image=["depth", 0]),
            sampler=sampler(positive=["second", 0], negative=["second", 1]),
        ),
        PLAIN, image="hint.image depth.image",
    ),
    case(
        "controlnet union on flux, with a preprocessor of a pack",
        model_only(
            "flux1-dev.safetensors",
            node("DualCLIPLoader", clip_name1="clip_l.safetensors", clip_name2="t5.safetensors"),
            hint=photo("room.png"),
            net=node("ControlNetLoader", control_net_name="union.safetensors"),
            union=node("SetUnionControlNetType", control_net=["net", 0], type="depth"),
            depth=node("DepthAnythingPreprocessor", image=["hint", 0], resolution=1024,
                       ckpt_name="depth_anything_vitl14.pth"),
            guidance=node("FluxGuidance", conditioning=["good", 0], guidance=3.5),
            steered=controlled(["guidance", 0], ["bad", 0], control_net=["union", 0],
                               image=["depth", 0], vae=["vae", 0]),
            sampler=sampler(model=["unet", 0], positive=["steered", 0], negative=["steered", 1]),
        ),
        MODEL_ONLY, image="hint.image", guidance="guidance.guidance",
        textEncoder="clip.clip_name1 clip.clip_name2",
    ),
    case(
        "controlnet of the advanced pack, with timesteps",
        text_to_image(
            hint=photo("pose.png"),
            net=node("ControlNetLoaderAdvanced", control_net_name="control_depth.safetensors"),
            steered=node("ACN_AdvancedControlNetApply", positive=["good", 0], negative=["bad", 0],
                         control_net=["net", 0], image=["hint", 0], strength=1.0),
            sampler=sampler(positive=["steered", 0], negative=["steered", 1]),
        ),
        PLAIN, image="hint.image",
    ),
    case(
        "the picture that is changed is the hint, too",
        text_to_image(
            photo=photo(), net=HINT["net"],
            steered=controlled(["good", 0], ["bad", 0], image=["photo", 0]),
            latent=node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2]),
            sampler=sampler(positive=["steered", 0], negative=["steered", 1], denoise=0.7),
        ),
        PLAIN, width=None, height=None, latentsPerPrompt=None, image="photo.image",
    ),
]  # fmt: skip

REGIONS = [
    case(
        "areas with words of their own",
        text_to_image(
            good=encoder("a valley, wide view"), sky=encoder("a red evening sky"),
            town=encoder("a small town with lights"),
            above=node("ConditioningSetArea", conditioning=["sky", 0], width=512, height=256, x=0,
                       y=0, strength=1.0),
            below=node("ConditioningSetArea", conditioning=["town", 0], width=512, height=256,
                       x=0, y=256, strength=1.0),
            two=combined(["above", 0], ["below", 0]),
            all=combined(["good", 0], ["two", 0]),
            sampler=sampler(positive=["all", 0]),
        ),
        PLAIN, prompt=None, asks={"prompt": "good.text sky.text town.text"},
    ),
    case(
        "masks with words of their own",
        text_to_image(
            left=photo("left.png"), fox=encoder("a fox"),
            masked=node("ConditioningSetMask", conditioning=["fox", 0], mask=["left", 1],
                        strength=1.0, set_cond_area="default"),
            all=combined(["good", 0], ["masked", 0]),
            sampler=sampler(positive=["all", 0]),
        ),
        PLAIN, prompt=None, asks={"prompt": "good.text fox.text"}, image="left.image",
    ),
    case(
        "attention couple: a model that looks at one text here and at another there",
        text_to_image(
            day=encoder("a street at noon"), left=photo("left.png"),
            couple=node("AttentionCouple", model=["checkpoint", 0], positive_1=["good", 0],
                        positive_2=["day", 0], mask_1=["left", 1], mask_2=["left", 1],
                        negative=["bad", 0], mode="Attention"),
            sampler=sampler(model=["couple", 0], positive=["couple", 1], negative=["couple", 2]),
        ),
        PLAIN, prompt=None, asks={"prompt": "good.text day.text"}, image="left.image",
    ),
    case(
        "a box with a thing in it",
        text_to_image(
            gligen=node("GLIGENLoader", gligen_name="gligen_textbox.safetensors"),
            box=node("GLIGENTextboxApply", conditioning_to=["good", 0], clip=["checkpoint", 1],
                     gligen_textbox_model=["gligen", 0], text="a red ball", width=64, height=64,
                     x=0, y=0),
            sampler=sampler(positive=["box", 0]),
        ),
        PLAIN,
    ),
    case(
        "two texts of which one changes into the other",
        text_to_image(
            later=encoder("a skull"),
            one=node("ConditioningSetTimestepRange", conditioning=["good", 0], start=0.0, end=0.5),
            two=node("ConditioningSetTimestepRange", conditioning=["later", 0], start=0.5, end=1.0),
            both=combined(["one", 0], ["two", 0]),
            sampler=sampler(positive=["both", 0]),
        ),
        PLAIN, prompt=None, asks={"prompt": "good.text later.text"},
    ),
    case(
        "the same words twice, in an area and around it",
        text_to_image(
            again=encoder("a cat"),
            area=node("ConditioningSetArea", conditioning=["again", 0], width=256, height=256, x=0,
                      y=0, strength=1.0),
            both=combined(["good", 0], ["area", 0]),
            sampler=sampler(positive=["both", 0]),
        ),
        PLAIN, prompt="good.text again.text",
    ),
    case(
        "words that are averaged with others",
        text_to_image(
            like=encoder("by an impressionist"),
            mean=node("ConditioningAverage", conditioning_to=["good", 0],
                      conditioning_from=["like", 0], conditioning_to_strength=0.7),
            sampler=sampler(positive=["mean", 0]),
        ),
        PLAIN, prompt=None, asks={"prompt": "good.text like.text"},
    ),
]  # fmt: skip

CASES = [*CONTROLNETS, *REGIONS]
