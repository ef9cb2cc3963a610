"""What a server tells about itself: ``GET /system_stats`` (PROTOCOL.md, section 1)."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from batchgen_app.core.json_values import is_number, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject


@dataclass(frozen=True)
class ServerStats:
    """Memory in bytes. ``previews`` None: the server does not show how it was started."""

    version: str | None
    previews: bool | None
    is_demo: bool
    device: str | None
    vram_total: int | None
    vram_free: int | None
    ram_total: int | None
    ram_free: int | None
    raw: JsonObject = field(repr=False)

    @property
    def stops_by_id(self) -> bool:
        """Whether ``POST /interrupt`` stops only the prompt that it names. Older servers ignore the
        id and stop whatever runs, somebody else's too (section 12); which release brought it is not
        known, so it counts from the one on which it was seen.
        """
        found = _VERSION.match(self.version or "")
        return found is not None and tuple(map(int, found.groups())) >= SEEN_TO_STOP_BY_ID

    @classmethod
    def parse(cls, answer: JsonObject) -> Self:
        """From the server's answer; what is missing is None."""
        system, device = object_or_empty(answer.get("system")), _first_device(answer)
        return cls(
            version=text_or_none(system.get("comfyui_version")),
            previews=_previews(system.get("argv")),
            is_demo=system.get("batchgen_demo") is True,
            device=text_or_none(device.get("name")),
            vram_total=_bytes(device, "vram_total"),
            vram_free=_bytes(device, "vram_free"),
            ram_total=_bytes(system, "ram_total"),
            ram_free=_bytes(system, "ram_free"),
            raw=answer,
        )


SEEN_TO_STOP_BY_ID = (0, 3, 64)
_VERSION = re.compile(r"^v?([0-9]{1,6})\.([0-9]{1,6})\.([0-9]{1,6})", re.ASCII)


def _first_device(answer: JsonObject) -> JsonObject:
    match answer.get("devices"):
        case [dict(device), *_]:
            return device
    return {}


def _previews(argv: object) -> bool | None:
    """Off unless the command line says otherwise (section 4)."""
    if not isinstance(argv, list):
        return None
    # argparse takes both "--preview-method auto" and "--preview-method=auto"; the last one counts.
    words = [part for word in map(str, argv) for part in word.split("=", 1)]
    methods = [method for word, method in pairwise(words) if word == "--preview-method"]
    return bool(methods) and methods[-1] != "none"


def _bytes(data: JsonObject, name: str) -> int | None:
    size = data.get(name)
    return int(size) if is_number(size) else None
