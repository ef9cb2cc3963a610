"""What downloaded files are called: by a person's pattern, ``{date}_{prompt}_{seed}``, under names
that every system takes. Nothing that is stored is ever called so.

Sources: Microsoft, "Naming Files, Paths, and Namespaces" (reserved names and characters, no point
or space at the end); NAME_MAX of 255 bytes on ext4, APFS and most others.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Self

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message, later

FIELDS = (
    "date", "time", "index", "seed", "prompt", "model", "batch", "rating", "width", "height",
)  # fmt: skip
"""What may stand in braces."""
MOST_BYTES = 200
"""Of a name in UTF-8, without what a copy of it, a partial download or an ending adds."""
MOST_BYTES_OF_A_FIELD = 100
LONGEST_PATTERN = 100
"""Characters."""
EXAMPLE = "{date}_{prompt}_{seed}"

_NEVER = frozenset('<>:"/\\|?*')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_JOINS = "\u200d"
"""What glues two signs of an emoji to one."""
_SIGNS = frozenset({"Mn", "Me"})
"""Accents and their kin, which belong to the letter before them."""


FIELD = "names"
"""Under which name a pattern is given."""


def _refused(code: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of(FIELD, code, message)


def _known() -> str:
    return ", ".join(f"{{{name}}}" for name in FIELDS)


@dataclass(frozen=True)
class NamePattern:
    """Literal texts, and fields between them."""

    text: str
    parts: tuple[tuple[str, str | None], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidRequest where it gives no names, in words and with the fields there are."""
        text = unicodedata.normalize("NFC", text).strip()
        if not text:
            raise _refused(
                "empty", later("A name cannot be empty. It may have {fields}.", fields=_known())
            )
        if len(text) > LONGEST_PATTERN:
            raise _refused(
                "too_long",
                later("The pattern has more than {count} characters.", count=LONGEST_PATTERN),
            )
        parts = _parts(text)
        literals = "".join(literal for literal, _ in parts)
        if bad := next((sign for sign in literals if not _is_taken(sign)), None):
            raise _refused(
                "character",
                later('No system takes "{sign}" in a name everywhere. Leave it out.', sign=bad),
            )
        for _, name in parts:
            if name is not None and name not in FIELDS:
                raise _unknown(name)
        return cls(text, parts)

    def stem(self, values: Mapping[str, str]) -> str:
        """A safe name without its ending; empty where nothing of it is left."""
        made = (f"{literal}{_short(values[name]) if name else ''}" for literal, name in self.parts)
        return safe("".join(made))


def _parts(text: str) -> tuple[tuple[str, str | None], ...]:
    """Raises InvalidRequest where braces do not match, or hold more than a name."""
    try:
        found = list(string.Formatter().parse(text))
    except ValueError:
        raise _braces() from None
    if any(spec or conversion for _, _, spec, conversion in found):
        raise _braces()
    return tuple((literal, name) for literal, name, _, _ in found)


def _braces() -> InvalidRequest:
    words = later(
        "Braces hold one field each, like {example}. There are {fields}.",
        example="{seed}",
        fields=_known(),
    )
    return _refused("braces", words)


def _unknown(name: str) -> InvalidRequest:
    words = later('There is no field "{name}". There are {fields}.', name=name, fields=_known())
    return _refused("unknown_field", words)


def _is_taken(sign: str) -> bool:
    """Whether it may stand in a name; not what cannot be seen and may turn what is read around."""
    return sign not in _NEVER and (sign == _JOINS or unicodedata.category(sign)[0] != "C")


def safe(text: str) -> str:
    """``text`` as a name without ending that every system takes; empty where nothing is left."""
    text = unicodedata.normalize("NFC", text)
    kept = "".join(sign if _is_taken(sign) else " " for sign in text)
    whole = _trimmed(cut(_trimmed(" ".join(kept.split())), MOST_BYTES))
    stem = whole.partition(".")[0].rstrip()
    return f"_{whole}" if _RESERVED.fullmatch(stem) else whole


def _trimmed(text: str) -> str:
    """No point in front, which hides a file; no minus, which makes it an option; none at the end,
    where Windows drops it.
    """
    return text.lstrip(". -" + _JOINS).rstrip(". " + _JOINS)


def cut(text: str, most: int) -> str:
    """As much of ``text`` as has at most so many bytes, and no sign without what belongs to it."""
    if len(text.encode()) <= most:
        return text
    end = len(text.encode()[:most].decode(errors="ignore"))
    while end and _goes_on(text, end):
        end -= 1
    return text[:end]


def _goes_on(text: str, at: int) -> bool:
    sign = text[at]
    return _JOINS in (sign, text[at - 1]) or unicodedata.category(sign) in _SIGNS


def _short(value: str) -> str:
    """One value: a long prompt leaves room for what stands behind it."""
    return cut(" ".join(value.split()), MOST_BYTES_OF_A_FIELD).rstrip()


def values_of(batch: BatchState, image: GeneratedImage) -> dict[str, str]:
    """What the fields are of one image. Times are those of this computer."""
    made = image.created_at.astimezone()
    return {
        "date": f"{made:%Y-%m-%d}",
        "time": f"{made:%H-%M-%S}",
        "index": f"{image.index:03d}",
        "seed": str(image.seed),
        "prompt": batch.words(image.index).prompt,
        "model": bare_name(batch.parameters.model or ""),
        "batch": batch.batch_id,
        "rating": str(image.rating),
        "width": str(image.width or ""),
        "height": str(image.height or ""),
    }


def example_values() -> dict[str, str]:
    """Of an image that could be, for a preview of a name."""
    return {
        "date": "2026-03-01",
        "time": "14-05-59",
        "index": "003",
        "seed": "1234567",
        "prompt": "a red fox in the snow",
        "model": "dreamshaper_8",
        "batch": "20260301-140559-123456-0a1b",
        "rating": "4",
        "width": "1024",
        "height": "768",
    }


@dataclass
class Names:
    """Names in one folder, each given once, on systems that tell capitals apart and others."""

    _given: set[str] = field(default_factory=set)

    def free(
        self,
        stem: str,
        endings: Iterable[str],
        is_free: Callable[[str], bool] = lambda _: True,
    ) -> str:
        """``stem``, or one like it with "-2", "-3" and on behind it, so that it is free with each
        of ``endings`` and ``is_free`` says so, too; now it no longer is.
        """
        ends = tuple(endings)
        tries = chain([stem], (f"{cut(stem, MOST_BYTES - 8)}-{number}" for number in count(2)))
        unused = (one for one in tries if not self._given & _folded(one, ends))
        found = next(filter(is_free, unused))
        self._given |= _folded(found, ends)
        return found


def _folded(stem: str, endings: Sequence[str]) -> set[str]:
    return {unicodedata.normalize("NFKC", f"{stem}{ending}").casefold() for ending in endings}
