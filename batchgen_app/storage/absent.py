"""Batches that the database knows, and whose folders are not where pictures are kept: the folder
was moved, its drive is not connected, or the database belongs to other pictures.
"""

from collections.abc import Collection
from pathlib import Path

from batchgen_app.language.message import Message, later


def told_of_absent(known: Collection[str], there: Collection[str], folder: Path) -> str:
    """For a person, where of the batches that are ``known`` to have pictures not all are ``there``;
    empty if they are.
    """
    absent = set(known) - set(there)
    if not absent:
        return ""
    about = {"count": len(absent), "total": len(known), "folder": folder}
    if len(absent) == len(known):
        return later(
            "The pictures of this gallery are not in {folder}: not one of the {total} batches that "
            "the database knows has its folder there. Connect the drive that they lie on, or "
            "choose their folder in the settings, and start BatchGen again. Nothing is forgotten "
            "meanwhile.",
            **about,
        )
    return later(
        "Of {total} batches, {count} have no folder in {folder}, so their pictures cannot be "
        "shown. Bring those folders back, or delete these batches in the gallery if they are not "
        "wanted any more. Nothing is forgotten meanwhile.",
        **about,
    )


def folder_missing(batch_id: str, folder: Path) -> Message:
    """The same of one batch."""
    return later(
        "The folder of batch {id} is not in {folder}, so its pictures cannot be shown. Connect the "
        "drive that it lies on, or bring the folder back. Nothing is forgotten meanwhile.",
        id=batch_id,
        folder=folder,
    )
