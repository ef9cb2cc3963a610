"""What helps against a failure, by what the server said of it."""

import re

from batchgen_app.core.batch import Parameters
from batchgen_app.core.request import AnyRequest, BasedOn
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


def missing_at(batch: BatchState, width: int, height: int) -> AnyRequest:
    """The request for what is missing of ``batch``, with the planned seeds, at another size: as a
    batch has one size, it is a batch of its own. Raises InvalidRequest.
    """
    request = batch.request.with_seeds([image.seed for image in batch.missing])
    base = request.base_parameters.model_copy(update={"width": width, "height": height})
    origin = BasedOn(batch_id=batch.batch_id, how="changed")
    return request.model_copy(update={"base_parameters": base, "based_on": origin})


def _shrunk(side: int) -> int:
    return max(min(side, _GRID), int(side * _SHRINK) // _GRID * _GRID)
