"""A button that shows that what it was clicked for is under way."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui


@contextmanager
def busy(button: ui.button) -> Iterator[None]:
    """As long as the context lasts, or until the button is gone."""
    button.props("loading")
    try:
        yield
    finally:
        if not button.is_deleted:
            button.props(remove="loading")
