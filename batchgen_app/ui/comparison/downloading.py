"""Downloading: the chosen pictures as a ZIP, or as a delivery pack for those without BatchGen."""

from enum import StrEnum
from typing import Any

from nicegui import binding, ui

from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.selection import Selection
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.clean_downloads import may_be_clean
from batchgen_app.ui.parts.controls import bind_prop, button, marked


class Kind(StrEnum):
    """What a download gives."""

    PICTURES = "pictures"
    PACK = "pack"


class KindChoice(
    ui.element,
    component=assets_dir() / "download_kind.js",
    esm={"batchgen-downloads": str(assets_dir() / "downloads")},
):
    """A list beside the button; the device remembers what was chosen."""

    def __init__(self, downloading: "Downloading") -> None:
        super().__init__()
        self.props.update(label=str(words.DOWNLOAD_KIND), choices=each(words.DOWNLOAD_KINDS))
        self.on("choose", lambda event: downloading.choose(event.args))


class Downloading:
    """The button, which says how many pictures it gives and how large they are, and what."""

    kind = binding.BindableProperty()

    def __init__(self, batch: BatchState, selection: Selection) -> None:
        self._batch = batch
        self._selection = selection
        self.kind = Kind.PICTURES

    def choose(self, kind: Any) -> None:
        """From now on, one of ``Kind``; anything else is passed over."""
        if kind in set(Kind):
            self.kind = Kind(kind)

    def button(self) -> ui.button:
        """With its choice behind it."""
        name = str(words.DOWNLOAD_SELECTED)
        with ui.element("div").classes("bg-download"):
            made = button(name, icon="download", key="d").props("download")
            KindChoice(self)
        made.bind_enabled_from(self._selection, "chosen", bool)
        for source, field in ((self._selection, "chosen"), (self, "kind")):
            made.bind_text_from(source, field, lambda _: self._text())
            bind_prop(made, "href", source, (field,), self._address)
        bind_prop(made, "data-clean", self._selection, ("chosen",), self._is_clean)
        return marked(made, "download-selected")

    def _text(self) -> str:
        pictures = self._selection.pictures
        size = sum(picture.all_bytes for picture in pictures)
        said = words.download_pack if self.kind is Kind.PACK else words.download
        return said(len(pictures), size)

    def _address(self) -> str:
        images = ",".join(str(index) for index in self._selection.chosen)
        pack = "&pack=true" if self.kind is Kind.PACK else ""
        return at(f"/api/batches/{self._batch.batch_id}/archive?images={images}{pack}")

    def _is_clean(self) -> str:
        """Whether any of it can be had without its settings, as far as its name says."""
        return str(any(map(may_be_clean, self._selection.pictures))).lower()
