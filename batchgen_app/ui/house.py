"""House: what every page is handed."""

from dataclasses import dataclass

from batchgen_app.batches.workshop import Workshop
from batchgen_app.ui.live import News
from batchgen_app.ui.preferences import Preferences
from batchgen_app.ui.previews import Previews


@dataclass(frozen=True)
class House:
    """The workshop, the news that pages subscribe to, the preferences they follow, and the frames
    of the image that is being made.
    """

    workshop: Workshop
    news: News
    preferences: Preferences
    previews: Previews


def open_house(workshop: Workshop) -> House:
    """Connect the workshop's calls to events that pages can subscribe to."""
    news = News()
    workshop.queue.on_change.append(news.queue_changed.emit)
    workshop.server.on_change.append(news.server_changed.emit)
    return House(workshop, news, Preferences(workshop.settings.data_dir), Previews())
