"""The grid of all pictures, of which the browser has only what is in sight:
``assets/image_grid.js``, and its parts in ``assets/image_grid/``. It asks for pictures by itself
(``listing``).
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from nicegui import events, ui

from batchgen_app.adapters.nicegui import addresses_of_modules
from batchgen_app.core.ids import image_id
from batchgen_app.places import assets_dir
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.parts.addresses import at

MOST_NUMBER = 999
"""Of an image in its batch."""


PARTS = {
    "batchgen-downloads": str(assets_dir() / "downloads"),
    "batchgen-files": str(assets_dir() / "files"),
    "batchgen-images": str(assets_dir() / "image_grid"),
}
SOON = '<link rel="modulepreload" href="{}">'
"""Its parts, which the browser would know of only once it has read what imports them."""


class ImageGrid(
    ui.element,
    component=assets_dir() / "image_grid.js",
    esm=PARTS,
):
    """Shows what ``filters`` find. Its events: ``found`` (how many, of how many bytes), and what is
    to be done with pictures, each with their ids: ``mark``, ``unmark``, ``collect``, ``compare``,
    ``delete``, and ``download`` (which also tells of what ``kind``, and whether ``clean``). At most
    ``most`` come onto the light table.
    """

    def __init__(self, filters: Filters, *, most: int, may_delete: bool) -> None:
        super().__init__()
        for address in addresses_of_modules(*PARTS):
            ui.add_head_html(SOON.format(at(address)))
        self.props["words"] = words.grid()
        self.props.update({"most": most, "may-delete": may_delete})
        self.look_for(filters)

    def look_for(self, filters: Filters) -> None:
        """Show what others find."""
        self.props["query"] = filters.parameters

    def on_images(self, event: str, act: Callable[[list[str]], Awaitable[object]]) -> None:
        """Call ``act`` with the ids that come with an event."""
        self.on(event, lambda told: act(unpacked(told.args)))

    def on_open(self, act: Callable[[str, Filters], Awaitable[object]]) -> None:
        """Call ``act`` with the picture that is to be seen in large, and what the grid shows: it
        may look for what is typed sooner than its page knows.
        """

        def told(event: events.GenericEventArguments) -> Awaitable[object]:
            asked = event.args if isinstance(event.args, dict) else {}
            image, query = str(asked.get("id", "")), str(asked.get("query", ""))
            filters = Filters.from_address({**dict(parse_qsl(query)), "view": View.IMAGES})
            return act(image, filters)

        self.on("open", told)

    def changed(self) -> None:
        """Have it look again; what is seen stays where it is."""
        self.run_method("changed")

    def failed(self) -> None:
        """What it shows already has not been done."""
        self.run_method("failed")

    def download(self, address: str) -> None:
        """Have the browser save what is there."""
        self.run_method("save", address)

    def focus_on(self, image: str, place: int) -> None:
        """Where that picture stands; at that place, where it is not found any more."""
        self.run_method("focusOnImage", image, place)


def unpacked(told: Any) -> list[str]:
    """Ids of images, as a browser tells them: one, a list of them, or the numbers of each batch.
    What is none is left out.
    """
    if isinstance(told, str):
        return [told]
    if isinstance(told, list):
        return [one for one in told if isinstance(one, str)]
    numbers = told.items() if isinstance(told, dict) else ()
    return [image_id(batch, index) for batch, all_of_it in numbers for index in _indexes(all_of_it)]


def _indexes(told: Any) -> list[int]:
    listed = told if isinstance(told, list) else []
    return [one for one in listed if isinstance(one, int) and 0 < one <= MOST_NUMBER]
