"""The files that go along with a model: where one is missing, the field of the request that it
belongs to says so, and where the file goes.
"""

from collections.abc import Iterator

from batchgen_app.comfy.models import Category
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import BatchRequest
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.additions import REFINER
from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.node_types import lacks
from batchgen_app.workflows.workflow import Workflow

FOLDERS = {
    "vae": Category.VAE,
    "textEncoders": Category.TEXT_ENCODERS,
    "refiner": Category.CHECKPOINTS,
}
"""By field of a request where its files lie."""
MISSING_FILE = later(
    "The server does not have {name}. "
    "Put it into models/{folder} of ComfyUI, or choose another one."
)


def missing_file(field: str, *names: str) -> Message:
    """What to do about files that are named in this ``field``, or should be."""
    return later(MISSING_FILE, name=", ".join(names), folder=FOLDERS[field])


def require_files(workflow: Workflow, request: BatchRequest) -> None:
    """Raises InvalidRequest where the server lacks what the request names; or what the built-in
    workflow needs, which nobody has named.
    """
    found: dict[str, list[str]] = {}
    for field, name in _missing(workflow):
        if request.workflow is None or request.to_json().get(field):
            found.setdefault(field, []).append(name)
    if found:
        raise InvalidRequest([
            Problem(field, "missing_model", missing_file(field, *names))
            for field, names in found.items()
        ])  # fmt: skip


def _missing(workflow: Workflow) -> Iterator[tuple[str, str]]:
    fields: dict[Slot, str] = {
        **dict.fromkeys(workflow.roles.vae, "vae"),
        **dict.fromkeys(workflow.roles.text_encoder, "textEncoders"),
        REFINER: "refiner",
    }
    for lack in lacks(workflow.graph, workflow.known):
        if field := fields.get(lack.slot):
            yield field, lack.value
