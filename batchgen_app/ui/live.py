"""BatchState made observable: widgets bind to its fields, every page of every client to the same
object.
"""

from nicegui import Event, binding

from batchgen_app.core.state import BatchState

SCALARS = (
    "state",
    "status",
    "completed_at",
    "ended_because",
    "interrupted",
    "deleted",
    "completed_images",
    "failed_images",
    "current_image",
    "current_step",
    "total_steps",
    "preview",
    "server_trouble",
    "estimated_seconds_remaining",
    "images",
    "revision",
)
"""Fields that change and are shown. ``images`` is a tuple: replaced, never changed in place."""


@binding.bindable_dataclass(bindable_fields=SCALARS)
class LiveBatchState(BatchState):  # type: ignore[call-arg] # mypy takes the other overload
    """A batch whose fields can be bound to."""


class News:
    """What happened that changes the shape of a page. A page that subscribes in its builder is
    unsubscribed by NiceGUI when its client leaves.
    """

    def __init__(self) -> None:
        self.queue_changed: Event[()] = Event()
        self.server_changed: Event[()] = Event()
        self.batch_curated: Event[[str]] = Event()
        """Something was marked, deleted or restored in the batch with this id."""
        self.trash_emptied: Event[()] = Event()
        self.access_changed: Event[()] = Event()
