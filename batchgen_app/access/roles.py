"""Roles and verbs: ``may()`` is the one place that decides who may do what."""

from collections.abc import Mapping
from enum import StrEnum, auto


class Role(StrEnum):
    """What a code lets people do."""

    FULL = auto()
    VIEW = auto()


class Verb(StrEnum):
    """What people do with the app; ``SET`` is also whatever no other word stands for."""

    LOOK = auto()
    MARK = auto()
    MAKE = auto()
    CANCEL = auto()
    DELETE = auto()
    SET = auto()


ALLOWED: Mapping[Role, frozenset[Verb]] = {
    Role.FULL: frozenset(Verb),
    Role.VIEW: frozenset({Verb.LOOK, Verb.MARK}),
}


def may(role: Role | None, verb: Verb) -> bool:
    """Whether ``role`` allows ``verb``; nobody (None) may do anything."""
    return role is not None and verb in ALLOWED[role]
