"""What is to be known about how the app was started, until somebody puts it away."""

from functools import partial

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.language.texts import told
from batchgen_app.ui.frame import words
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import icon_button, marked


def notices(house: House) -> None:
    """Below the navigation, for everybody. What recovery has to tell changes until it is done."""
    place = ui.element("div").classes("bg-banners")

    def show() -> None:
        place.clear()
        with place:
            for text in () if house.notices.are_read else house.queries.notices:
                _notice(house, text)

    show()
    house.notices.changed.subscribe(show)
    house.news.queue_changed.subscribe(show)


def _notice(house: House, text: str) -> None:
    with marked(ui.element("div"), "notice").classes("bg-banner").props("role=status"):
        ui.icon("info").props("aria-hidden=true")
        marked(ui.label(told(text)), "notice-text").classes("bg-banner-text")
        if text == house.queries.recovered:
            marked(ui.link(str(words.SHOW_RECOVERED), _place_of(house)), "show-recovered")
        if house.may(Verb.MAKE):
            put_away = partial(house.notices.put_away, house.caller)
            marked(icon_button("close", str(words.PUT_AWAY), put_away), "put-away")


def _place_of(house: House) -> str:
    """Where to see what is told of: the batch, or all of them."""
    ids = house.queries.recovered_batches
    return f"/batch/{ids[0]}" if len(ids) == 1 else "/gallery"
