"""In which order the gallery shows batches: in SQL, and the same for batches at hand."""

import unicodedata
from enum import StrEnum

from batchgen_app.core.batch import CompletedBatch


class Order(StrEnum):
    """What decides first; where that is the same, the newer batch comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_IMAGES = "images"
    MODEL = "model"
    PROMPT = "prompt"

    @property
    def sql(self) -> str:
        """For ``ORDER BY``, over ``gallery_batches AS b``."""
        expression, direction = COLUMNS[self]
        first = f"{expression} {direction}"
        return first if expression == ID else f"{first}, {ID} DESC"

    @property
    def after(self) -> str:
        """The condition for what comes after the batch whose id is given for each "?"."""
        expression, direction = COLUMNS[self]
        sign = ">" if direction == "ASC" else "<"
        if expression == ID:
            return f"{ID} {sign} ?"
        there = OF_CURSOR.format(expression=expression)
        return f"{expression} {sign}= {there} AND ({expression} {sign} {there} OR {ID} < ?)"

    def comes_before(self, one: CompletedBatch, other: CompletedBatch) -> bool:
        """Whether ``one`` stands before ``other``."""
        first, second = self._rank(one), self._rank(other)
        return one.batch_id > other.batch_id if first == second else first < second

    def _rank(self, batch: CompletedBatch) -> tuple[int, str]:
        match self:
            case Order.NEWEST:
                return 0, ""
            case Order.OLDEST:
                return 0, batch.batch_id
            case Order.MOST_IMAGES:
                return -len(batch.images), ""
            case Order.MODEL:
                return 0, batch.parameters.model or ""
            case Order.PROMPT:
                return 0, folded(batch.prompt)


ID = "b.batch_id"
OF_CURSOR = "(SELECT {expression} FROM gallery_batches AS b WHERE b.batch_id = ?)"
COLUMNS = {
    Order.NEWEST: (ID, "DESC"),
    Order.OLDEST: (ID, "ASC"),
    Order.MOST_IMAGES: ("b.images", "DESC"),
    Order.MODEL: ("ifnull(b.model, '')", "ASC"),
    Order.PROMPT: ("b.prompt", "ASC"),
}
"""Each has an index, so that a page is read without sorting."""


def folded(text: str) -> str:
    """For comparing without regard to case, in every script, and to how accents are encoded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
