"""Ends of a graph: pictures saved or shown, a text that is shown, a picture that is only sent."""

import asyncio
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from batchgen_app.demo.context import NodeContext, Pictures
from batchgen_app.demo.files import SaveTarget
from batchgen_app.demo.node_type import (
    Input,
    NodeOutput,
    NodeType,
    Output,
    combo,
    decimal,
    integer,
    socket,
    text,
)

PNG_COMPRESSION = 4
WEBP_METHODS = {"default": 4, "fastest": 0, "slowest": 6}
PNG_HIDDEN = {"prompt": "PROMPT", "extra_pnginfo": "EXTRA_PNGINFO"}
SAVED = "Saves the input images to your ComfyUI output directory."
SHOWN = "Shows the images and keeps none of them."


async def _save_image(
    context: NodeContext, images: Pictures, filename_prefix: str = "ComfyUI"
) -> NodeOutput:
    return await _stored(context, images, "output", filename_prefix)


async def _preview_image(context: NodeContext, images: Pictures) -> NodeOutput:
    return await _stored(context, images, "temp", f"ComfyUI_temp_{context.session_word}")


async def _stored(context: NodeContext, images: Pictures, kind: str, prefix: str) -> NodeOutput:
    target = await asyncio.to_thread(
        context.folders.save_target, kind, prefix, images[0].size if images else (0, 0)
    )
    notes = _png_notes(context.graph, context.extra_pnginfo)
    names = [target.file_name(position) for position in range(len(images))]
    for name, picture in zip(names, images, strict=True):
        await asyncio.to_thread(_save_png, picture, target, name, notes)
        context.bench.hooks.saved(context.prompt.ordinal, target.folder / name)
    files = [{"filename": n, "subfolder": target.subfolder, "type": kind} for n in names]
    return NodeOutput((images,), ui={"images": files})


def _save_png(picture: Image.Image, target: SaveTarget, name: str, notes: PngInfo) -> None:
    picture.save(target.folder / name, pnginfo=notes, compress_level=PNG_COMPRESSION)


async def _save_animated(
    context: NodeContext, images: Pictures, filename_prefix: str, fps: float, **quality: Any
) -> NodeOutput:
    """One WebP, in which each picture is a frame."""
    target = await asyncio.to_thread(
        context.folders.save_target, "output", filename_prefix, images[0].size
    )
    name = target.file_name(0, "webp")
    options = {**quality, "method": WEBP_METHODS[quality["method"]], "duration": 1000 / fps}
    await asyncio.to_thread(_save_webp, images, target.folder / name, options)
    context.bench.hooks.saved(context.prompt.ordinal, target.folder / name)
    file = {"filename": name, "subfolder": target.subfolder, "type": "output"}
    return NodeOutput(ui={"images": [file], "animated": [len(images) != 1]})


def _save_webp(images: Pictures, path: Path, options: Mapping[str, Any]) -> None:
    first, *others = images
    first.save(path, save_all=True, append_images=others, **options)


def _png_notes(graph: dict[str, Any], extra: Mapping[str, Any]) -> PngInfo:
    """The text chunks of section 5: the graph, and each key of extra_pnginfo as JSON."""
    notes = PngInfo()
    notes.add_text("prompt", json.dumps(graph))
    for key, value in extra.items():
        notes.add_text(key, json.dumps(value))
    return notes


async def _show_text(_: NodeContext, source: Any = None) -> NodeOutput:
    shown = source if isinstance(source, str) else json.dumps(source, default=str)
    return NodeOutput((shown,), ui={"text": [shown]})


async def _send(context: NodeContext, images: Pictures) -> NodeOutput:
    """One frame for each picture, counted from 0, to whoever listens at that moment."""
    for position, picture in enumerate(images):
        frame = await asyncio.to_thread(_as_png, picture)
        context.progress.step(context.node_id, position, len(images), frame)
    return NodeOutput()


def _as_png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _always(*_: object) -> str:
    """Its result is never taken from an earlier prompt."""
    return uuid4().hex


OUTPUTS = (
    NodeType(
        name="SaveImage",
        run=_save_image,
        required={
            "images": socket("IMAGE", "The images to save."),
            "filename_prefix": text(
                default="ComfyUI",
                tooltip=(
                    "The prefix for the file to save. This may include formatting information such "
                    "as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from "
                    "nodes."
                ),
            ),
        },
        hidden=PNG_HIDDEN,
        outputs=(Output("IMAGE", name="images"),),
        category="image",
        display_name="Save Image",
        description=SAVED,
        output_node=True,
    ),
    NodeType(
        name="PreviewImage",
        run=_preview_image,
        required={"images": socket("IMAGE")},
        hidden=PNG_HIDDEN,
        outputs=(Output("IMAGE", name="images"),),
        category="image",
        display_name="Preview Image",
        description=SHOWN,
        output_node=True,
    ),
    NodeType(
        name="SaveAnimatedWEBP",
        run=_save_animated,
        required={
            "images": socket("IMAGE"),
            "filename_prefix": text(default="ComfyUI", multiline=False),
            "fps": decimal(6.0, 0.01, 1000.0, step=0.01),
            "lossless": Input("BOOLEAN", {"default": True}),
            "quality": integer(80, 0, 100),
            "method": combo(lambda _: list(WEBP_METHODS), new_style=True, multiselect=False),
        },
        hidden=PNG_HIDDEN,
        category="image/animation",
        python_module="comfy_extras.nodes_images",
        output_node=True,
        new_style=True,
    ),
    NodeType(
        name="PreviewAny",
        run=_show_text,
        required={"source": Input("*", {})},
        outputs=(Output("STRING"),),
        category="utilities",
        display_name="Preview as Text",
        python_module="comfy_extras.nodes_preview_any",
        output_node=True,
    ),
    NodeType(
        name="SaveImageWebsocket",
        run=_send,
        required={"images": socket("IMAGE")},
        category="image",
        display_name="Save Image (Websocket)",
        python_module="custom_nodes.websocket_image_save",
        output_node=True,
        fingerprint=_always,
    ),
)
