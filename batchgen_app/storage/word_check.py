"""Whether the index of words has what the texts have, word by word and as often: SQLite looks after
its pages, and asks no questions about what stands in them.
"""

import sqlite3
from collections import Counter

from batchgen_app.core.search.folding import tokens

COLUMNS = ("prompt", "negative", "model", "loras", "sampler", "workflow", "tags", "imported")
_TEXTS = f"SELECT {', '.join(COLUMNS)} FROM gallery_texts"  # noqa: S608 - our own names
_WORDS = "SELECT col, term, cnt FROM gallery_vocabulary"


def do_words_fit(connection: sqlite3.Connection) -> bool:
    """Asked of a connection that gives texts as bytes. Blocks; raises sqlite3.Error where the index
    cannot be read, and UnicodeDecodeError.
    """
    written: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(_TEXTS):
        for column, text in zip(COLUMNS, row, strict=True):
            written.update((column, word) for word in tokens(text.decode()))
    found = {
        (column.decode(), word.decode()): count
        for column, word, count in connection.execute(_WORDS)
    }
    return found == written
