"""Everything that one run of the server knows; a restart makes a new one."""

import random
import string
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from batchgen_app.demo.catalogue import Catalogue
from batchgen_app.demo.context import Bench
from batchgen_app.demo.files import Folders
from batchgen_app.demo.hooks import Hooks
from batchgen_app.demo.hub import Hub
from batchgen_app.demo.node_type import NodeType
from batchgen_app.demo.nodes import node_types
from batchgen_app.demo.queue import PromptQueue
from batchgen_app.demo.settings import DemoSettings
from batchgen_app.demo.validation import Validator
from batchgen_app.demo.worker import Worker


@dataclass(frozen=True)
class Studio:
    """The wired parts. `ordinals` counts the prompts submitted and outlives restarts."""

    settings: DemoSettings
    folders: Folders
    ordinals: "count[int]"
    types: dict[str, NodeType]
    catalogue: Catalogue
    validator: Validator
    hub: Hub
    queue: PromptQueue
    bench: Bench
    worker: Worker
    page_settings: dict[str, Any] = field(default_factory=dict)
    """What the page of a real server keeps of its user's choices."""

    @property
    def hooks(self) -> Hooks:
        return self.settings.hooks

    def status(self) -> dict[str, Any]:
        return {"exec_info": {"queue_remaining": self.queue.remaining}}

    def features(self) -> dict[str, Any]:
        """Flags of the server, told on the websocket and by GET /features."""
        return {
            "supports_preview_metadata": True,
            "supports_model_type_tags": True,
            "max_upload_size": self.settings.max_upload_size,
            "extension": {"manager": {"supports_v4": True}},
            "node_replacements": True,
            "assets": False,
        }


def open_studio(settings: DemoSettings, folders: Folders, ordinals: "count[int]") -> Studio:
    """Makes the parts and connects them; nothing runs yet."""
    types = node_types()
    catalogue = Catalogue(settings.models, folders)
    hub = Hub(settings.hooks)

    def tell_status() -> None:
        hub.send("status", {"status": {"exec_info": {"queue_remaining": queue.remaining}}})

    queue = PromptQueue(tell_status)
    bench = Bench(settings, folders, _session_word())
    return Studio(
        settings=settings,
        folders=folders,
        ordinals=ordinals,
        types=types,
        catalogue=catalogue,
        validator=Validator(types, catalogue, folders),
        hub=hub,
        queue=queue,
        bench=bench,
        worker=Worker(queue, types, bench, hub),
    )


def _session_word() -> str:
    """Five letters in the names of temporary pictures, new at each start."""
    return "".join(random.choices(string.ascii_lowercase, k=5))  # noqa: S311 no secret
