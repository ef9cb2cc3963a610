"""The ``parameters`` text that galleries and sharing sites read from a picture.

The grammar is AUTOMATIC1111's: prompt, a negative line where there is a negative prompt, then one
line of ``Key: value`` pairs that starts with Steps where there are any. It has three pairs at
least, or readers would take it for a part of the prompt.
"""

import json

from batchgen_app.core.batch import Parameters
from batchgen_app.core.model_files import bare_name

NEEDS_QUOTES = frozenset(',:\n"')


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


def _negative(prompt: str) -> list[str]:
    return [f"Negative prompt: {prompt}"] if prompt.strip() else []


def _size(parameters: Parameters) -> str | None:
    if parameters.width is None or parameters.height is None:
        return None
    return f"{parameters.width}x{parameters.height}"


def _quoted(value: object) -> str:
    text = str(value).removesuffix(".0") if isinstance(value, float) else str(value)
    is_bare = text == text.strip() and not NEEDS_QUOTES & set(text)
    return text if is_bare else json.dumps(text, ensure_ascii=False)
