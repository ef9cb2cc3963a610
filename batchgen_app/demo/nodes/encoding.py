"""Nodes that bring a picture into a latent: scaled, encoded, changed only where a mask says so."""

import asyncio
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageChops

from batchgen_app.demo.context import Latent, Model, NodeContext, Pictures
from batchgen_app.demo.files import Catalogue
from batchgen_app.demo.node_type import NodeOutput, NodeType, Output, combo, integer, socket
from batchgen_app.demo.nodes.images import (
    LARGEST_SIZE,
    complain_about_picture,
    picture_hash,
    picture_path,
)

SCALINGS = {
    "nearest-exact": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "area": Image.Resampling.BOX,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
CHANNELS = {"alpha": "A", "red": "R", "green": "G", "blue": "B"}


async def _scale(
    _: NodeContext, image: Pictures, upscale_method: str, width: int, height: int, crop: str
) -> NodeOutput:
    size, how = (width, height), SCALINGS[upscale_method]
    scaled = [await asyncio.to_thread(_scaled, one, size, how, crop) for one in image]
    return NodeOutput((tuple(scaled),))


def _scaled(
    image: Image.Image, size: tuple[int, int], how: Image.Resampling, crop: str
) -> Image.Image:
    """A side of 0 follows the other one."""
    width, height = size
    wide = width or max(1, round(image.width * height / image.height))
    high = height or max(1, round(image.height * wide / image.width))
    if crop == "center":
        image = image.crop(_middle(image, wide / high))
    return image.resize((wide, high), how)


def _middle(image: Image.Image, ratio: float) -> tuple[int, int, int, int]:
    """As much of it as has this ratio of width to height."""
    width = min(image.width, max(1, round(image.height * ratio)))
    height = min(image.height, max(1, round(image.width / ratio)))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return left, top, left + width, top + height


async def _encode(_: NodeContext, pixels: Pictures, vae: Model) -> NodeOutput:
    width, height = (side // 8 * 8 for side in pixels[0].size)
    return NodeOutput((Latent(width, height, len(pixels), source=pixels),))


async def _set_mask(_: NodeContext, samples: Latent, mask: Image.Image) -> NodeOutput:
    return NodeOutput((replace(samples, mask=mask),))


async def _load_mask(context: NodeContext, image: str, channel: str) -> NodeOutput:
    path = picture_path(context.folders, image)
    return NodeOutput((await asyncio.to_thread(_channel, path, CHANNELS[channel]),))


def _channel(path: Path, band: str) -> Image.Image:
    """What is transparent is what the mask means; of a colour, what has much of it."""
    with Image.open(path) as source:
        found = source.convert("RGBA").getchannel(band)
    return ImageChops.invert(found) if band == "A" else found


ENCODING_NODES = (
    NodeType(
        name="ImageScale",
        run=_scale,
        required={
            "image": socket("IMAGE"),
            "upscale_method": combo(lambda _: [*SCALINGS]),
            "width": integer(512, 0, LARGEST_SIZE, step=1),
            "height": integer(512, 0, LARGEST_SIZE, step=1),
            "crop": combo(lambda _: ["disabled", "center"]),
        },
        outputs=(Output("IMAGE"),),
        category="image/upscaling",
        display_name="Upscale Image",
    ),
    NodeType(
        name="VAEEncode",
        run=_encode,
        required={"pixels": socket("IMAGE"), "vae": socket("VAE")},
        outputs=(Output("LATENT"),),
        category="model/latent",
        display_name="VAE Encode",
    ),
    NodeType(
        name="SetLatentNoiseMask",
        run=_set_mask,
        required={"samples": socket("LATENT"), "mask": socket("MASK")},
        outputs=(Output("LATENT"),),
        category="model/latent/inpaint",
        display_name="Set Latent Noise Mask",
    ),
    NodeType(
        name="LoadImageMask",
        run=_load_mask,
        required={
            "image": combo(Catalogue.input_pictures, image_upload=True),
            "channel": combo(lambda _: [*CHANNELS]),
        },
        outputs=(Output("MASK"),),
        category="image/mask",
        display_name="Load Image (as Mask)",
        checks={"image": complain_about_picture},
        fingerprint=picture_hash,
    ),
)
