"""The ``parameters`` text: AUTOMATIC1111's web UI, and all who write as it does: Forge, SD.Next,
Civitai, Fooocus on request, and BatchGen itself.

Prompt, a line that begins with "Negative prompt:", then one line of ``Key: value`` pairs.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from batchgen_app.core.image_source import Source
from batchgen_app.core.infotext import read_infotext
from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.programs.told import NOTHING, Told, loras_of, shown, sorted_out
from batchgen_app.core.wire import storable

LEAST_PAIRS = 3
"""In a line that is one of settings, as AUTOMATIC1111 itself reads it."""
LONGEST_LINE = 200_000
"""Characters of such a line: Civitai lists all that was used in it."""
MOST_PAIRS = 500
NEGATIVE = "Negative prompt:"
FIELDS = {
    "Steps": "steps", "Sampler": "sampler", "Schedule type": "scheduler", "CFG scale": "cfg",
    "Seed": "seed", "Model": "model", "Model hash": "modelHash", "VAE": "vae",
    "Refiner": "refiner", "Distilled CFG Scale": "guidance", "Width": "width", "Height": "height",
}  # fmt: skip
IGNORED = frozenset({
    "Version", "App", "Hashes", "Lora hashes", "TI hashes", "VAE hash", "Created Date",
    "Civitai resources", "Civitai metadata", "User", "Module 1", "Module 2", "Module 3", "Size",
    "Backend", "Operations", "Pipeline", "Template", "Negative Template",
})  # fmt: skip
USUAL = {"Clip skip": "1", "VAE": "Automatic", "RNG": "GPU"}
"""What says nothing: it is so where it is not said."""
TAG = re.compile(r"<lora:([^:<>\n]{1,300})(?::([^:<>\n]{0,20}))?(?::[^<>\n]{0,60})?>")
_TAG_WITH_COMMA = re.compile(rf"(?:,[ \t]*)?{TAG.pattern}")
_KEY = re.compile(r"\s*(\w[\w /.+-]{0,60}?)\s*:\s*")
_QUOTED = re.compile(r'"(?:\\.|[^\\"])*"')
_SIZE = re.compile(r"\s*(\d{1,6})\s*[x×]\s*(\d{1,6})\s*")


def read(written: str, source: Source = "a1111") -> Told:
    """What such a text tells; NOTHING where it is no such text. One of ours is known by its own
    word.
    """
    pairs, words = _parted(written)
    if not pairs:
        return NOTHING
    if pairs.get("App") == "BatchGen":
        return _ours(written)
    prompt, negative = _prompts(words)
    prompt, tags = _without_tags(prompt)
    resources = list(_resources(pairs.get("Civitai resources")))
    found, strange = loras_of([*tags, *_loras(resources)])
    told = sorted_out(
        source,
        {name: value for name, value in pairs.items() if value != USUAL.get(name)},
        FIELDS,
        ignored=IGNORED,
        also=[*(("LoRA", one) for one in strange), *_modules(pairs)],
    )
    size = _SIZE.fullmatch(str(pairs.get("Size", "")))
    told = told.with_values(
        prompt=storable(prompt) or None,
        negativePrompt=storable(negative) or None,
        width=int(size[1]) if size else None,
        height=int(size[2]) if size else None,
        model=told.values.get("model") or _checkpoint(resources),
    )
    loras = {lora.name: lora for lora in found}
    return Told(source, told.values, told.others, tuple(loras.values()), _date(pairs))


def _ours(written: str) -> Told:
    """By our own reader: what is in the prompt stays there."""
    found = read_infotext(written)
    parameters, pairs = found.parameters, _parted(written)[0]
    values = {
        "prompt": found.prompt,
        "negativePrompt": parameters.negative_prompt,
        "seed": pairs.get("Seed"),
        "steps": parameters.steps,
        "cfg": parameters.cfg,
        "width": parameters.width,
        "height": parameters.height,
        "sampler": parameters.sampler_name,
        "scheduler": parameters.scheduler,
        "model": parameters.model,
        "vae": parameters.vae,
        "refiner": parameters.refiner,
        "guidance": parameters.guidance,
    }
    told = sorted_out("batchgen", values, {name: name for name in values})
    beside = [
        *((f"Text encoder {n}", name) for n, name in enumerate(parameters.text_encoders or (), 1)),
        *([("Denoising strength", parameters.denoise)] if parameters.denoise else []),
    ]
    return Told("batchgen", told.values, shown(beside), tuple(parameters.loras or ()))


def _parted(written: str) -> tuple[dict[str, object], str]:
    """The settings, and the words that stand before them."""
    head, _, last = written.strip().rpartition("\n")
    pairs = dict(_pairs(last)) if len(last) <= LONGEST_LINE else {}
    return (pairs, head) if len(pairs) >= LEAST_PAIRS else ({}, written)


def _pairs(line: str) -> Iterator[tuple[str, object]]:
    """A value may be quoted, or JSON, with commas of its own in it."""
    at = 0
    for _ in range(MOST_PAIRS):
        key = _KEY.match(line, at)
        if key is None:
            return
        value, end = _value(line, key.end())
        yield key[1], value
        comma = line.find(",", end)
        if comma < 0:
            return
        at = comma + 1


def _value(line: str, start: int) -> tuple[object, int]:
    with suppress(ValueError, RecursionError):
        if line.startswith(("{", "["), start):
            return json.JSONDecoder().raw_decode(line, start)
        if quoted := _QUOTED.match(line, start):
            return str(json.loads(quoted[0])), quoted.end()
    end = line.find(",", start)
    end = len(line) if end < 0 else end
    return line[start:end].strip(), end


def _prompts(words: str) -> tuple[str, str]:
    """As AUTOMATIC1111 tells them apart: by the first line that begins so."""
    prompt, _, negative = f"\n{words}".partition(f"\n{NEGATIVE}")
    return prompt.strip(), negative.strip()


def _without_tags(prompt: str) -> tuple[str, list[tuple[object, object]]]:
    """ComfyUI makes nothing of a tag in the prompt: it becomes a LoRA."""
    tags: list[tuple[object, object]] = [(m[1].strip(), m[2] or None) for m in TAG.finditer(prompt)]
    if not tags:
        return prompt, []
    bare = _TAG_WITH_COMMA.sub("", prompt).strip().removeprefix(",").strip()
    return re.sub(r"[ \t]{2,}", " ", bare), tags


def _resources(listed: object) -> Iterator[Mapping[str, object]]:
    """What Civitai says that a picture of its own was made with."""
    yield from (
        (object_or_empty(one) for one in listed[:100] if one) if isinstance(listed, list) else ()
    )


def _checkpoint(resources: list[Mapping[str, object]]) -> object:
    return next(
        (one.get("modelName") for one in resources if one.get("type") == "checkpoint"), None
    )


def _loras(resources: list[Mapping[str, object]]) -> Iterator[tuple[object, object]]:
    for one in resources:
        if one.get("type") in {"lora", "lycoris", "dora", "locon"} and one.get("modelName"):
            yield one["modelName"], one.get("weight")


def _modules(pairs: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Forge's VAE and text encoders, which it does not tell apart."""
    yield from (
        (name, pairs[name]) for name in ("Module 1", "Module 2", "Module 3") if name in pairs
    )


def _date(pairs: Mapping[str, object]) -> datetime | None:
    with suppress(ValueError):
        found = datetime.fromisoformat(str(pairs.get("Created Date", "")))
        return found if found.tzinfo else None
    return None
