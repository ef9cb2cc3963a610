"""Questions: the one way of all queries into the app."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend

Q = TypeVar("Q", bound="Questions")
P = ParamSpec("P")
T = TypeVar("T")


class Questions:
    """Questions of one caller. Every one raises Forbidden where they may not look, or not any
    more: a page that is still open after its device was signed out learns nothing.
    """

    def __init__(self, backend: Backend, caller: Caller) -> None:
        self._backend = backend
        self._caller = caller

    @property
    def _app(self) -> Backend:
        # At each question: a page lives longer than what let its caller in.
        self._caller.require(Verb.LOOK)
        return self._backend


def whole(
    question: Callable[Concatenate[Q, P], Awaitable[T]],
) -> Callable[Concatenate[Q, P], Coroutine[Any, Any, T]]:
    """Where ``question`` meets a damaged database, it is mended first if it can be."""

    @wraps(question)
    async def answered(self: Q, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._app.live_repair.whole(lambda: question(self, *args, **kwargs))

    return answered
