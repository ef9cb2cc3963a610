"""Keys: a part of a page that can be worked by keyboard alone."""

from nicegui import ui

from batchgen_app.places import assets_dir


class Keys(ui.element, component=assets_dir() / "keys.js"):
    """A box in which a key presses the control that claims it with ``data-key``: ``f``, ``Delete``,
    ``Space``, several with spaces between them. Inside an element with ``data-tile`` controls are
    for that tile; arrows move between the tiles' elements with ``data-focus``. Escape that nobody
    claims comes as the event ``escape``.
    """
