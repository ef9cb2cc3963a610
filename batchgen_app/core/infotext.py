"""The ``parameters`` text that galleries and sharing sites read from a picture.

The grammar is AUTOMATIC1111's: prompt, a negative line where there is a negative prompt, then one
line of ``Key: value`` pairs that starts with Steps where there are any. It has three pairs at
least, or readers would take it for a part of the prompt.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from batchgen_app.core.batch import Parameters
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.seeds import MAX_SEED

NEEDS_QUOTES = frozenset(',:\n"')
NEGATIVE = "Negative prompt: "
LEAST_PAIRS = 3
LONGEST_LINE = 4_000
"""Characters of the last line; in a longer one no pairs are looked for."""

_PAIR = re.compile(r'\s*(\w[\w /-]*):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')


def infotext(prompt: str, seed: int, parameters: Parameters, app_version: str) -> str:
    """The text for one image."""
    pairs = {
        "Steps": parameters.steps,
        "Sampler": parameters.sampler_name,
        "Schedule type": parameters.scheduler,
        "CFG scale": parameters.cfg,
        "Seed": seed,
        "Size": _size(parameters),
        "Model": bare_name(parameters.model or ""),
        "App": "BatchGen",
        "Version": app_version,
    }
    line = ", ".join(
        f"{key}: {_quoted(value)}" for key, value in pairs.items() if value not in {None, ""}
    )
    return "\n".join([prompt, *_negative(parameters.negative_prompt or ""), line])


@dataclass(frozen=True)
class Infotext:
    """What such a text tells; nothing where it does not. The model is a bare name."""

    prompt: str = ""
    parameters: Parameters = field(default_factory=Parameters)
    app_version: str | None = None


def read_infotext(text: str) -> Infotext:
    """From whoever wrote it: also a text that makes no sense has a meaning, be it a prompt."""
    *lines, last = text.strip().split("\n")
    pairs = _pairs(last)
    words = "\n".join(["", *lines] if pairs else ["", *lines, last])
    prompt, _, negative = words.partition(f"\n{NEGATIVE}")
    return Infotext(
        prompt=prompt.strip(),
        parameters=_parameters(pairs, negative.strip()),
        app_version=pairs.get("Version") if pairs.get("App") == "BatchGen" else None,
    )


def _pairs(line: str) -> dict[str, str]:
    found = _PAIR.findall(line) if len(line) <= LONGEST_LINE else []
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
        sampler_name=pairs.get("Sampler"),
        scheduler=pairs.get("Schedule type"),
    )


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
    text = str(value).removesuffix(".0") if isinstance(value, float) else str(value)
    is_bare = text == text.strip() and not NEEDS_QUOTES & set(text)
    return text if is_bare else json.dumps(text, ensure_ascii=False)
