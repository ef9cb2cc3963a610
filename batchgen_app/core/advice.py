"""What helps against a failure, by what the server said of it."""

import re

from batchgen_app.core.batch import Parameters
from batchgen_app.core.request import AnyRequest, BatchRequest, SeedMode, SingleImageRequest
from batchgen_app.core.seeds import incremental_seeds
from batchgen_app.core.state import BatchState

_MEMORY = re.compile(
    r"out of memory|OutOfMemory|exceed allowed memory|Allocation on device|not enough memory"
    r"|ALLOC_FAILED|failed to allocate",
    re.IGNORECASE,
)
"""The words of PyTorch on CUDA, ROCm, MPS, XPU and DirectML, of cuBLAS, and of ComfyUI itself."""
_SHRINK = 0.71
"""Of a side: half of the pixels."""
_GRID = 64
"""Sides that every family of models can make are multiples of it."""


def is_out_of_memory(message: str | None) -> bool:
    """Whether an image failed because there was too little memory for it."""
    return bool(message and _MEMORY.search(message))


def smaller(parameters: Parameters) -> tuple[int, int] | None:
    """Width and height with about half the pixels; None where no size is known, or none smaller."""
    width, height = parameters.width, parameters.height
    if not width or not height:
        return None
    shrunk = (_shrunk(width), _shrunk(height))
    return shrunk if shrunk < (width, height) else None


def keeps_planned_seeds(batch: BatchState) -> bool:
    """Whether a request can say the seeds that are planned for what is missing of ``batch``: it
    counts from one seed on, without a gap.
    """
    planned = tuple(image.seed for image in batch.missing)
    # A single random seed counts as well: one image of an incremental plan has just that seed.
    return planned == incremental_seeds(planned[0], len(planned))


def missing_at(batch: BatchState, width: int, height: int) -> AnyRequest:
    """The request for what is missing of ``batch``, at another size: a batch has one size, so it is
    a batch of its own. It has the planned seeds where ``keeps_planned_seeds``. A request cannot say
    gaps (the second and the fourth of an incremental plan) or several random seeds: then they are
    new ones, none of an incremental plan again. Raises InvalidRequest.
    """
    asked, missing = batch.request.to_json(), batch.missing
    asked["batchCount"] = len(missing)
    asked["baseParameters"] = {**asked["baseParameters"], "width": width, "height": height}
    kind = BatchRequest if len(missing) > 1 else SingleImageRequest
    if keeps_planned_seeds(batch):
        counted = {"seedMode": SeedMode.INCREMENTAL, "baseSeed": missing[0].seed}
        return kind.parse({**asked, **counted})
    return kind.parse(asked).after(tuple(image.seed for image in batch.images))


def _shrunk(side: int) -> int:
    return max(min(side, _GRID), int(side * _SHRINK) // _GRID * _GRID)
