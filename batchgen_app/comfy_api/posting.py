"""Posting: a graph becomes one job, however often that has to be asked for.

A server takes each ``Idempotency-Key`` once, and refuses it from then on without saying which job
it has made. So a job also carries our id as a label, by which it is found in the server's list.
Servers differ in that: deployments take labels by name, ``comfy-api-proxy`` takes one text, and
Comfy's cloud takes none and has no list; there, a job whose answer was lost is not found again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from comfy_low import ApiError, AsyncComfyLow, IdempotencyKeyReuse, error_from_envelope
from comfy_low.models import Job

from batchgen_app.comfy_api.wire import Wire
from batchgen_app.core.errors import ServerFault
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

LABEL = "batchgen"
LOOKED_THROUGH = 50
"""Jobs of a list in which ours is looked for, the newest first."""
PAUSES = (0.0, 0.5, 2.0)
"""Seconds before each look for a job that the server may still be writing down."""
OPEN = frozenset({"queued", "running", "canceling"})
"""States out of which a job still comes."""

LOST = later(
    "{address} has taken this image in, but its answer was lost, and it does not tell under which "
    "of its jobs. Look there whether it was made before you make it again."
)


class Mark(Enum):
    """What a server takes as a label, the first that it does not refuse."""

    NAMED = "named"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True)
class Listed:
    """A job of the server's list."""

    id: str
    is_open: bool
    metadata: object

    def is_of(self, prompt_id: str) -> bool:
        """Whether it was sent for this prompt."""
        match self.metadata:
            case str(text):
                return text == _text(prompt_id)
            case dict(labels):
                return labels.get(LABEL) == prompt_id
        return False


class Posting:
    """At one server."""

    def __init__(self, wire: Wire) -> None:
        self.sent_twice: set[str] = set()
        """Prompts of which there may be a job that nobody knows."""
        self._wire = wire
        self._mark = Mark.NAMED
        self.lists = True
        """Whether the server has a list of its jobs; until it is asked, it may."""
        self._refused: set[str] = set()
        self._used_keys: Counter[str] = Counter()

    async def post(self, nodes: JsonObject, prompt_id: str) -> Job:
        """The job that was made of it, now or when it was posted before. Raises ApiError where the
        server refuses it, and what ``Wire.asking`` raises.
        """
        while True:
            made = await self._posted(nodes, prompt_id)
            if isinstance(made, Job):
                return made
            if isinstance(made, IdempotencyKeyReuse):
                if earlier := await self._earlier(prompt_id):
                    return earlier
                self._take_another_key(prompt_id)
            elif not self._may_mark_otherwise(made):
                self._refused.add(self._key(prompt_id))
                raise made

    async def listed(self, prompt_id: str | None = None) -> list[Listed] | None:
        """The newest jobs of the server, or those of one prompt; None where it has no list."""
        labels = None if prompt_id is None else {LABEL: prompt_id}
        try:
            async with self._wire.asking(raw=True) as low:
                page = await low.list_jobs(metadata=labels, limit=LOOKED_THROUGH)
        except ApiError as error:
            if error.http_status not in {400, 404, 405, 422, 501}:
                raise self._wire.fault(error) from error
            self.lists = False
            return None
        self.lists = True
        items = page.get("jobs")
        found = [*map(_listed, items)] if isinstance(items, list) else []
        return [job for job in found if prompt_id is None or job.is_of(prompt_id)]

    async def of(self, prompt_id: str) -> list[Listed]:
        """The jobs of one prompt, as far as the server tells."""
        return await self.listed(prompt_id) or []

    async def _posted(self, nodes: JsonObject, prompt_id: str) -> Job | ApiError:
        async with self._wire.asking() as low:
            try:
                return await self._marked(low, nodes, prompt_id)
            except ApiError as error:
                if error.http_status in {400, 422}:
                    return error
                raise

    async def _marked(self, low: AsyncComfyLow, nodes: JsonObject, prompt_id: str) -> Job:
        key = self._key(prompt_id)
        if self._mark is not Mark.TEXT:
            labels = {LABEL: prompt_id} if self._mark is Mark.NAMED else None
            return await low.post_jobs(nodes, idempotency_key=key, metadata=labels)
        # The client's own call knows labels by name alone.
        body = {"workflow": nodes, "metadata": _text(prompt_id)}
        headers = {"Idempotency-Key": key}
        answer = await low.raw_request("POST", "/jobs", headers=headers, json=body)
        if answer.is_success:
            return Job.model_validate_json(answer.content)
        raise error_from_envelope(answer.status_code, _object(answer.json()))

    async def _earlier(self, prompt_id: str) -> Job | None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if found := await self.of(prompt_id):
                async with self._wire.asking() as low:
                    return await low.get_job(found[0].id)
        return None

    def _key(self, prompt_id: str) -> str:
        used = self._used_keys[prompt_id]
        return f"{prompt_id}.{used}" if used else prompt_id

    def _take_another_key(self, prompt_id: str) -> None:
        """Where no job came of this one: it was refused, or is not in the server's list."""
        was_refused = self._key(prompt_id) in self._refused
        if not (was_refused or self.lists):
            raise ServerFault(later(LOST, address=self._wire.address))
        if not was_refused:
            self.sent_twice.add(prompt_id)
        self._used_keys[prompt_id] += 1

    def _may_mark_otherwise(self, refusal: ApiError) -> bool:
        """Whether it is the label that the server does not take."""
        is_about_it = "metadata" in refusal.code or (
            refusal.code == "invalid_request" and "metadata" in refusal.message
        )
        if not is_about_it or self._mark is Mark.NONE:
            return False
        self._mark = Mark.TEXT if self._mark is Mark.NAMED else Mark.NONE
        return True


def _listed(item: object) -> Listed:
    told = _object(item)
    return Listed(str(told.get("id")), told.get("status") in OPEN, told.get("metadata"))


def _object(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _text(prompt_id: str) -> str:
    return f"{LABEL}:{prompt_id}"
