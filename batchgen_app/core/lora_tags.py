"""LoRAs as others tell them: ``<lora:name:strength>`` behind the prompt, and hashes of files that
sharing sites know them by.
"""

import json
from collections.abc import Iterable, Mapping

from batchgen_app.core.model_files import bare_name
from batchgen_app.core.request import Lora

UNTOLD = frozenset("<>:{}\n")
"""What no name in a tag, and in an object of hashes, may have: readers would cut it there."""


def tags(loras: Iterable[Lora]) -> str:
    """Of all that have such a name, each behind a space."""
    told = ((bare_name(lora.name), lora.strength) for lora in loras)
    return "".join(
        f" <lora:{name}:{plain(strength)}>" for name, strength in told if not UNTOLD & set(name)
    )


def without_tags(prompt: str, loras: Iterable[Lora]) -> str:
    """A prompt that was written with them, as it was."""
    return f" {prompt}".removesuffix(tags(loras))[1:]


def hashes(model: str | None, files: Mapping[str, str]) -> dict[str, str]:
    """Pairs of the last line: for AUTOMATIC1111 those of the LoRAs, for Civitai also that of the
    ``model``, in an object of JSON that has to stand behind all else.
    """
    told = {bare_name(file): known for file, known in files.items() if file != model}
    loras = {name: known for name, known in told.items() if not UNTOLD & set(name)}
    each = {f"lora:{name}": known for name, known in loras.items()}
    if model is not None and model in files:
        each = {"model": files[model], **each}
    listed = ", ".join(f"{name.replace(',', '')}: {known}" for name, known in loras.items())
    pairs = {"Lora hashes": json.dumps(listed, ensure_ascii=False) if loras else ""}
    pairs["Hashes"] = json.dumps(each, ensure_ascii=False) if each else ""
    return {key: value for key, value in pairs.items() if value}


def plain(value: object) -> str:
    """A number without an empty fraction."""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
