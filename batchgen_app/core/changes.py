"""A change tried on the same seeds: the request for it, and what of two batches differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.request import AnyRequest, BasedOn
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject

BASE = "baseParameters"
COMMON = (
    *("negativePrompt", "model", "steps", "cfg", "width", "height", "samplerName", "scheduler"),
    "refiner",
)
"""What was submitted says it, whether a request gave it or a workflow had it."""
ASKED = ("denoise", "guidance", "vae", "textEncoders", "dynamicPrompt")
"""Only a request says it."""
WHOLE = ("workflow", "inputImages")
"""What cannot be told in a line: only that it differs."""


@dataclass(frozen=True)
class Change:
    """A field (as a request calls it; of a workflow, its input) with its values before and after;
    None where it had none, or where they cannot be told in a line.
    """

    name: str
    old: object = None
    new: object = None


def with_changes(batch: BatchState, seeds: Sequence[int], changes: JsonObject) -> AnyRequest:
    """The request of ``batch`` with just these seeds and with ``changes`` in it, those of its base
    parameters by their dotted names. Raises InvalidRequest.
    """
    request = batch.request.with_seeds(seeds)
    asked = request.to_json()
    for name, value in changes.items():
        *within, last = name.split(".")
        (asked[BASE] if within else asked)[last] = value
    if "model" in changes:
        asked.pop("family", None)  # it was said of the other one
    origin = BasedOn(batch_id=batch.batch_id, how="changed")
    return request.parse_in({}, {**asked, "basedOn": origin.to_json()})


def differences(old: BatchState, new: BatchState) -> list[Change]:
    """What differs, in the order in which forms ask for it."""
    before, after = dict(_said(old)), dict(_said(new))
    names = dict.fromkeys([*before, *after])
    told = [Change(name, before.get(name), after.get(name)) for name in names]
    asked, other = old.request.to_json(), new.request.to_json()
    whole = [Change(name) for name in WHOLE if asked.get(name) != other.get(name)]
    return [change for change in told if change.old != change.new] + whole


def pairs(old: BatchState, new: BatchState) -> list[tuple[GeneratedImage, int]]:
    """The pictures of ``old`` whose seeds ``new`` has, too, each with the index that it has there,
    in the order of that. Of a proof, the one that is proved.
    """
    origin = new.request.based_on
    if origin and origin.how == "proved":
        proved = [picture for picture in old.pictures if picture.index == origin.image]
        return [(picture, 1) for picture in proved]
    of_seed = {picture.seed: picture for picture in old.pictures}
    found = ((of_seed.get(image.seed), image.index) for image in new.images)
    return [(picture, index) for picture, index in found if picture]


def _said(batch: BatchState) -> Iterator[tuple[str, object]]:
    asked, submitted = batch.request.to_json(), batch.parameters.to_json()
    yield "prompt", asked["prompt"]
    for name in COMMON:
        yield name, submitted.get(name)
    for name in ASKED:
        yield name, asked.get(name)
    for lora in asked.get("loras") or ():
        yield f"loras.{lora['name']}", lora["strength"]
    yield from (asked.get("inputs") or {}).items()
