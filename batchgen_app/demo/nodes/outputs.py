"""Ends of a graph that keep no file: a text that is shown, a picture that is only sent."""

import asyncio
import io
import json
from typing import Any
from uuid import uuid4

from PIL import Image

from batchgen_app.demo.context import NodeContext
from batchgen_app.demo.node_type import Input, NodeOutput, NodeType, Output, socket
from batchgen_app.demo.values import Pictures


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


UNKEPT_OUTPUTS = (
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
