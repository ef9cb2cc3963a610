"""Requests on the point of being refused, and what is said about them."""

from typing import Any

import pytest

from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import BatchRequest

LEFT_OUT = object()
"""In place of a value: the field is not sent."""
SMALLEST = {"prompt": "a red fox", "batchCount": 2, "seedMode": "random", "model": "dreams.ckpt"}


def fields(**changes: Any) -> dict[str, Any]:
    """The JSON of the smallest request with changes."""
    return {k: v for k, v in {**SMALLEST, **changes}.items() if v is not LEFT_OUT}


def asked(**changes: Any) -> BatchRequest:
    """The smallest request with changes."""
    return BatchRequest.parse(fields(**changes))


def refused(data: object) -> list[Problem]:
    """The faults of ``data``."""
    with pytest.raises(InvalidRequest) as refusal:
        BatchRequest.parse(data)
    assert str(refusal.value) == "\n".join(p.message for p in refusal.value.problems)
    return list(refusal.value.problems)


def words(**changes: Any) -> list[tuple[str, str]]:
    """Field and message of each fault of the smallest request with changes."""
    return [(problem.field, problem.message) for problem in refused(fields(**changes))]
