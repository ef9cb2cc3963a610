"""How batches and images are named: in addresses, in events, and as folders."""

import random
import re
from datetime import UTC, datetime

_NEW = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-[0-9a-f]{4}")


def new_batch_id(now: datetime, rng: random.Random) -> str:
    """Sorts by time, safe as a folder name everywhere: ``20261122-141500-123456-9f3a``."""
    return f"{now:%Y%m%d-%H%M%S-%f}-{rng.randrange(16**4):04x}"


def is_new_batch_id(name: str) -> bool:
    """Whether it is one as they are made here; older and brought ones may look otherwise."""
    return bool(_NEW.fullmatch(name))


def time_of(batch_id: str) -> datetime | None:
    """When a batch of that id was asked for; None if the id does not tell."""
    try:
        return datetime.strptime(batch_id[:22], "%Y%m%d-%H%M%S-%f").replace(tzinfo=UTC)
    except ValueError:
        return None


def image_id(batch_id: str, index: int) -> str:
    """``<batchId>-<index, three digits>``."""
    return f"{batch_id}-{index:03d}"


def split_image_id(image: str) -> tuple[str, int] | None:
    """Batch id and index of an image id, or None if it is not one."""
    batch_id, _, number = image.rpartition("-")
    # isascii, because isdigit takes superscripts, of which int() then makes nothing.
    is_id = batch_id and len(number) == 3 and number.isascii() and number.isdigit()
    return (batch_id, int(number)) if is_id else None
