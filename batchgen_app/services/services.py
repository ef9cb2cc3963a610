"""Services: who is handed what."""

from dataclasses import dataclass

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Role
from batchgen_app.batches.backend import Backend
from batchgen_app.core.signal import Signal
from batchgen_app.services.commands import Commands
from batchgen_app.services.housekeeping import Housekeeping
from batchgen_app.services.queries import Queries

HERE = Caller(Role.FULL, is_here=True)
"""Whoever sits at this computer and asks through no browser: in the terminal, in the window."""


@dataclass(frozen=True)
class Changes:
    """News from the app. ``edited``: the batch of that id, or one of its images, was marked,
    deleted or restored; ``lockout``: another program has locked the database, or let it go;
    ``survey``: the look through the files has come further, ``moving``: so have the pictures
    on their way to another folder.
    """

    queue: Signal[[]]
    server: Signal[[]]
    lockout: Signal[[]]
    edited: Signal[[str]]
    trash_emptied: Signal[[]]
    styles: Signal[[]]
    survey: Signal[[]]
    moving: Signal[[]]


class Services:
    """The app as faces see it."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.commands = Commands(backend)
        self.housekeeping = Housekeeping(backend)
        self.changes = Changes(
            backend.queue.changed,
            backend.servers.changed,
            backend.storage.lockout.changed,
            backend.image_service.changed,
            backend.trash.emptied,
            backend.styles.changed,
            backend.survey.changed,
            backend.moving.changed,
        )

    def queries(self, caller: Caller) -> Queries:
        """What ``caller`` may ask."""
        return Queries(self._backend, caller)
