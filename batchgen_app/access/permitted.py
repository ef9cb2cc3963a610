"""A workshop in which every verb asks first whether its caller may: the same for pages and API."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from batchgen_app.access.callers import Caller
from batchgen_app.access.roles import Verb
from batchgen_app.batches.workshop import Workshop

T = TypeVar("T")

PARTS: Mapping[str, Mapping[str, Verb]] = {
    "settings": dict.fromkeys(("data_dir", "output_dir"), Verb.LOOK),
    "memory": dict.fromkeys(("log", "gallery", "store", "lockout"), Verb.LOOK),
    "server": {
        **dict.fromkeys(("client", "catalog", "fault", "stats", "changed", "look"), Verb.LOOK),
        **dict.fromkeys(("is_connected", "is_demo"), Verb.LOOK),
        "use": Verb.SET,
    },
    "queue": {
        **dict.fromkeys(("running", "waiting", "is_busy", "ended", "changed"), Verb.LOOK),
        "ask_again": Verb.LOOK,
        "move": Verb.CANCEL,
        "cancel": Verb.CANCEL,
    },
    "desk": {
        **dict.fromkeys(("batch", "image", "estimate", "defaults", "patience"), Verb.LOOK),
        **dict.fromkeys(("start", "regenerate", "resume"), Verb.MAKE),
        "cancel": Verb.CANCEL,
    },
    "curator": {
        **dict.fromkeys(("favourite", "rate", "changed"), Verb.MARK),
        **dict.fromkeys(("delete_image", "delete_batch"), Verb.DELETE),
        **dict.fromkeys(("restore_image", "restore_batch"), Verb.DELETE),
    },
    "trash": {
        **dict.fromkeys(("contents", "thumbnail", "emptied"), Verb.LOOK),
        "empty": Verb.DELETE,
    },
    "recovery": dict.fromkeys(("found", "sentence"), Verb.LOOK),
}
"""What the names of each part of a workshop do. What is not named here is only for those who may
do everything; so is a whole part.
"""


def permitted(workshop: Workshop, caller: Caller) -> Workshop:
    """The workshop as far as ``caller`` may use it; everything else raises Forbidden."""
    parts = {field.name: getattr(workshop, field.name) for field in fields(workshop)}
    return replace(
        workshop,
        **{name: asking(part, PARTS.get(name, {}), caller) for name, part in parts.items()},
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
