"""DropAnywhere: a file may be dropped anywhere on the page, or pasted."""

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.ui.batch_form import graph_words
from batchgen_app.ui.batch_form.one_file import OneFile
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.toast import toast


class DropAnywhere(ui.element, component=assets_dir() / "drop_anywhere.js"):
    """``take`` gets the name of what was dropped or pasted, and what is in it; of several files,
    the first.
    """

    def __init__(self, take: Callable[[str, bytes], Awaitable[None]]) -> None:
        super().__init__()
        self._file = OneFile(take, toast, wanted=graph_words.WORKFLOW_WANTED)
        self.props["uploader"] = marked(self._file.upload, "drop-upload").id
        self.props["words"] = each(graph_words.DROP)
        self.on("several", self._tell_of_several)
        self.on("busy", lambda: toast(str(graph_words.DROP["busy"])), [])

    def _tell_of_several(self, event: events.GenericEventArguments) -> None:
        toast(graph_words.one_of_several(str(event.args)))
