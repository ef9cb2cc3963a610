"""PageContext: what every page is handed."""

from dataclasses import dataclass, replace
from typing import Self

from nicegui import Event

from batchgen_app.access import Caller, Verb
from batchgen_app.access.callers import NOBODY
from batchgen_app.services import (
    Administration,
    Commands,
    Preferences,
    Queries,
    Services,
    Sharing,
)
from batchgen_app.ui.live import News, Previews
from batchgen_app.ui.parts.awaited import Awaited
from batchgen_app.ui.parts.chosen import Chosen


class Notices:
    """What is to be known about this start, until somebody puts it away."""

    def __init__(self) -> None:
        self.changed: Event[()] = Event()
        self.are_read = False

    def put_away(self, caller: Caller) -> None:
        """Somebody has read them."""
        caller.require(Verb.MAKE)
        self.are_read = True
        self.changed.emit()


@dataclass(frozen=True)
class PageContext:
    """The app as it is seen from a page, the news that pages subscribe to, whether the notices of
    this start were read, the preferences that pages follow, the frames of the image that is being
    made, what was chosen to be taken along, which proofs are awaited, and who looks at this page.
    """

    services: Services
    administration: Administration
    sharing: Sharing
    news: News
    notices: Notices
    preferences: Preferences
    previews: Previews
    chosen: Chosen
    awaited: Awaited
    caller: Caller = NOBODY

    def seen_by(self, caller: Caller) -> Self:
        """The context for a page of ``caller``."""
        return replace(self, caller=caller)

    @property
    def queries(self) -> Queries:
        """What this page may ask."""
        return self.services.queries(self.caller)

    @property
    def commands(self) -> Commands:
        """What can be done, for whoever may."""
        return self.services.commands

    def may(self, verb: Verb) -> bool:
        """Whether to offer it on this page."""
        return self.caller.may(verb)


def open_pages(
    services: Services, administration: Administration, sharing: Sharing, preferences: Preferences
) -> PageContext:
    """Connect the app's signals to events that pages can subscribe to."""
    news, changes = News(), services.changes
    changes.queue.subscribe(news.queue_changed.emit)
    changes.server.subscribe(news.server_changed.emit)
    changes.lockout.subscribe(news.database_changed.emit)
    changes.edited.subscribe(news.batch_edited.emit)
    changes.trash_emptied.subscribe(news.trash_emptied.emit)
    changes.styles.subscribe(news.styles_changed.emit)
    changes.survey.subscribe(news.survey_changed.emit)
    changes.moving.subscribe(news.moving_changed.emit)
    sharing.changed.subscribe(news.access_changed.emit)
    preferences.changed.subscribe(news.preferences_changed.emit)
    return PageContext(
        services,
        administration,
        sharing,
        news,
        Notices(),
        preferences,
        Previews(),
        Chosen(),
        Awaited(),
    )
