"""What every page says while another program keeps the database locked."""

from nicegui import ui

from batchgen_app.language.texts import told
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import marked


def locked(house: House) -> None:
    """Below the navigation, for everybody; it comes and goes by itself."""
    place, queries = ui.element("div").classes("bg-banners"), house.queries

    def show() -> None:
        place.clear()
        if told_of := queries.lockout:
            with place:
                _banner(told_of)

    show()
    house.news.database_changed.subscribe(show)


def _banner(text: str) -> None:
    with ui.element("div").classes("bg-banner bg-bad").props("role=alert"):
        ui.icon("lock").props("aria-hidden=true")
        marked(ui.label(told(text)).classes("bg-banner-text"), "database-locked")
