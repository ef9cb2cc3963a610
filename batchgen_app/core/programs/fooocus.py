"""Fooocus: its own JSON. Where people chose AUTOMATIC1111's text, ``a1111`` reads it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from batchgen_app.core.programs.told import NOTHING, Told, json_object, loras_of, sorted_out

SCHEME = "fooocus_scheme"
KNOWN_BY = frozenset({"base_model", "performance", "metadata_scheme", "full_prompt"})
"""Of its JSON, in a JPEG or WebP that does not name the scheme."""
FIELDS = {
    "prompt": "prompt", "negative_prompt": "negativePrompt", "seed": "seed", "steps": "steps",
    "guidance_scale": "cfg", "width": "width", "height": "height", "sampler": "sampler",
    "scheduler": "scheduler", "base_model": "model", "base_model_hash": "modelHash", "vae": "vae",
    "refiner_model": "refiner",
}  # fmt: skip
IGNORED = frozenset({
    "metadata_scheme", "version", "created_by", "full_prompt", "full_negative_prompt", "loras",
    "resolution", "refiner_model_hash", "performance",
})  # fmt: skip
USUAL = {
    "vae": "Default (model)", "refiner_model": "None", "styles": "[]", "refiner_switch": 0.5,
    "prompt_expansion": "",
}  # fmt: skip
_SIZE = re.compile(r"\(?\s*(\d{1,6})\s*[,x×]\s*(\d{1,6})\s*\)?")
_LORA = re.compile(r"lora_combined_\d{1,2}")


def is_its_own(written: str | None) -> bool:
    """Whether JSON is Fooocus's, whatever it is called."""
    found = json_object(written)
    return bool(found) and len(KNOWN_BY & (found or {}).keys()) > 1


def read(written: str | None) -> Told:
    """What such a text tells; NOTHING where it is none."""
    found = json_object(written)
    if not found:
        return NOTHING
    size = _SIZE.fullmatch(str(found.get("resolution", "")))
    loras, strange = loras_of(_loras(found))
    plain = {
        name: value
        for name, value in found.items()
        if not _LORA.fullmatch(name) and value != USUAL.get(name)
    }
    others = [("LoRA", one) for one in strange]
    told = sorted_out("fooocus", plain, FIELDS, ignored=IGNORED, also=others)
    return replace(
        told.with_values(
            width=int(size[1]) if size else None, height=int(size[2]) if size else None
        ),
        loras=loras,
    )


def _loras(found: Mapping[str, object]) -> Iterator[tuple[object, object]]:
    """Listed with their hashes; before that as "name : weight" under numbers."""
    listed = found.get("loras")
    if isinstance(listed, list):
        for one in listed[:100]:
            if isinstance(one, list) and len(one) > 1:
                yield one[0], one[1]
        return
    for name in filter(_LORA.fullmatch, found):
        called, _, weight = str(found[name]).rpartition(":")
        yield called.strip(), weight.strip()
