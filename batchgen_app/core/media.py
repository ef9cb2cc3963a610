"""What kind of file an output is: by the ending of its name, which is one of those that stand here.

No other ending is ever given to a file, whatever a server calls it: what it sends must not become
a program that a double click starts.
"""

from types import MappingProxyType

PICTURES = frozenset({"png", "jpg", "webp"})
"""Endings of what is looked at pixel by pixel."""
UNKNOWN, NO_TYPE = "bin", "application/octet-stream"

_TYPES = MappingProxyType({
    "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
    "avif": "image/avif", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff",
    "exr": "image/x-exr", "hdr": "image/vnd.radiance", "jxl": "image/jxl", "heic": "image/heic",
    "jp2": "image/jp2", "psd": "image/vnd.adobe.photoshop", "svg": "image/svg+xml",
    "dng": "image/x-adobe-dng", "tga": "image/x-tga",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime",
    "mkv": "video/x-matroska", "avi": "video/x-msvideo",
    "wav": "audio/wav", "mp3": "audio/mpeg", "flac": "audio/flac", "ogg": "audio/ogg",
    "opus": "audio/ogg", "m4a": "audio/mp4", "aac": "audio/aac",
    "glb": "model/gltf-binary", "gltf": "model/gltf+json", "obj": "model/obj", "stl": "model/stl",
    "ply": "model/ply", "fbx": "model/fbx", "usdz": "model/vnd.usdz+zip", "splat": "model/splat",
    "text": "text/plain", "csv": "text/csv", "srt": "application/x-subrip",
    "json": "application/json", "zip": "application/zip", "pdf": "application/pdf",
    "latent": NO_TYPE, "safetensors": NO_TYPE, "npy": NO_TYPE, "npz": NO_TYPE, UNKNOWN: NO_TYPE,
})  # fmt: skip
_SPELLED = {"jpeg": "jpg", "jpe": "jpg", "apng": "png", "txt": "text"}
"""Other names of the same; a file that ends in ``txt`` is the text beside a picture."""
_DRAWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})
_PLAYED = frozenset({"video/mp4", "video/webm"})
_HEARD = frozenset({"audio/wav", "audio/mpeg", "audio/flac", "audio/ogg", "audio/mp4", "audio/aac"})

ENDING = f"(?:{'|'.join(_TYPES)})"
"""As part of a regular expression."""


def ending_of(name: str) -> str:
    """How a file ends here that somebody else gave its name."""
    said = name.rpartition(".")[2].lower()
    ending = _SPELLED.get(said, said)
    return ending if ending in _TYPES else UNKNOWN


def type_of(filename: str) -> str:
    """The media type of a file of ours."""
    return _TYPES.get(filename.rpartition(".")[2], NO_TYPE)


def is_named(filename: str, stem: str) -> bool:
    """Whether a file of ours may be called so, where ``stem`` is its name without the ending."""
    return filename.startswith(f"{stem}.") and filename[len(stem) + 1 :] in _TYPES


def is_drawn(media_type: str) -> bool:
    """Whether every browser shows it as a picture, moving or not."""
    return media_type in _DRAWN


def is_played(media_type: str) -> bool:
    """Whether browsers play it as a film."""
    return media_type in _PLAYED


def is_shown(media_type: str) -> bool:
    """Whether a browser may be given it to show: nothing in it can act."""
    return media_type in _DRAWN | _PLAYED | _HEARD


def is_work(name: str) -> bool:
    """Whether somebody may look at it or listen to it, by its name on a server; data are not."""
    return type_of(f".{ending_of(name)}").startswith(("image/", "video/", "audio/", "model/"))
