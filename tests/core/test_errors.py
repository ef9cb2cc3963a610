"""The tree of errors is the one that its docstring draws, and the words are the specification's."""

import inspect
import re

import pytest

from batchgen_app.core import errors
from batchgen_app.core.errors import (
    BatchGenError,
    ExecutionFailed,
    GenerationTimedOut,
    InvalidRequest,
    LifecycleError,
    Problem,
    PromptRefused,
    ServerUnreachable,
)
from batchgen_app.language.message import english


def drawn() -> dict[str, str]:
    """Each error of the drawing with the one it hangs on."""
    parents: dict[str, str] = {}
    line_of: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^    ([│├└─ ]*)([A-Z]\w+)", line):
            depth = len(found[1]) // 4
            line_of[depth:] = [found[2]]
            parents[found[2]] = line_of[depth - 1] if depth else "Exception"
    return parents


def written() -> dict[str, str]:
    """Each error class of the module with its base."""
    classes = inspect.getmembers(errors, inspect.isclass)
    ours = [kind for _, kind in classes if issubclass(kind, BatchGenError)]
    return {kind.__name__: kind.__bases__[0].__name__ for kind in ours}


def test_the_drawing_in_the_docstring_is_the_tree() -> None:
    assert drawn() == written()
    assert len(drawn()) > 10


def test_every_error_says_what_it_is() -> None:
    assert all(getattr(errors, name).__doc__ for name in written())


def test_a_mistake_in_our_own_code_is_outside_the_tree() -> None:
    assert issubclass(LifecycleError, RuntimeError)
    assert not issubclass(LifecycleError, BatchGenError)


def test_an_invalid_request_carries_each_problem_and_reads_as_all_of_them() -> None:
    problems = [
        Problem("prompt", "blank", english("Prompt cannot be empty")),
        Problem("x", "y", english("Other")),
    ]
    error = InvalidRequest(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "Prompt cannot be empty\nOther"
    assert InvalidRequest.of("x", "y", english("Other")).problems == (problems[1],)


def test_an_unreachable_server_is_said_with_its_address_and_what_to_do() -> None:
    error = ServerUnreachable("http://127.0.0.1:8188", "connection refused")
    assert str(error).startswith("Cannot connect to server. Is ComfyUI running at http://127.0.0.1")
    assert (error.address, error.reason) == ("http://127.0.0.1:8188", "connection refused")


def test_a_time_out_is_said_in_the_specifications_words() -> None:
    assert str(GenerationTimedOut()) == "Generation timed out. Check server logs."


@pytest.mark.parametrize("kind", [PromptRefused, ExecutionFailed])
def test_what_the_server_said_is_kept(kind: type[PromptRefused | ExecutionFailed]) -> None:
    error = kind(english("KSampler: out of memory"), {"node_id": "3"})
    assert (str(error), error.details) == ("KSampler: out of memory", {"node_id": "3"})
    assert kind(english("No details")).details is None
