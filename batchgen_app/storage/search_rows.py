"""The rows that pictures are found by: written only where something changed, so that a mark on one
picture leaves the texts of all others alone.

What a word is, ``core/search/folding`` decides. SQLite's full text search knows only rows by their
number (``text_id``) and has to be told what a row held before it is changed or goes
(sqlite.org, "FTS5", section 4.4.3): all that is written of them goes through here.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from batchgen_app.core.batch import GeneratedImage, Imported, Parameters
from batchgen_app.core.image_source import PROGRAMS
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.search.folding import fold, listed
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import Row
from batchgen_app.storage.schema import sealed

Text: TypeAlias = tuple[Any, ...]
"""A row of ``gallery_texts`` without its number."""

POSITIONS = 128
"""More than any batch has images, and one for itself."""
SAME_MOMENT = 8
"""Batches that can be told apart within a microsecond; further ones count as a little later."""
LATEST = 2**52 - 1
"""Microseconds; in the year 2112."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ALL = slice(None)
HIDDEN, PICTURE, BATCH, EMPTY_BATCH = range(4)
"""What a row of ``gallery_finds`` shows: nothing, because it was deleted; a picture; a batch that
has pictures; one that has none.
"""


def place_from(moment: datetime) -> int:
    """The first place that a batch of ``moment`` may have."""
    microseconds = (moment - EPOCH) // timedelta(microseconds=1)
    return min(max(microseconds, 0), LATEST) * SAME_MOMENT


def id_from(moment: datetime) -> int:
    """The first id that a picture of a batch of ``moment`` may have."""
    return place_from(moment) * POSITIONS


