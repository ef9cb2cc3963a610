"""Selection: the images of one batch that are chosen on one page."""

from nicegui import binding

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.state import BatchState


class Selection:
    """``chosen`` are the indexes of images, in order; widgets bind to it."""

    chosen = binding.BindableProperty()

    def __init__(self, batch: BatchState) -> None:
        self._batch = batch
        self.chosen = ()

    @property
    def everything(self) -> tuple[int, ...]:
        """The indexes of all finished images."""
        return tuple(picture.index for picture in self._batch.pictures)

    @property
    def pictures(self) -> list[GeneratedImage]:
        """The chosen images that are there."""
        return [picture for picture in self._batch.pictures if picture.index in self.chosen]

    @property
    def is_everything(self) -> bool:
        """Whether all of them are chosen."""
        return bool(self.chosen) and self.chosen == self.everything

    def choose(self, index: int, *, on: bool) -> None:
        """Take an image in, or out."""
        others = set(self.chosen) - {index}
        self.chosen = tuple(sorted(others | {index} if on else others))

    def choose_everything(self, *, on: bool) -> None:
        """Follow the checkbox for all of them, which itself follows what is chosen: it goes out,
        too, when one of them is no longer chosen.
        """
        if on:
            self.chosen = self.everything
        elif self.is_everything:
            self.chosen = ()

    def forget_missing(self) -> None:
        """What is not there any more is not chosen."""
        self.chosen = tuple(picture.index for picture in self.pictures)
