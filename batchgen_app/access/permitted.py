"""A workshop in which every verb asks first whether its caller may: the same for pages and API."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from batchgen_app.access.callers import Caller
from batchgen_app.access.roles import Verb
from batchgen_app.batches.workshop import Workshop

T = TypeVar("T")

DESK = {
    "batch": Verb.LOOK,
    "image": Verb.LOOK,
    "estimate": Verb.LOOK,
    "defaults": Verb.LOOK,
    "patience": Verb.LOOK,
    "start": Verb.MAKE,
    "regenerate": Verb.MAKE,
    "resume": Verb.MAKE,
    "cancel": Verb.CANCEL,
}
CURATOR = {
    "favourite": Verb.MARK,
    "rate": Verb.MARK,
    "delete_image": Verb.DELETE,
    "delete_batch": Verb.DELETE,
    "restore_image": Verb.DELETE,
    "restore_batch": Verb.DELETE,
}
QUEUE = {
    "on_change": Verb.LOOK,
    "running": Verb.LOOK,
    "waiting": Verb.LOOK,
    "is_busy": Verb.LOOK,
    "ended": Verb.LOOK,
    "ask_again": Verb.LOOK,
    "move": Verb.CANCEL,
    "cancel": Verb.CANCEL,
}
SERVER = {
    "on_change": Verb.LOOK,
    "client": Verb.LOOK,
    "catalog": Verb.LOOK,
    "fault": Verb.LOOK,
    "stats": Verb.LOOK,
    "is_connected": Verb.LOOK,
    "is_demo": Verb.LOOK,
    "look": Verb.LOOK,
    "use": Verb.SET,
}


def permitted(workshop: Workshop, caller: Caller) -> Workshop:
    """The workshop as far as ``caller`` may use it; everything else raises Forbidden."""
    return replace(
        workshop,
        desk=asking(workshop.desk, DESK, caller),
        curator=asking(workshop.curator, CURATOR, caller),
        queue=asking(workshop.queue, QUEUE, caller),
        server=asking(workshop.server, SERVER, caller),
    )


def asking(thing: T, verbs: Mapping[str, Verb], caller: Caller) -> T:
    """``thing`` behind the question; what ``verbs`` does not name is only for those who may do
    everything.
    """
    return cast("T", _Asking(thing, verbs, caller))


class _Asking:
    __slots__ = ("_caller", "_thing", "_verbs")

    def __init__(self, thing: object, verbs: Mapping[str, Verb], caller: Caller) -> None:
        object.__setattr__(self, "_thing", thing)
        object.__setattr__(self, "_verbs", verbs)
        object.__setattr__(self, "_caller", caller)

    def __getattr__(self, name: str) -> Any:
        verb = self._verbs.get(name, Verb.SET)
        found = getattr(self._thing, name)
        if inspect.iscoroutinefunction(found):
            return _asked_when_awaited(found, self._caller, verb)
        self._caller.require(verb)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        self._caller.require(Verb.SET)
        setattr(self._thing, name, value)


def _asked_when_awaited(
    method: Callable[..., Awaitable[Any]], caller: Caller, verb: Verb
) -> Callable[..., Awaitable[Any]]:
    """The refusal comes where the fault of the method itself would come."""

    async def asked(*args: Any, **options: Any) -> Any:
        caller.require(verb)
        return await method(*args, **options)

    return asked
