"""The grid of tiles, which fits them on the screen, and the buttons for larger and smaller ones."""

from nicegui import ui

from batchgen_app.places import assets_dir
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.parts.controls import icon_button, marked

RESIZE = '() => dispatchEvent(new CustomEvent("tile-size", {{ detail: {by} }}))'


class FittingGrid(ui.element, component=assets_dir() / "fitting_grid.js"):
    """As many columns, and tiles as high, as the browser finds best for pictures of this ``ratio``,
    width by height. What ``data-columns`` proposes becomes what there really are.
    """

    def __init__(self, ratio: float) -> None:
        super().__init__()
        self.props["ratio"] = ratio
        marked(self, "comparison-grid").classes("bg-grid")


def size_buttons() -> None:
    """For the tiles of the grid on this page, in the browser alone, which remembers it."""
    with ui.element("div").classes("bg-sizes"):
        _size_button("remove", str(words.SIZE_LESS), "size-less", keys="-", by=-1)
        _size_button("add", str(words.SIZE_MORE), "size-more", keys="+ =", by=1)


def _size_button(icon: str, name: str, mark: str, *, keys: str, by: int) -> None:
    made = marked(icon_button(icon, name), mark)
    made.props.update({"data-key": keys, "title": common.with_key(name, keys[0])})
    made.on("click", js_handler=RESIZE.format(by=by))
