"""Downloads without the settings inside: a switch of this device, and what pages do by it."""

from nicegui import events, ui

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.places import assets_dir
from batchgen_app.ui import words
from batchgen_app.ui.parts.device_tick import DeviceTick
from batchgen_app.ui.parts.toast import toast


class CleanDownloads(
    ui.element,
    component=assets_dir() / "clean_downloads.js",
    esm={"batchgen-downloads": str(assets_dir() / "downloads")},
):
    """Once on a page, whose downloads it turns into those of clean copies where that is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.on("refused", self._tell)

    def _tell(self, event: events.GenericEventArguments) -> None:
        name = str(event.args)
        toast(words.no_clean_copy(name) if name else str(words.NO_CLEAN_COPIES))


def may_be_clean(image: GeneratedImage) -> bool:
    """Whether a file of it is of a kind that can be given without its settings."""
    return any(media.ending_of(name) in media.PICTURES for name in image.filenames)


def clean_switch() -> DeviceTick:
    """Whether downloads of this device come without settings."""
    label, hint = str(words.WITHOUT_SETTINGS), str(words.WITHOUT_SETTINGS_HINT)
    return DeviceTick("clean", "without-settings", label, hint)