def moment_of(find: int) -> datetime:
    """When the batch of an id was made."""
    return EPOCH + timedelta(microseconds=find // POSITIONS // SAME_MOMENT)


class SearchRows:
    """Those of ``batch`` as it stands."""

    def __init__(self, batch: BatchState) -> None:
        self._batch_id = batch.batch_id
        self._earliest = place_from(batch.created_at)
        self._common = _common(batch)
        texts = _Folded()
        negative = batch.parameters.negative_prompt
        self._own = texts.of(
            [batch.request.prompt, *(words.prompt for words in batch.prompts)],
            [negative, *(words.negative_prompt for words in batch.prompts)],
            imported=_imported(batch.imported),
        )
        self._words = {
            picture.index: texts.of_picture(batch, picture) for picture in batch.pictures
        }
        self._finds = [*_finds(batch)]

    def place(self, connection: sqlite3.Connection) -> int:
        """That of the batch: the one that it has, or the first free one of its moment."""
        known = connection.execute(PLACE_OF, (self._batch_id,)).fetchall()
        if known:
            return int(known[0][0])
        place = self._earliest
        for (taken,) in connection.execute(PLACES, (place,)):
            if taken != place:
                break
            place += 1
        return place

    def put(self, connection: sqlite3.Connection, place: int, workflow: str | None) -> None:
        """Write what is new, and forget what is no more. Raises sqlite3.Error."""
        model, loras, sampler, family = self._common
        made_with = (model, loras, sampler, listed([*filter(None, [workflow, family])]))

        def text(words: tuple[str, ...]) -> Text:
            prompt, negative, *tags = words
            return (place, prompt, negative, *made_with, *tags)

        wanted = {position: text(words) for position, words in self._words.items()}
        wanted[0] = text(self._own)
        ids = _put_texts(connection, place, wanted)
        _put_finds(connection, place, [(find[0], ids[find[0]], *find[1:]) for find in self._finds])


class _Folded:
    """The texts of one batch, each folded once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(
        self,
        prompts: list[str],
        negative: list[str | None],
        tags: tuple[str, ...] = (),
        imported: str = "",
    ) -> tuple[str, ...]:
        """Prompt, negative prompt, tags, where it came from, and how people write the tags."""
        names = json.dumps(list(tags), ensure_ascii=False)
        return (
            self._all(prompts),
            self._all(negative),
            listed(list(tags)),
            self._one(imported),
            names,
        )

    def of_picture(self, batch: BatchState, picture: GeneratedImage) -> tuple[str, ...]:
        words = batch.words(picture.index)
        imported = _imported(batch.imported, slice(picture.index - 1, picture.index))
        return self.of([words.prompt], [words.negative_prompt], picture.tags, imported)

    def _all(self, texts: list[Any]) -> str:
        return " ".join(map(self._one, dict.fromkeys(filter(None, texts))))

    def _one(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = fold(text)
        return self._known[text]


def _common(batch: BatchState) -> tuple[str, str, str, str | None]:
    made = batch.parameters
    return (
        model_text(made.model, made.refiner),
        listed([*_names(*(lora.name for lora in made.loras or ()))]),
        sampler_text(made),
        batch.request.family,
    )


def sampler_text(made: Parameters) -> str:
    """What stands in the column ``sampler``."""
    return listed([*filter(None, [made.sampler_name, made.scheduler])])


def _imported(imported: Imported | None, which: slice = ALL) -> str:
    """The program that made pictures elsewhere, and what ``which`` of their files were called."""
    if imported is None:
        return ""
    program = PROGRAMS.get(imported.source)
    called = [imported.source, program] if program else []
    return " ".join([*called, *imported.filenames[which]])


def model_text(*files: str | None) -> str:
    """What stands in the column ``model``: the text of a model, then that of its refiner."""
    return listed([*_names(*files)])


def _names(*files: str | None) -> Iterator[str]:
    """Of models, as people know them and as the server has them."""
    for file in filter(None, files):
        yield from dict.fromkeys([bare_name(file), file])


def _finds(batch: BatchState) -> Iterator[Row]:
    """Position, and what stands in ``gallery_finds`` behind the text."""
    made = batch.parameters
    shown = HIDDEN if batch.deleted else BATCH if batch.pictures else EMPTY_BATCH
    yield 0, shown, None, None, None, None, made.steps, made.width, made.height, 0
    for picture in batch.pictures:
        yield (
            picture.index,
            HIDDEN if batch.deleted else PICTURE,
            int(picture.favourite),
            picture.rating,
            int(picture.rejected),
            picture.seed,
            made.steps,
            picture.width,
            picture.height,
            picture.all_bytes,
        )


def _put_texts(
    connection: sqlite3.Connection, place: int, wanted: dict[int, Text]
) -> dict[int, int]:
    """The text of each position; gives its number."""
    known: dict[Text, int] = {
        tuple(row[1:]): row[0] for row in connection.execute(TEXTS_OF, (place,))
    }
    for text in dict.fromkeys(wanted.values()):
        if text not in known:
            known[text] = _write_text(connection, text)
    for text in known.keys() - set(wanted.values()):
        connection.execute(FORGET_WORDS, (known[text], *text[1:-1]))
        connection.execute(FORGET_TEXT, (known[text],))
    return {position: known[text] for position, text in wanted.items()}


def _write_text(connection: sqlite3.Connection, text: Text) -> int:
    ((last,),) = connection.execute(LAST_TEXT).fetchall()
    connection.execute(WRITE_TEXT, sealed((last + 1, *text)))
    connection.execute(WRITE_WORDS, (last + 1, *text[1:-1]))
    return int(last) + 1


def _put_finds(connection: sqlite3.Connection, place: int, finds: list[Row]) -> None:
    first = place * POSITIONS
    known = {row[0]: row for row in connection.execute(FINDS_OF, (first, first + POSITIONS))}
    rows = [sealed((first + position, *rest)) for position, *rest in finds]
    connection.executemany(WRITE_FIND, [row for row in rows if row != known.get(row[0])])
    gone = known.keys() - {row[0] for row in rows}
    connection.executemany(FORGET_FIND, [(find,) for find in gone])


PLACE_OF = "SELECT place FROM gallery_batches WHERE batch_id = ?"
PLACES = "SELECT place FROM gallery_batches WHERE place >= ? ORDER BY place"
LAST_TEXT = "SELECT ifnull(max(text_id), 0) FROM gallery_texts"
_COLUMNS = "prompt, negative, model, loras, sampler, workflow, tags, imported"
TEXTS_OF = f"SELECT text_id, place, {_COLUMNS}, tag_names FROM gallery_texts WHERE place = ?"  # noqa: S608 - our own names
WRITE_TEXT = f"""
    INSERT INTO gallery_texts (text_id, place, {_COLUMNS}, tag_names, checksum)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - our own names
FORGET_TEXT = "DELETE FROM gallery_texts WHERE text_id = ?"
WRITE_WORDS = f"INSERT INTO gallery_words (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names
FORGET_WORDS = f"""
    INSERT INTO gallery_words (gallery_words, rowid, {_COLUMNS})
    VALUES ('delete', ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - our own names
FINDS_OF = "SELECT * FROM gallery_finds WHERE id >= ? AND id < ?"
WRITE_FIND = "INSERT OR REPLACE INTO gallery_finds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FORGET_FIND = "DELETE FROM gallery_finds WHERE id = ?"
FORGET_ALL = (
    "INSERT INTO gallery_words (gallery_words) VALUES ('delete-all')",
    "DELETE FROM gallery_texts",
    "DELETE FROM gallery_finds",
)
