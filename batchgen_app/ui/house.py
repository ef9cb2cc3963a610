"""House: what every page is handed: the workshop, the news from it, what people prefer."""

from dataclasses import dataclass

from batchgen_app.batches.workshop import Workshop
from batchgen_app.ui.live import News
from batchgen_app.ui.preferences import Preferences


@dataclass(frozen=True)
class House:
    """The workshop, the news that pages subscribe to, and the preferences they follow."""

    workshop: Workshop
    news: News
    preferences: Preferences


def open_house(workshop: Workshop) -> House:
    """Connect the workshop's calls to events that pages can subscribe to."""
    news = News()
    workshop.queue.on_change.append(news.queue_changed.emit)
    workshop.server.on_change.append(news.server_changed.emit)
    return House(workshop, news, Preferences(workshop.settings.data_dir))
