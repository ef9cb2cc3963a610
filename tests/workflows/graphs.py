"""Workflows in many shapes, as people bring them, and what their samplers would really get."""

from typing import Any

from batchgen_app.core.wire import JsonObject


def node(class_type: str, **inputs: Any) -> JsonObject:
    """One node."""
    return {"class_type": class_type, "inputs": inputs}


def picture(samples: list[Any]) -> JsonObject:
    """The end of most graphs: decode and save what ``samples`` links to."""
    return {
        "decode": node("VAEDecode", samples=samples, vae=["checkpoint", 2]),
        "save": node("SaveImage", images=["decode", 0], filename_prefix="ComfyUI"),
    }


def encoder(text: object, clip: list[Any] | None = None) -> JsonObject:
    """A CLIPTextEncode; ``text`` is a value or a link."""
    return node("CLIPTextEncode", text=text, clip=clip or ["checkpoint", 1])


def text_to_image(**changes: JsonObject) -> JsonObject:
    """The plain one; ``changes`` add or replace nodes."""
    return {
        "checkpoint": node("CheckpointLoaderSimple", ckpt_name="dreams.safetensors"),
        "good": encoder("a cat"),
        "bad": encoder("blurry"),
        "latent": node("EmptyLatentImage", width=512, height=512, batch_size=4),
        "sampler": sampler(),
        **picture(["sampler", 0]),
        **changes,
    }


def sampler(**changes: Any) -> JsonObject:
    """A KSampler for ``text_to_image``."""
    return node(
        "KSampler",
        **{
            "seed": 1,
            "steps": 20,
            "cfg": 7.0,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
            "model": ["checkpoint", 0],
            "positive": ["good", 0],
            "negative": ["bad", 0],
            "latent_image": ["latent", 0],
            **changes,
        },
    )


def renamed(graph: JsonObject, names: dict[str, str]) -> JsonObject:
    """The same graph with other node ids, in the opposite order."""

    def follow(value: Any) -> Any:
        return [names[value[0]], value[1]] if isinstance(value, list) else value

    return {
        names[node_id]: node(
            content["class_type"], **{k: follow(v) for k, v in content["inputs"].items()}
        )
        for node_id, content in reversed(graph.items())
    }


def base_and_refiner() -> JsonObject:
    """SDXL in two passes, each with its own encoders."""
    base, refiner = ["base checkpoint", 1], ["refiner checkpoint", 1]
    two_texts = {"width": 4096, "height": 4096, "crop_w": 0, "crop_h": 0, "clip": base}
    passes = {"add_noise": "enable", "steps": 25, "cfg": 8.0, "scheduler": "normal"}
    return {
        "base checkpoint": node("CheckpointLoaderSimple", ckpt_name="sdxl_base.safetensors"),
        "refiner checkpoint": node("CheckpointLoaderSimple", ckpt_name="sdxl_refiner.safetensors"),
        "10": node("CLIPTextEncodeSDXL", text_g="a cat", text_l="a cat", **two_texts),
        "11": node("CLIPTextEncodeSDXL", text_g="blurry", text_l="blurry", **two_texts),
        "12": node("CLIPTextEncodeSDXLRefiner", text="a cat", ascore=6.0, clip=refiner),
        "13": node("CLIPTextEncodeSDXLRefiner", text="blurry", ascore=2.0, clip=refiner),
        "latent": node("EmptyLatentImage", width=1024, height=1024, batch_size=1),
        "first": node(
            "KSamplerAdvanced", noise_seed=5, sampler_name="euler", start_at_step=0,
            model=["base checkpoint", 0], positive=["10", 0], negative=["11", 0],
            latent_image=["latent", 0], **passes,
        ),
        "second": node(
            "KSamplerAdvanced", noise_seed=0, sampler_name="euler", start_at_step=20,
            model=["refiner checkpoint", 0], positive=["12", 0], negative=["13", 0],
            latent_image=["first", 0], **passes,
        ),
        **picture(["second", 0]),
    }  # fmt: skip


def flux() -> JsonObject:
    """Flux: a sampler put together from parts, a LoRA, no negative prompt."""
    return {
        "unet": node("UNETLoader", unet_name="flux1-dev.safetensors", weight_dtype="default"),
        "clips": node("DualCLIPLoader", clip_name1="t5", clip_name2="clip_l", type="flux"),
        "lora": node(
            "LoraLoaderModelOnly", lora_name="ink.safetensors", strength_model=1, model=["unet", 0]
        ),
        "shift": node(
            "ModelSamplingFlux", max_shift=1.15, base_shift=0.5, width=1024, height=1024,
            model=["lora", 0],
        ),
        "text": node(
            "CLIPTextEncodeFlux", clip_l="a cat", t5xxl="a cat", guidance=3.5, clip=["clips", 0]
        ),
        "guidance": node("FluxGuidance", guidance=3.5, conditioning=["text", 0]),
        "guider": node("BasicGuider", model=["shift", 0], conditioning=["guidance", 0]),
        "noise": node("RandomNoise", noise_seed=3),
        "solver": node("KSamplerSelect", sampler_name="euler"),
        "sigmas": node(
            "BasicScheduler", scheduler="simple", steps=20, denoise=1, model=["shift", 0]
        ),
        "latent": node("EmptySD3LatentImage", width=1024, height=768, batch_size=1),
        "sampler": node(
            "SamplerCustomAdvanced", noise=["noise", 0], guider=["guider", 0],
            sampler=["solver", 0], sigmas=["sigmas", 0], latent_image=["latent", 0],
        ),
        **picture(["sampler", 0]),
    }  # fmt: skip


def sd3() -> JsonObject:
    """Stable Diffusion 3: three encoders in one, a negative that fades to nothing."""
    texts = ("clip_l", "clip_g", "t5xxl")
    return text_to_image(
        good=node("CLIPTextEncodeSD3", clip=["checkpoint", 1], **dict.fromkeys(texts, "a cat")),
        bad=encoder("blurry"),
        early=node("ConditioningSetTimestepRange", conditioning=["bad", 0], start=0, end=0.1),
        zero=node("ConditioningZeroOut", conditioning=["bad", 0]),
        late=node("ConditioningSetTimestepRange", conditioning=["zero", 0], start=0.1, end=1),
        both=node("ConditioningCombine", conditioning_1=["late", 0], conditioning_2=["early", 0]),
        latent=node("EmptySD3LatentImage", width=1024, height=1024, batch_size=1),
        sampler=sampler(negative=["both", 0]),
    )


def value_of(nodes: JsonObject, value: Any) -> Any:
    """What an input gets when the graph runs: texts of a conditioning, a string, a number."""
    if not isinstance(value, list):
        return value
    source = nodes[value[0]]
    values = {
        name: value_of(nodes, inner)
        for name, inner in source["inputs"].items()
        if name not in {"clip", "model", "vae", "latent_image", "samples"}
    }
    return _RESULTS[source["class_type"]](values, value[1])


_RESULTS: dict[str, Any] = {
    "CLIPTextEncode": lambda values, _: {values["text"]},
    "ConditioningCombine": lambda values, _: values["conditioning_1"] | values["conditioning_2"],
    "ConditioningZeroOut": lambda values, _: set(),
    "ControlNetApplyAdvanced": lambda values, slot: values[("positive", "negative")[slot]],
    "Reroute": lambda values, _: values[""],
    "PrimitiveString": lambda values, _: values["value"],
    "PrimitiveInt": lambda values, _: values["value"],
    "StringConcatenate": lambda values, _: values["string_a"] + values["string_b"],
    "MathExpression": lambda values, _: values["a"] + 1,
}
"""What the nodes give, by their types."""
