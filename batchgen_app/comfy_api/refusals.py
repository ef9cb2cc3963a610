"""Why a server refused a workflow, in the words in which ComfyUI's own refusals are told."""

from collections.abc import Iterator

from comfy_low import ApiError

from batchgen_app.comfy.refusals import refusal
from batchgen_app.core.errors import PromptRefused
from batchgen_app.core.json_values import object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject


def refused(error: ApiError, nodes: JsonObject) -> PromptRefused:
    """``nodes`` is the graph that was sent."""
    told = object_or_empty(object_or_empty(error.details).get("node_errors"))
    errors = {node_id: _as_comfyui(report) for node_id, report in told.items()}
    about = {"type": error.code, "message": error.message.rstrip(".")}
    return refusal({"error": about, "node_errors": errors}, nodes)


def _as_comfyui(report: object) -> JsonObject:
    """A report of ComfyUI is passed on by some servers; others have a list of fields."""
    if isinstance(report, list):
        return {"errors": [*_fields(report)]}
    return object_or_empty(report)


def _fields(report: list[object]) -> Iterator[JsonObject]:
    for item in map(object_or_empty, report):
        yield {
            "message": text_or_none(item.get("reason")) or "",
            "extra_info": {"input_name": text_or_none(item.get("field"))},
        }
