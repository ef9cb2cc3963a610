"""The frame around every page: navigation, banners, colours, the stylesheet."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from batchgen_app import __version__
from batchgen_app.settings import Appearance
from batchgen_app.ui.frame import words
from batchgen_app.ui.frame.banners import banners
from batchgen_app.ui.frame.keyboard import keyboard
from batchgen_app.ui.frame.locked import locked
from batchgen_app.ui.frame.notices import notices
from batchgen_app.ui.frame.tab_title import TabTitle
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.toast import Messages
from batchgen_app.ui.preferences import Preferences

NAVIGATION = (
    ("nav-generate", words.NAV_GENERATE, "/"),
    ("nav-gallery", words.NAV_GALLERY, "/gallery"),
    ("nav-settings", words.NAV_SETTINGS, "/settings"),
)
IS_DARK: dict[Appearance, bool | None] = {
    Appearance.SYSTEM: None,
    Appearance.DARK: True,
    Appearance.LIGHT: False,
}
BACK = f'<script src="/assets/back.js?v={__version__}"></script>'
EARLY = f'<script src="/assets/early.js?v={__version__}"></script>'
SIGNED_OUT = f'<script src="/assets/signed_out.js?v={__version__}" defer></script>'
BEFORE_FIRST_PAINT = """
<script>
    document.documentElement.classList.toggle("is-dark", DARK);
</script>
"""
DARK_IF = {
    Appearance.SYSTEM: 'matchMedia("(prefers-color-scheme: dark)").matches',
    Appearance.DARK: "true",
    Appearance.LIGHT: "false",
}


@contextmanager
def frame(house: House, here: str) -> Iterator[None]:
    """A page with the navigation above; ``here`` is the address that is marked as current."""
    ui.add_head_html(f'<link rel="stylesheet" href="/assets/style.css?v={__version__}">')
    ui.add_head_html(BACK)
    ui.add_head_html(EARLY)
    ui.colors(primary="var(--accent)")
    if house.caller.session:
        ui.add_head_html(SIGNED_OUT)
    _colours(house.preferences)
    TabTitle(house, _title(here))
    with ui.header().classes("bg-header"):
        _navigation(here)
        keyboard()
    with ui.column().classes("bg-page") as content:
        ui.skip_link(str(words.SKIP), target=content).classes("bg-skip")
        notices(house)
        locked(house)
        banners(house)
        Messages()
        yield


def _title(here: str) -> str:
    names = {target: name for _, name, target in NAVIGATION[1:]}
    return f"{names[here]} · {words.APP}" if here in names else words.APP


def _colours(preferences: Preferences) -> None:
    """As people prefer, from the first paint on, and when they change their mind."""
    appearance = preferences.saved.appearance
    ui.add_head_html(BEFORE_FIRST_PAINT.replace("DARK", DARK_IF[appearance]))
    colours = ui.dark_mode(IS_DARK[appearance])
    preferences.changed.subscribe(
        lambda: colours.set_value(IS_DARK[preferences.saved.appearance]), expect_args=False
    )


def _navigation(here: str) -> None:
    with ui.link(target="/").classes("bg-brand"):
        ui.element("img").props('src=/assets/icon.svg alt="" width=24 height=24')
        ui.label(words.APP)
    with ui.element("nav").classes("bg-nav").props(f'aria-label="{words.PAGES}"'):
        for mark, text, target in NAVIGATION:
            link = ui.link(str(text), target).props(f"data-testid={mark}")
            if target == here:
                link.props("aria-current=page")
