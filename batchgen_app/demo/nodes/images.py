"""Nodes about latents and pictures: empty ones, decoding, repeating, loading."""

import asyncio
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps

from batchgen_app.demo.context import Latent, Model, NodeContext, Pictures
from batchgen_app.demo.files import FOLDER_KINDS, Catalogue, Folders, OutsideFolderError
from batchgen_app.demo.node_type import (
    Input,
    NodeOutput,
    NodeType,
    Output,
    combo,
    integer,
    socket,
)

LARGEST_SIZE = 16384
LARGEST_BATCH = 4096
LARGEST_ALLOCATION = 2**30  # bytes; a demo must not fill the memory of its host
UNSEEN_GREY = (128, 128, 128)


async def empty_latent(_: NodeContext, width: int, height: int, batch_size: int = 1) -> NodeOutput:
    """A latent of this size, on the grid that latents have."""
    return NodeOutput((Latent(width // 8 * 8, height // 8 * 8, batch_size),))


async def _empty_image(
    _: NodeContext, width: int, height: int, batch_size: int, color: int
) -> NodeOutput:
    _check_memory(width, height, batch_size)
    colour = (color >> 16 & 255, color >> 8 & 255, color & 255)
    picture = await asyncio.to_thread(Image.new, "RGB", (width, height), colour)
    return NodeOutput(((picture,) * batch_size,))


async def _repeat(_: NodeContext, image: Pictures, amount: int) -> NodeOutput:
    _check_memory(*image[0].size, len(image) * amount)
    return NodeOutput((image * amount,))


def _check_memory(width: int, height: int, batch_size: int) -> None:
    """Fails as an allocation of this many pictures would. Raises RuntimeError."""
    wanted = width * height * batch_size * 4
    if wanted > LARGEST_ALLOCATION:
        raise RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate "
            f"memory: you tried to allocate {wanted} bytes. Error code 12 (Cannot allocate memory)"
        )


async def _decode(context: NodeContext, samples: Latent, vae: Model) -> NodeOutput:
    _check_memory(samples.width, samples.height, samples.batch_size)
    positions = range(samples.batch_size)
    pictures = [await _developed(context, samples, position) for position in positions]
    return NodeOutput((tuple(pictures),))


async def _developed(context: NodeContext, latent: Latent, position: int) -> Image.Image:
    before = await asyncio.to_thread(_before, latent, position)
    if latent.motif is None:
        return before
    paint, size = context.bench.settings.easel.picture, before.size
    painted = await asyncio.to_thread(paint, latent.motif.in_batch(position), *size)
    return await asyncio.to_thread(_over, before, latent, painted) if latent.source else painted


def _before(latent: Latent, position: int) -> Image.Image:
    """What is there before anything is sampled."""
    size = (latent.width, latent.height)
    if not latent.source:
        return Image.new("RGB", size, UNSEEN_GREY)
    return latent.source[position % len(latent.source)].resize(size)


def _over(before: Image.Image, latent: Latent, painted: Image.Image) -> Image.Image:
    """What was there shows through as far as it was not changed; beside a mask, all of it."""
    changed = Image.blend(before, painted.convert("RGB"), latent.denoise)
    if latent.mask is None:
        return changed
    return Image.composite(changed, before, latent.mask.resize(before.size))


async def _load_image(context: NodeContext, image: str) -> NodeOutput:
    path = picture_path(context.folders, image)
    picture, mask = await asyncio.to_thread(_opened, path)
    return NodeOutput(((picture,), mask))


def _opened(path: Path) -> tuple[Image.Image, Image.Image]:
    with Image.open(path) as source:
        picture = ImageOps.exif_transpose(source).convert("RGBA")
    return picture.convert("RGB"), ImageChops.invert(picture.getchannel("A"))


def picture_path(folders: Folders, annotated: str) -> Path:
    """The file behind a name like `folder/picture.png [input]`. Raises OutsideFolderError."""
    name, kind = annotated, "input"
    for candidate in FOLDER_KINDS:
        if annotated.endswith(f" [{candidate}]"):
            name, kind = annotated.removesuffix(f" [{candidate}]"), candidate
    return folders.inside(kind, name)


def complain_about_picture(folders: Folders, annotated: Any) -> str | None:
    """Where there is no such picture."""
    try:
        there = picture_path(folders, str(annotated)).is_file()
    except OutsideFolderError:
        there = False
    return None if there else f"Invalid image file: {annotated}"


def picture_hash(folders: Folders, inputs: dict[str, Any]) -> str:
    """What tells its content from another one."""
    content = picture_path(folders, inputs["image"]).read_bytes()
    return hashlib.sha256(content).hexdigest()


def size(default: int, low: int, step: int, of: str = "") -> Input:
    """A side in pixels."""
    options: dict[str, Any] = {"step": step}
    if of:
        options["tooltip"] = f"The {of} of the latent images in pixels."
    return integer(default, low, LARGEST_SIZE, **options)


batch = partial(integer, 1, 1, LARGEST_BATCH)
"""How many at once."""

IMAGE_NODES = (
    NodeType(
        name="EmptyLatentImage",
        run=empty_latent,
        required={
            "width": size(512, 16, 8, "width"),
            "height": size(512, 16, 8, "height"),
            "batch_size": batch(tooltip="The number of latent images in the batch."),
        },
        outputs=(Output("LATENT", "The empty latent image batch."),),
        category="model/latent",
        display_name="Empty Latent Image",
        description="Create a new batch of empty latent images to be denoised via sampling.",
    ),
    NodeType(
        name="EmptySD3LatentImage",
        run=empty_latent,
        required={
            "width": size(1024, 16, 16),
            "height": size(1024, 16, 16),
            "batch_size": batch(),
        },
        outputs=(Output("LATENT"),),
        category="model/latent/stable diffusion",
        python_module="comfy_extras.nodes_sd3",
        new_style=True,
    ),
    NodeType(
        name="VAEDecode",
        run=_decode,
        required={
            "samples": socket("LATENT", "The latent to be decoded."),
            "vae": socket("VAE", "The VAE model used for decoding the latent."),
        },
        outputs=(Output("IMAGE", "The decoded image."),),
        category="model/latent",
        display_name="VAE Decode",
        description="Decodes latent images back into pixel space images.",
    ),
    NodeType(
        name="EmptyImage",
        run=_empty_image,
        required={
            "width": integer(512, 1, LARGEST_SIZE, step=1),
            "height": integer(512, 1, LARGEST_SIZE, step=1),
            "batch_size": batch(),
            "color": integer(0, 0, 0xFFFFFF, step=1, display="color"),
        },
        outputs=(Output("IMAGE"),),
        category="image",
        display_name="Empty Image",
    ),
    NodeType(
        name="RepeatImageBatch",
        run=_repeat,
        required={"image": socket("IMAGE"), "amount": batch()},
        outputs=(Output("IMAGE"),),
        category="image/batch",
        display_name="Repeat Image Batch",
        python_module="comfy_extras.nodes_images",
        new_style=True,
    ),
    NodeType(
        name="LoadImage",
        run=_load_image,
        required={"image": combo(Catalogue.input_pictures, image_upload=True)},
        outputs=(Output("IMAGE"), Output("MASK")),
        category="image",
        display_name="Load Image",
        checks={"image": complain_about_picture},
        fingerprint=picture_hash,
    ),
)
