"""Pictures that were made elsewhere, as a batch of their own: its request, and its events."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from batchgen_app.core.batch import Imported, Parameters, Understood, Versions
from batchgen_app.core.events import BatchCompleted, BatchQueued, BatchStarted, Event
from batchgen_app.core.image_source import PROGRAMS
from batchgen_app.core.limits import MAX_BATCH_COUNT
from batchgen_app.core.planned import PlannedImage, StoredImage
from batchgen_app.core.programs.asked import BASE, Reading
from batchgen_app.core.request import AnyRequest, BatchRequest, SeedMode, SingleImageRequest
from batchgen_app.core.wire import JsonObject, storable

UNKNOWN_PROMPT = "(prompt unknown)"
UNKNOWN_MODEL = "unknown"
UNKNOWN_SEED = 0
BESIDE = ("vae", "refiner", "guidance", "loras")
LONGEST_NAME = 200
"""Characters of a file's name that are remembered."""


@dataclass(frozen=True)
class KeptPicture:
    """A picture, by what was read of it, what its file was called, and how it is stored."""

    reading: Reading
    name: str
    stored: StoredImage

    @property
    def seed(self) -> int:
        """The one that it was made with, or that of those whose seed is not known."""
        return seed_of(self.reading)


def seed_of(reading: Reading) -> int:
    """That of a picture; one that is not told is 0, and said to be so."""
    return int(reading.told.get("baseSeed", UNKNOWN_SEED))


def alike(reading: Reading) -> str:
    """Equal for pictures that could have been made by one request with other seeds."""
    told = {name: value for name, value in reading.told.items() if name != "baseSeed"}
    return json.dumps([reading.source, told, reading.alike, reading.unread], sort_keys=True)


def fits(group: Sequence[Reading], other: Reading) -> bool:
    """Whether ``other`` may stand in one batch with those of the ``group``."""
    if not group or other.source == "unknown" or len(group) >= MAX_BATCH_COUNT:
        return not group
    is_new_seed = seed_of(other) not in map(seed_of, group)
    return is_new_seed and alike(group[0]) == alike(other)


def events_of(
    batch_id: str, pictures: Sequence[KeptPicture], *, now: datetime, app_version: str
) -> list[Event]:
    """All that a batch of these ``pictures`` comes to, which are alike; taken in ``now``."""
    first, seeds = pictures[0].reading, [picture.seed for picture in pictures]
    times = [picture.stored.written_at for picture in pictures]
    begin = {"at": min(times), "batch_id": batch_id}
    queued = BatchQueued(
        request=request_of(first, seeds),
        seeds=seeds,
        workflow=first.workflow or {},
        parameters=parameters_of(first),
        understood=Understood(remarks=first.unread),
        imported=Imported(
            source=first.source,
            at=now,
            filenames=[storable(picture.name)[-LONGEST_NAME:] for picture in pictures],
        ),
        **begin,
    )
    made = [
        PlannedImage(index, picture.seed).completed(batch_id, picture.stored)
        for index, picture in enumerate(pictures, start=1)
    ]
    started = BatchStarted(versions=Versions(app=app_version, server=_program(first)), **begin)
    return [queued, started, *made, BatchCompleted(at=max(times), batch_id=batch_id)]


def request_of(reading: Reading, seeds: Sequence[int]) -> AnyRequest:
    """The one that such pictures could have been asked for with, as far as it is told. What a
    workflow has by itself is not given to it once more.
    """
    told = reading.told
    asked: JsonObject = {
        "prompt": told.get("prompt", UNKNOWN_PROMPT),
        "negativePrompt": told.get("negativePrompt"),
        "batchCount": len(seeds),
    }
    if len(seeds) == 1:
        asked |= {"seedMode": SeedMode.INCREMENTAL, "baseSeed": seeds[0]}
    else:
        asked |= {"seedMode": SeedMode.RANDOM, "seeds": list(seeds)}
    if reading.workflow is not None:
        asked |= {"workflow": reading.workflow}
        asked |= {} if "prompt" in told else {"promptAsIs": True}
    else:
        asked["model"] = told.get("model", UNKNOWN_MODEL)
        asked["baseParameters"] = {name: told[name] for name in BASE if name in told}
        asked |= {name: told[name] for name in BESIDE if name in told}
    return (SingleImageRequest if len(seeds) == 1 else BatchRequest).parse_in({}, asked)


def parameters_of(reading: Reading) -> Parameters:
    """What such pictures have in common."""
    names = {info.alias or name for name, info in Parameters.model_fields.items()}
    return Parameters.parse({n: v for n, v in reading.told.items() if n in names})


def _program(reading: Reading) -> str | None:
    return PROGRAMS.get(reading.source)
