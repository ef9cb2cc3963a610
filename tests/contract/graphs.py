"""Workflows for the contract: most need no model, and none leaves anything out of its folder."""

import random
from typing import Any

from batchgen_app.core.wire import JsonObject

PREFIX = "batchgen-contract/picture"


def node(class_type: str, **inputs: Any) -> JsonObject:
    return {"class_type": class_type, "inputs": inputs}


def any_colour() -> int:
    """Another one each time, so that no cache has the picture."""
    return random.randrange(2**24)


def plain(colour: int, side: int = 64, count: int = 1, end: str = "SaveImage") -> JsonObject:
    """``count`` pictures of one colour."""
    prefix = {"filename_prefix": PREFIX} if end == "SaveImage" else {}
    return {
        "1": node("EmptyImage", width=side, height=side, batch_size=count, color=colour),
        "2": node(end, images=["1", 0], **prefix),
    }


def long(pictures: int = 80, side: int = 1024) -> JsonObject:
    """Keeps a server busy for a while, and can be stopped after each of its many nodes."""
    graph: JsonObject = {}
    for number in range(pictures):
        for node_id, made in plain(any_colour(), side).items():
            graph[f"{number}{node_id}"] = made
        graph[f"{number}2"]["inputs"]["images"] = [f"{number}1", 0]
    return graph


def sampled(checkpoint: str, seed: int, steps: int = 2) -> JsonObject:
    """The smallest picture that a checkpoint can make."""
    return {
        "4": node("CheckpointLoaderSimple", ckpt_name=checkpoint),
        "5": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "6": node("CLIPTextEncode", text="a red fox", clip=["4", 1]),
        "7": node("CLIPTextEncode", text="", clip=["4", 1]),
        "3": node(
            "KSampler",
            seed=seed,
            steps=steps,
            cfg=7.0,
            sampler_name="euler",
            scheduler="normal",
            denoise=1.0,
            model=["4", 0],
            positive=["6", 0],
            negative=["7", 0],
            latent_image=["5", 0],
        ),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix=PREFIX, images=["8", 0]),
    }
