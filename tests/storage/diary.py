"""A log, the gallery that is made from it, and finished batches to put into both."""

from datetime import UTC, datetime, timedelta
from typing import Any

from batchgen_app.core.batch import Parameters, Versions
from batchgen_app.core.events import (
    BatchCompleted,
    BatchQueued,
    BatchStarted,
    Event,
    ImageCompleted,
)
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import Database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.storage.search_rows import model_text
from batchgen_app.storage.workflow_names import WorkflowNames
from tests.core.asking import asked

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KIND = Parameters(model="dreams.ckpt", width=64, height=64, steps=20)
BUILT_IN = WorkflowNames(
    {}, {model_text("b.ckpt"): "Äpfel", model_text("a.ckpt"): "birds", model_text("c"): "none"}
)
"""What the workflows of some models are called."""


class Diary:
    """Writes down what happens to batches and lets the gallery know."""

    def __init__(self, db: Database) -> None:
        self.log = EventLog(db)
        self.gallery = GalleryIndex(db)
        self._batches: dict[str, BatchState] = {}

    async def tell(self, *events: Event) -> None:
        for event in events:
            logged = await self.log.append(event)
            await self.gallery.apply(self._after(event), logged)

    def _after(self, event: Event) -> BatchState:
        if isinstance(event, BatchQueued):
            self._batches[event.batch_id] = BatchState.queued(event)
        else:
            self._batches[event.batch_id].apply(event)
        return self._batches[event.batch_id]

    async def batch(self, hour: int, **told: Any) -> str:
        """A finished batch of that hour; gives its id."""
        history = finished(NOON + timedelta(hours=hour), **told)
        await self.tell(*history)
        return history[0].batch_id

    async def found(self, **query: Any) -> list[str]:
        """The ids that a query finds, page by page, each with one batch too few to be the last."""
        page = await self.gallery.batches(GalleryQuery(**{"limit": 2, **query}))
        ids = [batch.batch_id for batch in page.batches]
        if page.next is None:
            return ids
        return ids + await self.found(**{**query, "before": page.next})


def finished(
    at: datetime,
    *,
    prompt: str = "a red fox",
    parameters: Parameters = KIND,
    images: int = 2,
    seconds: float | None = 4.0,
    size: int = 1000,
    origin: dict[str, Any] | None = None,
) -> list[Event]:
    """A batch of ``images`` pictures of ``size`` bytes each, based on ``origin``."""
    batch_id = f"{at:%Y%m%d-%H%M%S}-000000-0000"
    stamp: dict[str, Any] = {"at": at, "batch_id": batch_id}
    request = asked(prompt=prompt, batchCount=max(2, images), basedOn=origin)
    seeds = list(range(1, images + 1))
    return [
        BatchQueued(**stamp, request=request, seeds=seeds, workflow={}, parameters=parameters),
        BatchStarted(**stamp, versions=Versions(app="0.1.0")),
        *(
            ImageCompleted(
                **stamp,
                index=seed,
                seed=seed,
                filename=f"{seed:03d}_{seed}.png",
                width=64,
                height=64,
                bytes=size,
                sha256="",
                seconds=seconds,
            )
            for seed in seeds
        ),
        BatchCompleted(**stamp),
    ]


def about(batch_id: str, kind: type[Any], **fields: Any) -> Event:
    event: Event = kind(at=NOON, batch_id=batch_id, **fields)
    return event
