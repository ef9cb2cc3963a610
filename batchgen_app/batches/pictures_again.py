"""PicturesAgain: a server that was started anew may have lost the pictures a batch starts from. It
refuses what needs them then, and gets them once more.
"""

from collections.abc import Awaitable, Callable

from batchgen_app.batches.retry import Retry
from batchgen_app.core.errors import Conflict, PromptRefused
from batchgen_app.language.message import joined


class PicturesAgain:
    """For one batch. ``bring`` gives them to the server, and tells whether there are any; raises
    Conflict where they are not here any more either.
    """

    def __init__(self, retry: Retry, bring: Callable[[], Awaitable[bool]]) -> None:
        self._retry = retry
        self._bring = bring

    async def with_them(self, submit: Callable[[], Awaitable[None]]) -> None:
        """Submit, and where that is refused, once more with the pictures. Raises what ``submit``
        does; where they are gone, that is said, too.
        """
        try:
            await submit()
        except PromptRefused as refused:
            if not await self._are_there(refused):
                raise
            await submit()

    async def _are_there(self, refused: PromptRefused) -> bool:
        try:
            return await self._retry.ask(self._bring)
        except Conflict as gone:
            said = joined([gone.message, refused.message])
            raise PromptRefused(said, refused.details) from refused
