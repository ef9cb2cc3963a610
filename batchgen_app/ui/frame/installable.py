"""What lets a browser keep the app as one of its own: on the home screen, in a window without an
address bar, in its own colours.
"""

from nicegui import ui

from batchgen_app.settings import Appearance
from batchgen_app.ui.parts.addresses import asset

# With its session: without one, a browser on another device would be given none.
MANIFEST = '<link rel="manifest" crossorigin="use-credentials" href="{address}">'
TOUCH_ICON = '<link rel="apple-touch-icon" href="{address}">'
DARK, LIGHT = "#171a21", "#ffffff"
"""Of the bar at the top (``--surface``), which goes on into that of the system."""
SCHEMES = {
    Appearance.SYSTEM: {"dark": DARK, "light": LIGHT},
    Appearance.DARK: {"dark": DARK, "light": DARK},
    Appearance.LIGHT: {"dark": LIGHT, "light": LIGHT},
}


def installable(appearance: Appearance) -> None:
    """For this page."""
    ui.add_head_html(MANIFEST.format(address=asset("manifest.webmanifest")))
    ui.add_head_html(TOUCH_ICON.format(address=asset("icon-maskable.png")))
    for scheme, colour in SCHEMES[appearance].items():
        ui.add_head_html(
            f'<meta name="theme-color" media="(prefers-color-scheme: {scheme})" content="{colour}">'
        )
