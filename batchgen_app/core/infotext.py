"""The ``parameters`` text that galleries and sharing sites read from a picture.

The grammar is AUTOMATIC1111's: prompt, behind it a tag for each LoRA, a negative line where there
is a negative prompt, then one line of ``Key: value`` pairs that starts with Steps where there are
any. It has three pairs at least, or readers would take it for a part of the prompt.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress, count, takewhile

from batchgen_app.core.batch import Parameters
from batchgen_app.core.lora_tags import hashes, plain, tags, without_tags
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.others_names import (
    sampler_here,
    sampler_there,
    scheduler_here,
    scheduler_there,
)
from batchgen_app.core.request import BatchRequest, Lora
from batchgen_app.core.seeds import MAX_SEED

NEEDS_QUOTES = frozenset(',:\n"')
NEGATIVE = "Negative prompt: "
TEMPLATE, NEGATIVE_TEMPLATE = "Template", "Negative Template"
LONGEST_TEMPLATE = 500
"""Characters; written in quotes it may be twice as long."""
LEAST_PAIRS = 3
ENCODER, LORA = "Text encoder", "LoRA"
"""Numbered from 1; behind the name of a LoRA stand a colon and its strength."""
LONGEST_FILES = 2_000
"""Characters of all names of files."""
SWITCH_AT = 0.8
"""Of the steps, those that come before the refiner's."""
LONGEST_LINE = 8_000
"""Characters of the last line; in a longer one no pairs are looked for."""

_HASHES = re.compile(r", Hashes: \{[^}]*\}")
"""The one value that is no text in quotes: sharing sites want it bare."""
_PAIR = re.compile(r'\s*(\w[\w /-]*):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')


def infotext(
    prompt: str,
    seed: int,
    parameters: Parameters,
    app_version: str,
    varied: BatchRequest | None = None,
) -> str:
    """The text for one image; also with the templates of a request whose words are ``varied``,
    under the names that AUTOMATIC1111's extension gives them.
    """
    files = _files(parameters)
    pairs = {
        "Steps": parameters.steps,
        "Sampler": sampler_there(parameters.sampler_name),
        "Schedule type": scheduler_there(parameters.scheduler),
        "CFG scale": parameters.cfg,
        "Seed": seed,
        "Size": _size(parameters),
        "Model": bare_name(parameters.model or ""),
        "Refiner": bare_name(parameters.refiner or ""),
        "Refiner switch at": SWITCH_AT if parameters.refiner else None,
        "Denoising strength": parameters.denoise,
        "Distilled CFG Scale": parameters.guidance,
        **files,
        "App": "BatchGen",
        "Version": app_version,
        **_templates(varied),
    }
    told = {key: _quoted(value) for key, value in pairs.items() if value not in {None, ""}}
    line, known = _line(told), _line(hashes(parameters.model, parameters.hashes or {}))
    if known and len(line) + len(known) < LONGEST_LINE:
        line = f"{line}, {known}"
    tagged = f"{prompt}{tags(_loras(files))}"
    return "\n".join([tagged, *_negative(parameters.negative_prompt or ""), line])


def _line(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in pairs.items())


def _files(parameters: Parameters) -> dict[str, str]:
    """Used beside the model, by their whole names; as many as readers may take in such a line."""
    encoders = enumerate(parameters.text_encoders or (), start=1)
    loras = enumerate(parameters.loras or (), start=1)
    pairs = {
        "VAE": parameters.vae or "",
        **{f"{ENCODER} {number}": name for number, name in encoders},
        **{f"{LORA} {number}": f"{lora.name}:{plain(lora.strength)}" for number, lora in loras},
    }
    lengths = accumulate(len(name) for name in pairs.values())
    fits = (length <= LONGEST_FILES for length in lengths)
    return dict(compress(pairs.items(), fits))


def _templates(varied: BatchRequest | None) -> dict[str, str | None]:
    """As far as readers take such a line."""
    if varied is None:
        return {}
    texts = {TEMPLATE: varied.prompt, NEGATIVE_TEMPLATE: varied.negative_prompt}
    return {key: text for key, text in texts.items() if len(text or "") <= LONGEST_TEMPLATE}


