"""House: what every page is handed: the workshop, and the news from it."""

from dataclasses import dataclass

from batchgen_app.batches.workshop import Workshop
from batchgen_app.ui.live import News


@dataclass(frozen=True)
class House:
    """The workshop and the news that pages subscribe to."""

    workshop: Workshop
    news: News


def open_house(workshop: Workshop) -> House:
    """Connect the workshop's calls to events that pages can subscribe to."""
    news = News()
    workshop.queue.on_change.append(news.queue_changed.emit)
    workshop.server.on_change.append(news.server_changed.emit)
    return House(workshop, news)
