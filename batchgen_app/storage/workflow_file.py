"""Files that carry a workflow: JSON in whatever encoding, and pictures that ComfyUI saved."""

import json
from contextlib import suppress
from typing import Any

from batchgen_app.core.errors import InvalidRequest, PictureBroken
from batchgen_app.core.limits import MAX_GRAPH_VALUES
from batchgen_app.core.wire import has_too_many_values
from batchgen_app.language.message import Message, later
from batchgen_app.storage import png
from batchgen_app.workflows.workflow import TOO_MANY_NODES, Workflow

MOST_BYTES = 15_000_000
"""Of a file; a request as large as that still comes through."""
CHUNKS = ("prompt", "workflow")
"""Where ComfyUI keeps the graph in a PNG: what was run, and what stood in the editor."""
TOO_LARGE = later("The file is too large: a workflow has at most 15 MB.")
NO_WORKFLOW = later(
    "This file is neither JSON nor a picture that carries a workflow. "
    'In ComfyUI choose "Export (API)" and use that file.'
)
NONE_IN_PICTURE = later(
    "This picture carries no workflow. Those that ComfyUI saved do, unless another program has "
    "written them anew."
)


def workflow_in(content: bytes) -> Workflow:
    """The workflow that a file holds. Raises InvalidRequest where there is none in API format."""
    if len(content) > MOST_BYTES:
        raise _refused("too_large", TOO_LARGE)
    if content.startswith(png.SIGNATURE):
        content = _text_of_picture(content).encode()
    return Workflow.parse(_read(content))


def workflow_of_picture(content: bytes) -> Workflow | None:
    """The graph that a PNG was made with, if it carries one that makes sense."""
    with suppress(InvalidRequest):
        return Workflow.parse(_read(_text_of_picture(content).encode()))
    return None


def _text_of_picture(content: bytes) -> str:
    try:
        parts = png.chunks(content)
    except PictureBroken as error:
        raise _refused("unreadable", error.message) from error
    for text in (png.text(parts, keyword) for keyword in CHUNKS):
        if text is not None:
            return text
    raise _refused("no_workflow", NONE_IN_PICTURE)


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
