"""Questions: the one way of all queries into the app."""

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.workshop import Workshop


class Questions:
    """Questions of one caller. Every one raises Forbidden where they may not look, or not any
    more: a page that is still open after its device was signed out learns nothing.
    """

    def __init__(self, workshop: Workshop, caller: Caller) -> None:
        self._workshop = workshop
        self._caller = caller

    @property
    def _app(self) -> Workshop:
        self._caller.require(Verb.LOOK)
        return self._workshop
