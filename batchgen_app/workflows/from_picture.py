"""A built-in workflow that starts from a picture instead of from nothing: it is scaled to the size,
encoded, and changed by a part of the steps.
"""

from typing import TypeAlias

from batchgen_app.core.limits import MAX_SIDE, MIN_SIDE
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import Slot, changed, node

Shape: TypeAlias = tuple[int, int]
"""Width and height of a picture in pixels, as it is seen."""
PICTURE = Slot("picture", "image")
"""Where the picture goes."""
ROLES = {"width": ["scale.width"], "height": ["scale.height"]}
"""Said like a person's corrections: in other workflows, a picture that is scaled has a size of its
own.
"""
DENOISE = 0.6
"""How much is changed, where nobody says: the picture is still known by its composition."""
GRID = 16
"""Pixels; the newer families' latents are taken in squares of two by two, of 8 pixels each."""


def from_picture(nodes: JsonObject, shape: Shape, denoise: float | None = None) -> JsonObject:
    """The graph of a built-in workflow, begun with a picture of this ``shape``; it is as large as
    usual. ``denoise`` is how much of it is changed, where somebody says so.
    """
    usual = nodes["latent"]["inputs"]
    width, height = fitting(shape, usual["width"], usual["height"])
    share = DENOISE if denoise is None else denoise
    return {
        **_changing_a_part(nodes, share, width, height),
        PICTURE.node_id: node("LoadImage", "Picture to start from", **{PICTURE.name: ""}),
        "scale": node(
            "ImageScale",
            "Scale to the size",
            image=[PICTURE.node_id, 0],
            upscale_method="lanczos",
            width=width,
            height=height,
            crop="center",
        ),
        "latent": node(
            "VAEEncode", "VAE Encode", pixels=["scale", 0], vae=nodes["decode"]["inputs"]["vae"]
        ),
    }


def fitting(shape: Shape, width: int, height: int) -> tuple[int, int]:
    """About as many pixels as ``width`` times ``height``, in the ``shape`` of a picture: hardly
    anything of it is cut off then.
    """
    scale = (width * height / (shape[0] * shape[1])) ** 0.5
    wide, high = (round(side * scale / GRID) * GRID for side in shape)
    return _within(wide), _within(high)


def _within(side: int) -> int:
    return min(MAX_SIDE, max(MIN_SIDE, side))


def _changing_a_part(nodes: JsonObject, share: float, width: int, height: int) -> JsonObject:
    """Where the schedule is a node of its own, for a size, its first steps are left out."""
    if "denoise" in nodes["sampler"]["inputs"]:
        return changed(nodes, [(Slot("sampler", "denoise"), share)])
    part = node("SplitSigmasDenoise", "Part of the steps", sigmas=["sigmas", 0], denoise=share)
    sizes = [(Slot("sigmas", "width"), width), (Slot("sigmas", "height"), height)]
    sampled = (Slot("sampler", "sigmas"), ["part", 1])
    return {**changed(nodes, [*sizes, sampled]), "part": part}
