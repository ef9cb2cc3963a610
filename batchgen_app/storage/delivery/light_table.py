"""The light table of a pack: one HTML file that holds its style, its program, what is known of the
pictures, and the small ones; the large ones lie beside it. It asks no network for anything, and a
browser is told so: nothing else than its own style and program is run in it.

The program is made of the modules in ``assets/pack`` and of those of the app's own light table that
know nothing of its pages. A browser loads no modules from a disk, so each becomes a function.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache

from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import language
from batchgen_app.places import assets_dir
from batchgen_app.storage.delivery import words

MODULES = (
    "zooming/zoom.js",
    "light_table/arrange.js",
    "light_table/hands.js",
    "light_table/mover.js",
    "pack/parts.js",
    "pack/marks.js",
    "pack/dialogs.js",
    "pack/grid.js",
    "pack/table.js",
    "pack/page.js",
)
"""Each after those that it imports."""
PREFIXES = {
    "zooming/": "batchgen-zooming/",
    "light_table/": "batchgen-light-table/",
    "pack/": "batchgen-pack/",
}

_IMPORT = re.compile(r'^import (\{[^}]*\}|\* as \w+) from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.MULTILINE)


def light_table(
    pack: str, title: str, about: str, pictures: Iterable[JsonObject], missing: str
) -> bytes:
    """The file. ``pack`` tells this pack from others, for the marks that a browser keeps."""
    data: JsonObject = {
        "pack": pack,
        "title": title,
        "about": about,
        "missing": missing,
        "pictures": list(pictures),
        "words": words.page(),
        "keys": words.keys(),
    }
    script, style = program(), _asset("pack/page.css")
    return _filled(
        _asset("pack/page.html"),
        {
            "language": language(),
            "title": html.escape(title),
            "no_script": html.escape(str(words.NO_SCRIPT)),
            "style_hash": _hash(style),
            "script_hash": _hash(script),
            "style": style,
            "script": script,
            "data": embedded(data),
        },
    ).encode("utf-8", "replace")


def embedded(data: JsonObject) -> str:
    """JSON that no text in it can end early, or begin a comment or another element in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    unsafe = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
    return text.translate(unsafe)


def data_address(webp: bytes) -> str:
    """A small picture as an address that needs nothing else."""
    return f"data:image/webp;base64,{base64.b64encode(webp).decode()}"


@cache
def program() -> str:
    """All modules as one script."""
    parts = "\n".join(map(_module, MODULES))
    return f'"use strict";\nconst modules = {{}};\n{parts}\n'


def _module(path: str) -> str:
    """One of them as a function that is called at once; what it exports stands in ``modules``."""
    source = _asset(path)
    exports = ", ".join(_EXPORT.findall(source))
    inner = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    return f'modules["{_named(path)}"] = (() => {{\n{inner}\nreturn {{ {exports} }};\n}})();'


def _taken(found: re.Match[str]) -> str:
    what = found[1].replace("* as ", "").replace(" as ", ": ")
    return f'const {what} = modules["{found[2]}"];'


def _named(path: str) -> str:
    prefix = next(prefix for prefix in PREFIXES if path.startswith(prefix))
    return PREFIXES[prefix] + path.removeprefix(prefix)


@cache
def _asset(path: str) -> str:
    return (assets_dir() / path).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _filled(template: str, values: Mapping[str, str]) -> str:
    """In one pass: what stands in a value is never taken for a place."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], template)
