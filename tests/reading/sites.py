"""The ``parameters`` text, by the rules of AUTOMATIC1111 and of Civitai."""

import json
import re
from dataclasses import dataclass, field
from io import BytesIO

import piexif  # type: ignore[import-untyped]
import piexif.helper  # type: ignore[import-untyped]
from PIL import Image

PAIR = re.compile(r'(?P<key>\w[\w /-]+):\s*(?P<value>"(?:[^"\\]|\\.)+"|[^,]*)(?:,|$)')
NEGATIVE = "Negative prompt:"


@dataclass
class Read:
    """What a gallery finds in the text."""

    prompt: str
    negative: str
    pairs: dict[str, str]
    hashes: dict[str, str] = field(default_factory=dict)


def read(text: str) -> Read:
    """By AUTOMATIC1111: the last line is parameters if it has three pairs; a line that says so
    begins the negative prompt.
    """
    *lines, last = text.strip().split("\n")
    pairs = {found["key"]: unquoted(found["value"]) for found in PAIR.finditer(last)}
    if len(pairs) < 3:
        lines, pairs = [*lines, last], {}
    prompt, negative = split(lines)
    return Read(prompt, negative, pairs)


def split(lines: list[str]) -> tuple[str, str]:
    parts: dict[bool, list[str]] = {False: [], True: []}
    in_negative = False
    for line in map(str.strip, lines):
        if line.startswith(NEGATIVE):
            in_negative = True
        parts[in_negative].append(line.removeprefix(NEGATIVE).strip() if in_negative else line)
    return "\n".join(parts[False]).strip(), "\n".join(parts[True]).strip()


def unquoted(value: str) -> str:
    return str(json.loads(value)) if value[:1] == value[-1:] == '"' else value


def as_read(text: str) -> str:
    """What is left of a prompt: readers strip every line."""
    return "\n".join(line.strip() for line in text.strip().split("\n")).strip()


def read_by_civitai(text: str) -> Read:
    """Empty lines are passed over; the first line that begins with Steps has the details, which are
    cut at colons, each name being what stands behind the last comma; hashes are an object of JSON.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    details = next((line for line in lines if line.startswith("Steps: ")), "")
    if details:
        lines.remove(details)
    hashes = {}
    if found := re.search(r", Hashes:\s*({[^}]+})", details):
        hashes = json.loads(found[1])
        details = details.replace(found[0], "")
    pairs, key = {}, ""
    parts = details.split(":")
    for number, part in enumerate(parts):
        before, comma, name = part.rpartition(",")
        if number == len(parts) - 1:
            pairs[key] = part.strip()
        elif comma:
            pairs[key] = before.strip()
            key = name.strip()
        else:
            key = part.strip()
    prompt, *negative = (each.strip() for each in "\n".join(lines).split(NEGATIVE))
    return Read(prompt, " ".join(negative).strip(), pairs, hashes)


def text_in(data: bytes) -> str | None:
    """As AUTOMATIC1111 finds it: in a PNG by its name, else in EXIF by piexif."""
    with Image.open(BytesIO(data)) as image:
        if image.format == "PNG":
            image.load()
            return image.info.get("parameters")
        exif = image.info.get("exif")
    comment = piexif.load(exif)["Exif"].get(piexif.ExifIFD.UserComment, b"") if exif else b""
    return str(piexif.helper.UserComment.load(comment)) if comment else None
