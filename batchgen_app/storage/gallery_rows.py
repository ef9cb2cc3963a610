"""The rows of the gallery: what is written of a batch, and how it is read back.

A workflow that people gave is stored once, however many batches use it and however its graph is
written (``workflow_digest``), and written with the first
event of a batch only: what changes later does not touch it.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from batchgen_app.core.batch import CompletedBatch, Parameters
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import Graph
from batchgen_app.storage.database import Row
from batchgen_app.storage.gallery_query import sortable, words_of
from batchgen_app.storage.schema import sealed
from batchgen_app.storage.search_rows import FORGET_ALL, SearchRows
from batchgen_app.storage.workflow_digest import digest_of


class Rows:
    """Everything that is shown of ``batch`` as it stands, to be put in place of what was shown
    before: in the connection's thread, while the batch may go on.
    """

    def __init__(self, batch: BatchState) -> None:
        self.batch_id = batch.batch_id
        self._graph, self._key = batch.request.workflow, batch.request.workflow_key
        self._batch = _batch_row(batch)
        self._summary = _summary(batch)
        self._images = [sealed(row) for row in _image_rows(batch)]
        self._search = SearchRows(batch)

    def put(self, connection: sqlite3.Connection) -> None:
        """Write them. Raises sqlite3.Error."""
        workflow = self._workflow(connection)  # from the rows that are forgotten next
        place = self._search.place(connection)
        for statement in FORGET_BATCH:
            connection.execute(statement, (self.batch_id,))
        connection.execute(WRITE_BATCH, sealed((*self._batch, place)))
        connection.execute(WRITE_SUMMARY, sealed((self.batch_id, self._summary, workflow)))
        connection.executemany(WRITE_IMAGE, self._images)
        self._search.put(connection, place, workflow)

    def _workflow(self, connection: sqlite3.Connection) -> str | None:
        """The digest under which the workflow of the batch is stored; None if nobody gave one."""
        known = connection.execute(WORKFLOW_OF, (self.batch_id,)).fetchall()
        if known or self._graph is None:
            return known[0][0] if known else None
        digest, graph = digest_of(self._graph, self._key), _written(self._graph)
        connection.execute(WRITE_WORKFLOW, sealed((digest, graph)))
        return digest


def summary_in(row: Row) -> CompletedBatch:
    """The batch in a row (id, summary, graph); raises ValidationError, a ValueError."""
    _, text, graph = row
    summary = json.loads(text)
    if graph:
        summary["request"]["workflow"] = json.loads(graph)
    return CompletedBatch.model_validate(summary)


def kind(parameters: Parameters) -> tuple[Any, ...]:
    """What images must have in common to take the same time."""
    return parameters.model, parameters.width, parameters.height, parameters.steps


def _written(graph: Graph) -> str:
    return json.dumps(graph, ensure_ascii=False, separators=(",", ":"))


def _summary(batch: BatchState) -> str:
    return summary_of(batch).model_dump_json(by_alias=True, exclude={"request": {"workflow"}})


def _batch_row(batch: BatchState) -> Row:
    return (
        batch.batch_id,
        batch.deleted,
        sortable(batch.created_at),
        batch.parameters.model,
        sum(picture.favourite for picture in batch.pictures),
        len(batch.pictures),
        sum(picture.all_bytes for picture in batch.pictures),
        words_of(batch.request.prompt, batch.prompts),
    )


def _image_rows(batch: BatchState) -> Iterable[Row]:
    for picture in batch.pictures:
        yield (
            picture.id,
            batch.batch_id,
            picture.index,
            sortable(picture.created_at),
            *kind(batch.parameters),
            batch.image(picture.index).seconds,
            picture.model_dump_json(by_alias=True),
        )


FORGET_BATCH = (
    "DELETE FROM gallery_images WHERE batch_id = ?",
    "DELETE FROM gallery_summaries WHERE batch_id = ?",
    "DELETE FROM gallery_batches WHERE batch_id = ?",
)
WRITE_BATCH = """
    INSERT INTO gallery_batches
        (batch_id, deleted, created_at, model, favourites, images, bytes, prompt, place, checksum)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
WORKFLOW_OF = "SELECT workflow FROM gallery_summaries WHERE batch_id = ?"
WRITE_WORKFLOW = "INSERT OR IGNORE INTO gallery_workflows VALUES (?, ?, ?)"
WRITE_SUMMARY = """
    INSERT INTO gallery_summaries (batch_id, summary, workflow, checksum) VALUES (?, ?, ?, ?)
"""
WRITE_IMAGE = "INSERT INTO gallery_images VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
CLEAR = (
    *FORGET_ALL,
    "DELETE FROM gallery_images",
    "DELETE FROM gallery_summaries",
    "DELETE FROM gallery_workflows",
    "DELETE FROM gallery_batches",
    "UPDATE gallery_seen SET seq = 0",
)
