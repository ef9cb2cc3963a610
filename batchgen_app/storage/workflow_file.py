"""Files that carry a workflow: JSON in whatever encoding, and pictures that ComfyUI saved."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, TypeAlias

from PIL import ExifTags, Image

from batchgen_app.core.errors import InvalidRequest, PictureBroken
from batchgen_app.core.limits import MAX_GRAPH_VALUES
from batchgen_app.core.wire import JsonObject, has_too_many_values
from batchgen_app.language.message import Message, later
from batchgen_app.storage import png
from batchgen_app.workflows.workflow import (
    TOO_MANY_NODES,
    Workflow,
    graph_in,
    is_editor_format,
    unwrapped,
)

MOST_BYTES = 15_000_000
"""Of a file; a request as large as that still comes through."""
SETTINGS = "parameters"
"""Where others keep what they made a picture with, which is no graph."""
CHUNKS = ("prompt", "workflow")
"""Where ComfyUI keeps the graph in a picture: what was run, and what stood in the editor."""
EXIF_TAGS = (0x0110, 0x010F)
"""Where it keeps the same in a WebP (and others in a JPEG), as ``<chunk>:<JSON>``."""
FileFormat: TypeAlias = Literal["api", "editor", "png", "webp", "jpeg"]
FORMATS: Mapping[str, FileFormat] = {"WEBP": "webp", "JPEG": "jpeg"}
"""Pictures that tell it by EXIF, as Pillow calls them."""
SIGNATURES = (png.SIGNATURE, b"RIFF", b"\xff\xd8\xff")
TOO_LARGE = later("The file is too large: a workflow has at most 15 MB.")
NO_WORKFLOW = later(
    "This file is neither JSON nor a picture that carries a workflow. "
    'In ComfyUI choose "Export (API)" and use that file.'
)
NONE_IN_PICTURE = later(
    "This picture carries no workflow. Those that ComfyUI saved do, unless another program has "
    "written them anew."
)
SETTINGS_OF_SWARM = "sui_image_params"
"""By which SwarmUI's own settings are known, wherever it keeps them."""
ONLY_SETTINGS_OF_SWARM = later(
    "This file carries settings of SwarmUI, but no workflow. In SwarmUI reuse its parameters, "
    'choose "Import From Generate Tab" in the tab "Comfy Workflow", export that with '
    '"Export (API)", and use that file.'
)


@dataclass(frozen=True)
class WorkflowFile:
    """JSON data that may be a graph, and what it was found in."""

    format: FileFormat
    data: Any


def read_workflow(content: bytes) -> WorkflowFile:
    """What a file holds. Raises InvalidRequest where it is neither JSON nor a picture with some."""
    if len(content) > MOST_BYTES:
        raise _refused("too_large", TOO_LARGE)
    if content.startswith(SIGNATURES):
        kind, text = _text_of_picture(content)
        return WorkflowFile(kind, _read(text.encode()))
    data = _read(content)
    if isinstance(data, dict) and SETTINGS_OF_SWARM in data:
        raise _refused("no_workflow", ONLY_SETTINGS_OF_SWARM)
    return WorkflowFile("editor" if is_editor_format(data) else "api", data)


def workflow_data(content: bytes) -> JsonObject:
    """What a file holds for a request: a graph, or what the editor keeps, which only becomes one
    with the server's help. Raises InvalidRequest.
    """
    data = unwrapped(read_workflow(content).data)
    return data if isinstance(data, dict) and is_editor_format(data) else graph_in(data)


def workflow_of_picture(content: bytes) -> Workflow | None:
    """The graph that a picture was made with, if it carries one that makes sense."""
    with suppress(InvalidRequest):
        return Workflow.parse(read_workflow(content).data)
    return None


def _text_of_picture(content: bytes) -> tuple[FileFormat, str]:
    kind, texts = _texts_in(content)
    for keyword in CHUNKS:
        if text := texts.get(keyword):
            return kind, text
    if SETTINGS_OF_SWARM in (texts.get(SETTINGS) or ""):
        raise _refused("no_workflow", ONLY_SETTINGS_OF_SWARM)
    raise _refused("no_workflow", NONE_IN_PICTURE)


def _texts_in(content: bytes) -> tuple[FileFormat, Mapping[str, str | None]]:
    if content.startswith(png.SIGNATURE):
        return "png", _texts_of_png(content)
    return _texts_of_exif(content)


def _texts_of_png(content: bytes) -> Mapping[str, str | None]:
    try:
        parts = png.chunks(content)
    except PictureBroken as error:
        raise _refused("unreadable", error.message) from error
    return {keyword: png.text(parts, keyword) for keyword in (*CHUNKS, SETTINGS)}


def _texts_of_exif(content: bytes) -> tuple[FileFormat, Mapping[str, str | None]]:
    """Raises InvalidRequest for what is no picture after all."""
    try:
        with Image.open(BytesIO(content), formats=list(FORMATS)) as picture:
            kind, exif = FORMATS[picture.format or ""], picture.getexif()
            comment = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment, "")
    # Pillow raises all of them, and more, for what only looks like a picture.
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused("unreadable", NO_WORKFLOW) from error
    told = [str(exif.get(tag, "")) for tag in EXIF_TAGS]
    named = (text.partition(":") for text in told)
    texts = {keyword.strip().lower(): text for keyword, _, text in named}
    return kind, {SETTINGS: "".join([*told, _plain(comment)]), **texts}


def _plain(comment: object) -> str:
    """In ASCII, or in UTF-16 of either order, behind eight bytes that say so."""
    if isinstance(comment, bytes):
        return comment.replace(b"\0", b"").decode("latin-1")
    return str(comment)


def _read(content: bytes) -> Any:
    """UTF-8 or UTF-16, with or without a mark. ComfyUI writes NaN where it means nothing."""
    if has_too_many_values(content, MAX_GRAPH_VALUES):
        raise _refused("too_large", TOO_MANY_NODES)
    try:
        return json.loads(content, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise _refused("unreadable", NO_WORKFLOW) from error


def _refused(code: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of("workflow", code, message)
