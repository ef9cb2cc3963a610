"""SwarmUI: JSON under ``sui_image_params``."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest

from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.programs.told import NOTHING, Told, json_object, loras_of, sorted_out

SETTINGS, EXTRA, MODELS = "sui_image_params", "sui_extra_data", "sui_models"
FIELDS = {
    "prompt": "prompt", "negativeprompt": "negativePrompt", "seed": "seed", "steps": "steps",
    "cfgscale": "cfg", "width": "width", "height": "height", "sampler": "sampler",
    "scheduler": "scheduler", "model": "model", "vae": "vae", "refinermodel": "refiner",
    "fluxguidancescale": "guidance",
}  # fmt: skip
IGNORED = frozenset({
    "swarm_version", "images", "aspectratio", "automaticvae", "loras", "loraweights", "date",
    "generation_time", "prep_time", "donotsave", "internalbackendtype",
})  # fmt: skip


def read(written: str | None) -> Told:
    """What such a text tells; NOTHING where it is none."""
    found = json_object(written)
    settings = object_or_empty(found.get(SETTINGS)) if found else {}
    if not found or not settings:
        return NOTHING
    loras, strange = loras_of(_loras(settings))
    others = [("LoRA", one) for one in strange]
    told = sorted_out("swarmui", settings, FIELDS, ignored=IGNORED, also=others)
    if told.values.get("vae") == "Automatic":
        told = replace(told, values={k: v for k, v in told.values.items() if k != "vae"})
    return replace(
        told.with_values(modelHash=_hash(found.get(MODELS))),
        loras=loras,
        made_at=_date(object_or_empty(found.get(EXTRA)).get("date")),
    )


def _loras(settings: Mapping[str, object]) -> Iterator[tuple[object, object]]:
    names, weights = _list(settings.get("loras")), _list(settings.get("loraweights"))
    yield from ((name, weight) for name, weight in zip_longest(names, weights) if name)


def _list(value: object) -> list[object]:
    if isinstance(value, str):
        return [one.strip() for one in value.split(",")]
    return value[:100] if isinstance(value, list) else []


def _hash(listed: object) -> str | None:
    for one in _list(listed):
        told = object_or_empty(one)
        if told.get("param") == "model" and isinstance(told.get("hash"), str):
            return str(told["hash"])
    return None


def _date(written: object) -> datetime | None:
    with suppress(ValueError):
        found = datetime.fromisoformat(str(written))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
