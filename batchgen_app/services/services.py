"""Services: who is handed what."""

from dataclasses import dataclass

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Role
from batchgen_app.batches.workshop import Workshop
from batchgen_app.core.signal import Signal
from batchgen_app.services.commands import Commands
from batchgen_app.services.queries import Queries

HERE = Caller(Role.FULL, is_here=True)
"""Whoever sits at this computer and asks through no browser: in the terminal, in the window."""


@dataclass(frozen=True)
class Changes:
    """News from the app. ``curated``: the batch of that id, or one of its images, was marked,
    deleted or restored; ``lockout``: another program has locked the database, or let it go.
    """

    queue: Signal[[]]
    server: Signal[[]]
    lockout: Signal[[]]
    curated: Signal[[str]]
    trash_emptied: Signal[[]]


class Services:
    """The app as faces see it."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self.commands = Commands(workshop)
        self.changes = Changes(
            workshop.queue.changed,
            workshop.server.changed,
            workshop.memory.lockout.changed,
            workshop.curator.changed,
            workshop.trash.emptied,
        )

    def queries(self, caller: Caller) -> Queries:
        """What ``caller`` may ask."""
        return Queries(self._workshop, caller)
