"""InvokeAI: ``invokeai_metadata``, before that ``sd-metadata``, and at first ``Dream``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.programs.told import NOTHING, Told, json_object, loras_of, sorted_out

NOW, BEFORE, FIRST = "invokeai_metadata", "sd-metadata", "Dream"
KEYWORDS = (NOW, BEFORE, FIRST)
FIELDS = {
    "positive_prompt": "prompt", "negative_prompt": "negativePrompt", "seed": "seed",
    "steps": "steps", "cfg_scale": "cfg", "width": "width", "height": "height",
    "scheduler": "sampler", "sampler": "sampler", "model": "model", "hash": "modelHash",
    "vae": "vae", "refiner_model": "refiner", "guidance": "guidance",
}  # fmt: skip
IGNORED = frozenset({
    "app_version", "generation_mode", "rand_device", "loras", "seamless", "type",
    "canvas_v2_metadata",
})  # fmt: skip
_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_OPTION = re.compile(r"\s-([AChHsSW])\s*([\w.]+)")
OPTIONS = {"A": "sampler", "C": "cfg", "H": "height", "s": "steps", "S": "seed", "W": "width"}


def read(texts: Mapping[str, str]) -> Told:
    """What these tell; NOTHING where none of them is InvokeAI's."""
    if found := json_object(texts.get(NOW)):
        return _now(found)
    if found := json_object(texts.get(BEFORE)):
        return _before(found)
    return _first(texts[FIRST]) if FIRST in texts else NOTHING


def _now(found: Mapping[str, object]) -> Told:
    named = {name: _name(value) for name, value in found.items()}
    model = object_or_empty(found.get("model"))
    written = {**named, "hash": model.get("hash")}
    loras, strange = loras_of(_loras(found.get("loras")))
    # Styles of SDXL are prompts of their own, empty or the same mostly.
    same = {"positive_style_prompt": "positive_prompt", "negative_style_prompt": "negative_prompt"}
    for style, prompt in same.items():
        if written.get(style) == written.get(prompt):
            written.pop(style, None)
    others = [("LoRA", one) for one in strange]
    return replace(
        sorted_out("invokeai", written, FIELDS, ignored=IGNORED, also=others), loras=loras
    )


def _before(found: Mapping[str, object]) -> Told:
    image = dict(object_or_empty(found.get("image")))
    prompts = image.pop("prompt", None)
    listed = prompts if isinstance(prompts, list) else [{"prompt": prompts}]
    said = [object_or_empty(one).get("prompt") for one in listed]
    prompt, negative = _parted(", ".join(one for one in said if isinstance(one, str)))
    written = {
        **image,
        "positive_prompt": prompt,
        "negative_prompt": negative,
        "model": found.get("model_weights"),
        "hash": found.get("model_hash"),
    }
    return sorted_out("invokeai", written, FIELDS, ignored=IGNORED)


def _first(written: str) -> Told:
    """A command line: the prompt in quotes, then options of one letter."""
    quoted, _, options = written[:20_000].strip().removeprefix('"').rpartition('"')
    if not quoted:
        return NOTHING
    prompt, negative = _parted(quoted)
    said = {OPTIONS[m[1]]: m[2] for m in _OPTION.finditer(f" {options}") if m[1] in OPTIONS}
    said |= {"prompt": prompt, "negativePrompt": negative}
    return sorted_out("invokeai", said, {name: name for name in said})


def _parted(prompt: str) -> tuple[str, str]:
    """What stands in brackets is not wanted."""
    unwanted = [found.strip() for found in _IN_BRACKETS.findall(prompt)]
    return " ".join(_IN_BRACKETS.sub(" ", prompt).split()), ", ".join(filter(None, unwanted))


def _name(value: object) -> object:
    """Of a model, which is told with much else."""
    told = object_or_empty(value)
    return told.get("name") or told.get("model_name") or value


def _loras(listed: object) -> Iterator[tuple[object, object]]:
    for one in listed[:100] if isinstance(listed, list) else ():
        told = object_or_empty(one)
        yield _name(told.get("model") or told.get("lora")), told.get("weight")
