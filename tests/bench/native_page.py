"""One page with one button, in the window that NiceGUI opens by itself: to compare with ours."""

import sys

from nicegui import ui


@ui.page("/")
def page() -> None:
    ui.button("Generate").props("data-testid=generate")


ui.run(native=True, reload=False, port=int(sys.argv[1]), title="NiceGUI")
