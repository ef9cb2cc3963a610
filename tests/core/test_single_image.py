"""One image through the same flow as a batch; only the page asks for it."""

import pytest
from pydantic import ValidationError

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.events import read_event
from batchgen_app.core.request import BatchRequest, SingleImageRequest
from tests.core.asking import fields
from tests.core.stories import queued


@pytest.mark.parametrize("asked", [fields(batchCount=1), fields(batchCount=1, baseSeed=-1)])
def test_a_single_image_goes_the_same_way(asked: dict[str, object]) -> None:
    request = SingleImageRequest.parse(asked)
    again = request.after((5,))
    assert (type(again), again.batch_count) == (SingleImageRequest, 1)
    with pytest.raises(InvalidRequest, match="Minimum 2 images"):
        BatchRequest.parse(asked)


def test_each_kind_of_request_comes_back_from_the_log() -> None:
    many = queued()
    single = many.model_copy(
        update={"request": SingleImageRequest.parse(fields(batchCount=1)), "seeds": [7]}
    )
    for event in (many, single):
        assert read_event(event.to_json()) == event
        assert read_event(event.model_dump_json(by_alias=True)) == event
    with pytest.raises(ValidationError):
        read_event({**many.to_json(), "request": {**fields(batchCount=0)}})
