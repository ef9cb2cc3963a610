"""Workshop: the running app without its faces, which see it through ``services``."""

from dataclasses import dataclass

from batchgen_app.batches.curating import Curator
from batchgen_app.batches.desk import Desk
from batchgen_app.batches.mending import Mending
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.recovery import Recovery
from batchgen_app.batches.server import Server
from batchgen_app.batches.trash_keeper import TrashKeeper
from batchgen_app.keeping.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from batchgen_app.storage.memory import Memory


@dataclass(frozen=True)
class Workshop:
    """Everything that a face needs, and nothing that knows of faces."""

    settings: Settings
    memory: Memory
    server: Server
    headers: ServerHeaders
    queue: BatchQueue
    desk: Desk
    curator: Curator
    trash: TrashKeeper
    recovery: Recovery
    mending: Mending

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know about how this start found things, one sentence each."""
        found = (*self.settings.notices, *self.memory.notices)
        told = (*found, self.headers.fault, self.recovery.sentence)
        return tuple(filter(None, told))
