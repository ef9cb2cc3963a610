"""Graphs that the tests of the demo engine submit, in API format."""

from typing import Any

Graph = dict[str, Any]

MODEL = "demo-landscapes.safetensors"


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    """One node of a graph."""
    return {"class_type": class_type, "inputs": inputs}


def txt2img(text: str = "a red apple on a table", **changes: Any) -> Graph:
    """The usual graph; `changes` replace inputs of its KSampler, size and batch_size its latent."""
    size = changes.pop("size", 64)
    latent = node("EmptyLatentImage", width=size, height=size, batch_size=changes.pop("batch", 1))
    return {
        "3": node(
            "KSampler",
            **{
                "seed": 1,
                "steps": 3,
                "cfg": 7.0,
                "sampler_name": "euler",
                "scheduler": "normal",
                "denoise": 1.0,
                "model": ["4", 0],
                "positive": ["6", 0],
                "negative": ["7", 0],
                "latent_image": ["5", 0],
                **changes,
            },
        ),
        "4": node("CheckpointLoaderSimple", ckpt_name=MODEL),
        "5": latent,
        "6": node("CLIPTextEncode", text=text, clip=["4", 1]),
        "7": node("CLIPTextEncode", text="blurry", clip=["4", 1]),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix="lab/img", images=["8", 0]),
    }


def plain(colour: int = 0, prefix: str = "lab/plain", **changes: Any) -> Graph:
    """The quickest graph that saves a file: a picture of one colour."""
    size = {"width": 64, "height": 64, "batch_size": 1, **changes}
    return {
        "1": node("EmptyImage", color=colour, **size),
        "2": node("SaveImage", filename_prefix=prefix, images=["1", 0]),
    }
