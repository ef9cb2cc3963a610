"""Signals: something has happened, and whoever subscribed is told, one after the other."""

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, ParamSpec

from batchgen_app.core.errors import BatchGenError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
Receiver = Callable[P, object]


class Signal(Generic[P]):
    """Told by ``emit`` or, where receivers may have to be awaited, by ``send``. A receiver that
    fails is logged; the others hear it all the same.
    """

    def __init__(self) -> None:
        self._receivers: list[Receiver[P]] = []

    def __len__(self) -> int:
        """How many have subscribed."""
        return len(self._receivers)

    def subscribe(self, receiver: Receiver[P]) -> Callable[[], None]:
        """Have ``receiver`` called from now on, until what this gives is called."""
        self._receivers.append(receiver)

        def unsubscribe() -> None:
            if receiver in self._receivers:
                self._receivers.remove(receiver)

        return unsubscribe

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call all receivers, in the order in which they subscribed."""
        # Of a copy, since a receiver may subscribe or leave meanwhile.
        for receiver in tuple(self._receivers):
            with _fault_of(receiver):
                receiver(*args, **kwargs)

    async def send(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """The same, each awaited before the next one is called."""
        for receiver in tuple(self._receivers):
            with _fault_of(receiver):
                answer = receiver(*args, **kwargs)
                if inspect.isawaitable(answer):
                    await answer


@contextmanager
def _fault_of(receiver: Callable[..., object]) -> Iterator[None]:
    """What is known to happen, a full disk perhaps, in one line; a fault of ours in full."""
    name = getattr(receiver, "__qualname__", repr(receiver))
    try:
        yield
    except BatchGenError as error:
        logger.warning("%s could not follow: %s", name, error)
    except Exception:
        logger.exception("%s failed", name)
