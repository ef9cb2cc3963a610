"""The ways in which the gallery is seen."""

from enum import StrEnum


class View(StrEnum):
    """How the gallery is seen: a pile for each batch, every picture by itself,
    or the collections that people have made.
    """

    BATCHES = "batches"
    IMAGES = "images"
    COLLECTIONS = "collections"
