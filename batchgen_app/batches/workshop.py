"""Workshop: the running app without its faces. Pages, API and commands are handed this."""

from dataclasses import dataclass

from batchgen_app.batches.curating import Curator
from batchgen_app.batches.desk import Desk
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.server import Server
from batchgen_app.settings import Settings
from batchgen_app.storage.memory import Memory


@dataclass(frozen=True)
class Workshop:
    """Everything that a face needs, and nothing that knows of faces."""

    settings: Settings
    memory: Memory
    server: Server
    queue: BatchQueue
    desk: Desk
    curator: Curator

    @property
    def is_demo(self) -> bool:
        """Whether the pictures are placeholders, painted by a demo engine."""
        return self.server.is_demo
