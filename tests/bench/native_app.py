"""BatchGen in the window that NiceGUI opens by itself (``native=True``): to compare with ours."""

import asyncio
import sys

from nicegui.native.native_mode import activate

from batchgen_app.settings import load_settings
from batchgen_app.web import serve


def main(port: int) -> None:
    """As ``ui.run`` does it: NiceGUI's window waits in its own process until the port is open."""
    activate("http", "127.0.0.1", port, "BatchGen", 1280, 860, fullscreen=False, frameless=False)
    settings = load_settings(demo=True)
    asyncio.run(serve(settings, "127.0.0.1", [port], announce=print, tell=print, on_end=int))


if __name__ == "__main__":
    main(int(sys.argv[1]))