@dataclass(frozen=True)
class Infotext:
    """What such a text tells; nothing where it does not. The model is a bare name."""

    prompt: str = ""
    parameters: Parameters = field(default_factory=Parameters)
    template: str | None = None
    negative_template: str | None = None
    app_version: str | None = None


def read_infotext(text: str) -> Infotext:
    """From whoever wrote it: also a text that makes no sense has a meaning, be it a prompt."""
    *lines, last = text.strip().split("\n")
    pairs = _pairs(last)
    words = "\n".join(["", *lines] if pairs else ["", *lines, last])
    prompt, _, negative = words.partition(f"\n{NEGATIVE}")
    return Infotext(
        prompt=without_tags(prompt.strip(), _loras(pairs)),
        parameters=_parameters(pairs, negative.strip()),
        template=pairs.get(TEMPLATE),
        negative_template=pairs.get(NEGATIVE_TEMPLATE),
        app_version=pairs.get("Version") if pairs.get("App") == "BatchGen" else None,
    )


def is_infotext(text: str) -> bool:
    """Whether there are settings in it, and not a prompt or anything else alone."""
    return bool(_pairs(text.strip().rpartition("\n")[2]))


def _pairs(line: str) -> dict[str, str]:
    found = _PAIR.findall(_HASHES.sub("", line)) if len(line) <= LONGEST_LINE else []
    return {key: _bare(value) for key, value in found} if len(found) >= LEAST_PAIRS else {}


def _bare(value: str) -> str:
    if value.startswith('"'):
        with suppress(ValueError):
            return str(json.loads(value))
    return value.strip()


def _parameters(pairs: Mapping[str, str], negative: str) -> Parameters:
    size = pairs.get("Size", "").split("x")
    width, height = size if len(size) == 2 else ("", "")
    return Parameters(
        model=pairs.get("Model"),
        negative_prompt=negative or None,
        steps=_whole(pairs.get("Steps")),
        cfg=_number(pairs.get("CFG scale")),
        width=_whole(width),
        height=_whole(height),
        sampler_name=sampler_here(pairs.get("Sampler")),
        scheduler=scheduler_here(pairs.get("Schedule type")),
        refiner=pairs.get("Refiner"),
        guidance=_number(pairs.get("Distilled CFG Scale")),
        denoise=_number(pairs.get("Denoising strength")),
        vae=pairs.get("VAE"),
        text_encoders=_numbered(pairs, ENCODER) or None,
        loras=_loras(pairs) or None,
    )


def _loras(pairs: Mapping[str, str]) -> list[Lora]:
    return [*chain.from_iterable(map(_lora, _numbered(pairs, LORA)))]


def _numbered(pairs: Mapping[str, str], name: str) -> list[str]:
    """Those that are counted from 1 on, without a gap."""
    found = (pairs.get(f"{name} {number}", "") for number in count(1))
    return list(takewhile(bool, found))


def _lora(text: str) -> Iterator[Lora]:
    """What can be none is left out."""
    name, _, strength = text.rpartition(":")
    with suppress(ValueError):
        yield Lora(name=name, strength=float(strength))


def _whole(text: str | None) -> int | None:
    # Bounded, because int() of very many digits takes long and then refuses.
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None


def _number(text: str | None) -> float | None:
    with suppress(ValueError):
        if 0 <= (number := float(text or "")) <= MAX_SEED:
            return number
    return None


def _negative(prompt: str) -> list[str]:
    return [f"{NEGATIVE}{prompt}"] if prompt.strip() else []


def _size(parameters: Parameters) -> str | None:
    if parameters.width is None or parameters.height is None:
        return None
    return f"{parameters.width}x{parameters.height}"


def _quoted(value: object) -> str:
    text = plain(value)
    is_bare = text == text.strip() and not NEEDS_QUOTES & set(text)
    return text if is_bare else json.dumps(text, ensure_ascii=False)
