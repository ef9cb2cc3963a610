"""The catalogs as a developer sees them: what the code says, what is translated, and the files."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po

import batchgen_app
from batchgen_app.core import limits
from batchgen_app.language.texts import CATALOGS, DOMAIN, SAID

APP = Path(batchgen_app.__file__).parent
KEYWORDS = {
    "_": None,
    "later": None,
    "lazy": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
    "plazy": ((1, "c"), 2),
}
ELSEWHERE = [text for texts in limits.MESSAGES.values() for text in texts.values()]
"""Put together from limits; pages show them through ``told``, too."""


class PlainCatalog(Catalog):
    """Without dates and addresses in its head: it changes only where a text does."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: object) -> None:
        """Those of a file say the same."""


def in_code() -> Catalog:
    """Every text that there is."""
    found = PlainCatalog(fuzzy=False)
    for file, text, context in _extracted(KEYWORDS):
        found.add(text, locations=[(file, 0)], context=context)
    for text in ELSEWHERE:
        found.add(text, locations=[("elsewhere", 0)])
    return found


def said_later() -> str:
    """The file of the texts of ``later``."""
    texts = {str(text) for _, text, _ in _extracted({"later": None})}
    return "".join(f"{text}\n" for text in sorted(texts))


def _extracted(keywords: dict[str, Any]) -> Iterator[tuple[str, Any, str | None]]:
    found = extract_from_dir(APP, [("**.py", "python")], keywords=keywords)
    return ((file, text, context) for file, _, text, _, context in found)


def translated(language: str) -> Catalog:
    """The catalog that a person has written."""
    catalog = PlainCatalog(language, DOMAIN, fuzzy=False)
    PoFileParser(catalog).parse(_file(language, "po").read_text(encoding="utf-8").splitlines())
    return catalog


def messages(catalog: Catalog) -> dict[object, Message]:
    """Without the header."""
    return {(message.context, message.id): message for message in catalog if message.id}


def compiled(catalog: Catalog) -> bytes:
    """As gettext reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def shipped(language: str) -> bytes:
    """As it is installed."""
    return _file(language, "mo").read_bytes()


def update(language: str) -> list[Message]:
    """Bring both files to what the code says; gives what is still to be translated."""
    catalog = translated(language)
    catalog.update(in_code(), no_fuzzy_matching=True, update_creation_date=False)
    with _file(language, "po").open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    _file(language, "mo").write_bytes(compiled(translated(language)))
    SAID.write_text(said_later(), encoding="utf-8", newline="\n")
    return [message for message in messages(catalog).values() if not said(message)]


def said(message: Message) -> bool:
    """Whether somebody has translated it."""
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts)


def _file(language: str, kind: str) -> Path:
    return CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.{kind}"
