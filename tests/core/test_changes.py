"""A change is tried on the same seeds, and what was changed can be told."""

import pytest

from batchgen_app.core.batch import Parameters
from batchgen_app.core.changes import Change, differences, pairs, with_changes
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.request import AnyRequest, BasedOn, SingleImageRequest
from batchgen_app.core.state import BatchState
from tests.core.asking import asked
from tests.core.stories import all_done, completed, failed, queued, started, submitted

BASE = {"steps": 7, "cfg": 5}
PLAIN = Parameters()
GRAPH = {"1": {"class_type": "KSampler", "inputs": {}}}


def made(request: AnyRequest, parameters: Parameters = PLAIN, lost: int = 0) -> BatchState:
    """A batch of that request, of which one image may have failed."""
    event = queued(request.batch_count).model_copy(
        update={"request": request, "parameters": parameters}
    )
    seeds = request.seeds or list(range(101, 101 + request.batch_count))
    batch = BatchState.queued(event.model_copy(update={"seeds": seeds}))
    batch.apply(started())
    for index in range(1, request.batch_count + 1):
        batch.apply(submitted(index))
        done = completed(index).model_copy(update={"seed": seeds[index - 1]})
        batch.apply(failed(index) if index == lost else done)
    batch.apply(all_done())
    return batch


def test_a_change_keeps_all_else_and_has_just_these_seeds() -> None:
    request = asked(
        batchCount=3, seedMode="incremental", baseSeed=101, baseParameters=BASE, family="sdxl"
    )
    changed = with_changes(
        made(request), [103, 101], {"prompt": "a blue fox", "baseParameters.steps": 9}
    )
    assert (changed.prompt, changed.seeds, changed.batch_count) == ("a blue fox", [103, 101], 2)
    assert (changed.base_parameters.steps, changed.base_parameters.cfg) == (9, 5)
    assert (changed.model, changed.family) == (request.model, "sdxl")
    assert changed.based_on == BasedOn(batch_id=made(request).batch_id, how="changed")


def test_of_one_picture_it_is_a_single_image() -> None:
    changed = with_changes(made(asked(batchCount=2)), [102], {"denoise": 0.5})
    assert isinstance(changed, SingleImageRequest)
    assert (changed.seeds, changed.denoise) == ([102], 0.5)


def test_another_model_is_not_of_the_family_that_was_said_of_the_one_before() -> None:
    batch = made(asked(batchCount=2, family="sdxl"))
    assert with_changes(batch, [1, 2], {"model": "other.ckpt"}).family is None


def test_what_cannot_be_is_told_at_its_field() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        with_changes(made(asked(batchCount=2)), [1, 2], {"baseParameters.steps": 0})
    assert refusal.value.problems[0].field == "baseParameters.steps"


def test_differences_are_told_with_what_was_before_and_after() -> None:
    before = asked(loras=[{"name": "ink", "strength": 1}], denoise=0.6, workflow=GRAPH)
    after = asked(prompt="a blue fox", loras=[{"name": "ink", "strength": 0.5}])
    old = made(before, Parameters(model="dreams", steps=20, cfg=7))
    new = made(after, Parameters(model="dreams", steps=30, cfg=7.0))
    assert differences(old, new) == [
        Change("prompt", "a red fox", "a blue fox"),
        Change("steps", 20, 30),
        Change("denoise", 0.6, None),
        Change("loras.ink", 1.0, 0.5),
        Change("workflow"),
    ]
    assert differences(old, old) == []


def test_pictures_with_the_same_seed_are_pairs_in_the_order_of_the_new_ones() -> None:
    old = made(asked(batchCount=4), lost=2)
    new = made(asked(batchCount=3, seeds=[103, 102, 101]))
    assert [(picture.seed, index) for picture, index in pairs(old, new)] == [(103, 1), (101, 3)]
    assert pairs(old, made(asked(batchCount=2, seeds=[7, 8]))) == []
