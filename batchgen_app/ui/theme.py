"""The frame around every page: navigation, banners, the stylesheet."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from batchgen_app.ui import words
from batchgen_app.ui.house import House

NAVIGATION = (
    ("nav-generate", words.NAV_GENERATE, "/"),
    ("nav-gallery", words.NAV_GALLERY, "/gallery"),
    ("nav-settings", words.NAV_SETTINGS, "/settings"),
)


@contextmanager
def frame(house: House, here: str) -> Iterator[None]:
    """A page with the navigation above; ``here`` is the address that is marked as current."""
    ui.add_head_html('<link rel="stylesheet" href="/assets/style.css">')
    ui.colors(primary="var(--accent)")
    with ui.header().classes("bg-header"):
        _navigation(here)
    with ui.column().classes("bg-page"):
        _banner(house)
        yield


def _navigation(here: str) -> None:
    ui.link(words.APP, "/").classes("bg-brand")
    with ui.element("nav").classes("bg-nav").props('aria-label="Pages"'):
        for mark, text, target in NAVIGATION:
            link = ui.link(text, target).props(f"data-testid={mark}")
            if target == here:
                link.props("aria-current=page")


def _banner(house: House) -> None:
    """Says which server makes the pictures, where that is worth saying."""
    if house.workshop.is_demo:
        ui.label(words.DEMO_BANNER).classes("bg-banner").props(
            "data-testid=demo-banner role=status"
        )
