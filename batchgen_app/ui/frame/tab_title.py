"""The title of the browser's tab: how far the batch is, also seen from another tab."""

from nicegui import binding, ui

from batchgen_app.core.state import BatchState
from batchgen_app.ui.frame import words
from batchgen_app.ui.house import House


class TabTitle:
    """Follows the running batch as long as its page is open; ``usual`` is for the time between."""

    text = binding.BindableProperty(on_change=lambda title, text: title.show(text))

    def __init__(self, house: House, usual: str) -> None:
        self._client = ui.context.client
        self._queries = house.queries
        self._usual = usual
        self.text = usual
        self.show(usual)
        self._client.on_delete(lambda: binding.remove([self]))
        house.news.queue_changed.subscribe(self._follow)
        self._follow()

    def show(self, text: str) -> None:
        """Put ``text`` into the tab."""
        with self._client:
            ui.page_title(text)

    def _follow(self) -> None:
        binding.remove([self])
        if batch := self._queries.running:
            binding.bind_from(self, "text", batch, "current_image", lambda _: self._of(batch))
        else:
            self.text = self._usual

    def _of(self, batch: BatchState) -> str:
        if batch.current_image is None:
            return self._usual
        with self._client:  # the batch moves on wherever it likes
            return words.tab_progress(batch.current_image, batch.total_images)
