"""What helps against a failure."""

import pytest

from batchgen_app.core.advice import is_out_of_memory, smaller
from batchgen_app.core.batch import Parameters


@pytest.mark.parametrize(
    "said",
    [
        "KSampler failed: Allocation on device",
        "CUDA out of memory. Tried to allocate 2.00 GiB",
        "VAE Decode failed: torch.OutOfMemoryError",
        "MPS backend out of memory (MPS allocated: 17 GB)",
        "CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes",
    ],
)
def test_too_little_memory_is_known_by_the_words_of_every_back_end(said: str) -> None:
    assert is_out_of_memory(said)


@pytest.mark.parametrize("said", ["", None, "Expected all tensors to be on the same device"])
def test_other_failures_are_not_taken_for_it(said: str | None) -> None:
    assert not is_out_of_memory(said)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1024, 1024), (704, 704)),
        ((768, 1344), (512, 896)),
        ((128, 64), (64, 64)),
        ((64, 64), None),
        ((None, None), None),
    ],
)
def test_a_smaller_size_has_about_half_the_pixels(
    size: tuple[int | None, int | None], expected: tuple[int, int] | None
) -> None:
    assert smaller(Parameters(width=size[0], height=size[1])) == expected
