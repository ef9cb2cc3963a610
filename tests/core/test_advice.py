"""What helps against a failure."""

import random

import pytest

from batchgen_app.core.advice import is_out_of_memory, missing_at, smaller
from batchgen_app.core.batch import Parameters
from batchgen_app.core.request import AnyRequest, BasedOn, SingleImageRequest
from batchgen_app.core.state import BatchState
from tests.core.asking import asked
from tests.core.stories import all_done, completed, failed, queued, started, submitted


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


def out_of_memory_at(*lost: int, **changes: object) -> BatchState:
    """A batch of four of which these images failed."""
    request = asked(batchCount=4, **changes)
    batch = BatchState.queued(queued(4).model_copy(update={"request": request}))
    batch.apply(started())
    for index in range(1, 5):
        batch.apply(submitted(index))
        batch.apply(failed(index) if index in lost else completed(index))
    batch.apply(all_done())
    return batch


def planned(wish: AnyRequest) -> tuple[int, ...]:
    """The seeds that a batch like this gets."""
    return wish.plan_seeds(random.Random(1))


def test_what_is_missing_at_another_size_is_asked_for_as_the_rest_was() -> None:
    wish = missing_at(out_of_memory_at(2, 3, baseParameters={"steps": 7}), 704, 704)
    assert (wish.batch_count, wish.prompt, wish.model) == (2, "a red fox", "dreams.ckpt")
    sized = wish.base_parameters
    assert (sized.width, sized.height, sized.steps) == (704, 704, 7)


@pytest.mark.parametrize("plan", [{}, {"seedMode": "incremental", "baseSeed": 101}])
@pytest.mark.parametrize("lost", [(3, 4), (2, 4), (2,)])
def test_it_has_the_seeds_that_were_planned_with_gaps_and_all(
    lost: tuple[int, ...], plan: dict[str, object]
) -> None:
    wish = missing_at(out_of_memory_at(*lost, **plan), 64, 64)
    assert planned(wish) == tuple(100 + index for index in lost)


def test_it_says_which_batch_it_came_from() -> None:
    batch = out_of_memory_at(2, 4)
    assert missing_at(batch, 64, 64).based_on == BasedOn(batch_id=batch.batch_id, how="changed")


def test_one_missing_image_is_a_single_one() -> None:
    assert isinstance(missing_at(out_of_memory_at(2), 64, 64), SingleImageRequest)
