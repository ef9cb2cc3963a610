"""Origin: which batch the form was begun from, by its settings or one of its pictures."""

from collections.abc import Collection

from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.request import BasedOn, How
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import Queries

NAME = "basedOn"


class Origin:
    """``kept`` is the id of the batch whose settings fill the form, as the browser keeps it; empty
    where there is none, or as soon as what was begun from it is sent.
    """

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self.kept = ""

    async def restore(self, kept: object) -> None:
        """What the browser kept, unless the batch is gone meanwhile."""
        self.kept = ""
        if isinstance(kept, str) and kept and await self._is_known(kept):
            self.kept = kept

    async def _is_known(self, batch_id: str) -> bool:
        try:
            await self._queries.batch(batch_id)
        except BatchGenError:
            return False
        return True

    def asked(self, pictures: Collection[str]) -> JsonObject:
        """What the request says of it; ``pictures`` are the ids of those that it starts from."""
        if self.kept:
            return _said(self.kept, "changed")
        made = filter(None, map(split_image_id, pictures))
        return next((_said(batch_id, "picture") for batch_id, _ in made), {})


def _said(batch_id: str, how: How) -> JsonObject:
    return {NAME: BasedOn(batch_id=batch_id, how=how).to_json()}
