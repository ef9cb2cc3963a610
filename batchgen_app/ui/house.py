"""House: what every page is handed."""

from dataclasses import dataclass, replace
from typing import Self

from nicegui import Event

from batchgen_app.access import Access, Caller, Verb, permitted
from batchgen_app.access.callers import NOBODY
from batchgen_app.access.permitted import asking
from batchgen_app.batches.workshop import Workshop
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.ui.live import News
from batchgen_app.ui.preferences import Preferences
from batchgen_app.ui.previews import Previews

PREFERENCES = {"saved": Verb.LOOK, "changed": Verb.LOOK, "change": Verb.SET}
ALL: dict[str, Verb] = {}
"""All of it is for those who may do everything."""


class Notices:
    """What is to be known about this start, until somebody puts it away."""

    def __init__(self, workshop: Workshop) -> None:
        self.changed: Event[()] = Event()
        self._workshop = workshop
        self._are_read = False

    @property
    def texts(self) -> tuple[str, ...]:
        """As it stands now."""
        return () if self._are_read else self._workshop.notices

    def put_away(self) -> None:
        """Somebody has read them."""
        self._are_read = True
        self.changed.emit()


@dataclass(frozen=True)
class House:
    """The workshop, the news that pages subscribe to, what is to be known about this start, the
    preferences that pages follow, the frames of the image that is being made, who may come in, a
    text for whoever helps, and who looks at this page.
    """

    workshop: Workshop
    news: News
    notices: Notices
    preferences: Preferences
    previews: Previews
    access: Access
    diagnostics: Diagnostics
    caller: Caller = NOBODY

    def seen_by(self, caller: Caller) -> Self:
        """The house as far as ``caller`` may use it; what else a page tries raises Forbidden."""
        return replace(
            self,
            caller=caller,
            workshop=permitted(self.workshop, caller),
            preferences=asking(self.preferences, PREFERENCES, caller),
            access=asking(self.access, ALL, caller),
            diagnostics=asking(self.diagnostics, ALL, caller),
        )

    def may(self, verb: Verb) -> bool:
        """Whether to offer it on this page."""
        return self.caller.may(verb)


def open_house(workshop: Workshop, access: Access, diagnostics: Diagnostics) -> House:
    """Connect the workshop's calls to events that pages can subscribe to."""
    news = News()
    workshop.queue.changed.subscribe(news.queue_changed.emit)
    workshop.server.changed.subscribe(news.server_changed.emit)
    workshop.memory.lockout.changed.subscribe(news.database_changed.emit)
    access.changed.subscribe(news.access_changed.emit)
    workshop.curator.changed.subscribe(news.batch_curated.emit)
    workshop.trash.emptied.subscribe(news.trash_emptied.emit)
    return House(
        workshop,
        news,
        Notices(workshop),
        Preferences(workshop.settings.data_dir),
        Previews(),
        access,
        diagnostics,
    )
