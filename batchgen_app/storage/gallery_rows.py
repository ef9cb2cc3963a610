"""The rows of the gallery: what is written of a batch, and how it is read back.

A workflow that people gave is stored once, however many batches use it, and written with the first
event of a batch only: what changes later does not touch it.
"""

import asyncio
import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import aiosqlite

from batchgen_app.core.batch import CompletedBatch, Parameters
from batchgen_app.core.report import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import Graph
from batchgen_app.storage.database import Row
from batchgen_app.storage.gallery_query import folded, sortable
from batchgen_app.storage.schema import sealed


async def write(connection: aiosqlite.Connection, batch: BatchState) -> None:
    """Everything that is shown of ``batch``, in place of what was shown before."""
    # Before the rows are forgotten, one of which knows it.
    workflow = await _workflow_of(connection, batch)
    for statement in FORGET_BATCH:
        await connection.execute_fetchall(statement, (batch.batch_id,))
    await connection.execute_fetchall(WRITE_BATCH, sealed(_batch_row(batch)))
    row = (batch.batch_id, _summary(batch), workflow)
    await connection.execute_fetchall(WRITE_SUMMARY, sealed(row))
    await connection.executemany(WRITE_IMAGE, [sealed(row) for row in _image_rows(batch)])


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


async def _workflow_of(connection: aiosqlite.Connection, batch: BatchState) -> str | None:
    """The digest under which the workflow of a batch is stored; None if nobody gave one."""
    known = list(await connection.execute_fetchall(WORKFLOW_OF, (batch.batch_id,)))
    if known or batch.request.workflow is None:
        return known[0][0] if known else None
    digest, graph = await asyncio.to_thread(_written, batch.request.workflow)
    await connection.execute_fetchall(WRITE_WORKFLOW, sealed((digest, graph)))
    return digest


def _written(graph: Graph) -> tuple[str, str]:
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest(), text


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
        folded(batch.request.prompt),
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
WRITE_BATCH = "INSERT INTO gallery_batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
WORKFLOW_OF = "SELECT workflow FROM gallery_summaries WHERE batch_id = ?"
WRITE_WORKFLOW = "INSERT OR IGNORE INTO gallery_workflows VALUES (?, ?, ?)"
WRITE_SUMMARY = """
    INSERT INTO gallery_summaries (batch_id, summary, workflow, checksum) VALUES (?, ?, ?, ?)
"""
WRITE_IMAGE = "INSERT INTO gallery_images VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
CLEAR = (
    "DELETE FROM gallery_images",
    "DELETE FROM gallery_summaries",
    "DELETE FROM gallery_workflows",
    "DELETE FROM gallery_batches",
    "UPDATE gallery_seen SET seq = 0",
)
