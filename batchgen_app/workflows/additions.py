"""What a request puts into a built-in workflow besides values: a VAE or text encoders in place of
the checkpoint's own, and a refiner behind the sampler.
"""

from collections.abc import Sequence

from batchgen_app.core.infotext import SWITCH_AT
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.built_in import encoder_loader
from batchgen_app.workflows.families import Recipe
from batchgen_app.workflows.graph import Link, NodeGraph, Slot, changed, node
from batchgen_app.workflows.loras import led_through

TO_THE_END = 10_000
REFINER = Slot("refiner", "ckpt_name")
"""Where the refiner is named."""
CLIP, VAE = 1, 2
"""Outputs of a checkpoint's loader."""


def with_vae(nodes: JsonObject, name: str) -> JsonObject:
    """Decoded by this one instead of the checkpoint's own."""
    loader = node("VAELoader", "Load VAE", vae_name=name)
    return {**_instead(nodes, _checkpoint(nodes, VAE), "vae"), "vae": loader}


def with_encoders(nodes: JsonObject, recipe: Recipe, names: Sequence[str]) -> JsonObject:
    """Texts encoded by these instead of the checkpoint's own."""
    loader = encoder_loader(recipe, tuple(names))
    return {**_instead(nodes, _checkpoint(nodes, CLIP), "encoders"), "encoders": loader}


def with_refiner(nodes: JsonObject, name: str, steps: int | None = None) -> JsonObject:
    """The last fifth of the ``steps``, or of those in the graph, with the checkpoint ``name``,
    which reads the same words with its own encoders, as the official workflow of SDXL has it.
    """
    inputs = {**nodes["sampler"]["inputs"]}
    steps = inputs["steps"] = steps or inputs["steps"]
    denoise = inputs["denoise"]
    begin = steps - round(steps * denoise)
    switch = max(begin + 1, round(steps * SWITCH_AT))
    base = _window(
        inputs,
        "Base",
        add_noise="enable",
        start_at_step=begin,
        end_at_step=switch,
        return_with_leftover_noise="enable",
    )
    texts = {f"refined {side}": _again(nodes, side) for side in ("positive", "negative")}
    return {
        **_instead(nodes, Link("sampler", 0), "refined"),
        "sampler": base,
        "refiner": node("CheckpointLoaderSimple", "Load Refiner", ckpt_name=name),
        **texts,
        "refined": _window(
            inputs,
            "Refiner",
            add_noise="disable",
            start_at_step=switch,
            end_at_step=TO_THE_END,
            return_with_leftover_noise="disable",
            model=["refiner", 0],
            latent_image=["sampler", 0],
            **{side: [f"refined {side}", 0] for side in ("positive", "negative")},
        ),
    }


def refiner_in(nodes: JsonObject) -> str | None:
    """The refiner of a graph that ``with_refiner`` has made."""
    loader, sampler = (nodes.get(node_id, {}) for node_id in (REFINER.node_id, "refined"))
    is_ours = sampler.get("inputs", {}).get("model") == [REFINER.node_id, 0]
    named = loader.get("inputs", {}).get(REFINER.name)
    return named if is_ours and isinstance(named, str) else None


def _again(nodes: JsonObject, side: str) -> JsonObject:
    title = {"positive": "Prompt for the refiner", "negative": "Negative prompt for the refiner"}
    text = nodes[side]["inputs"]["text"]
    return node("CLIPTextEncode", title[side], text=text, clip=["refiner", CLIP])


def _window(inputs: JsonObject, title: str, **changes: object) -> JsonObject:
    """The sampler of ``inputs`` for some of its steps."""
    kept = {name: value for name, value in inputs.items() if name not in {"seed", "denoise"}}
    return node("KSamplerAdvanced", title, **{**kept, "noise_seed": inputs["seed"], **changes})


def _checkpoint(nodes: JsonObject, output: int) -> Link:
    found = (n for n, content in nodes.items() if "ckpt_name" in content["inputs"])
    return Link(next(found), output)


def _instead(nodes: JsonObject, of: Link, node_id: str) -> JsonObject:
    """All that reads ``of`` reads the first output of ``node_id``."""
    return changed(nodes, led_through(NodeGraph(nodes), {of: [node_id, 0]}))
