"""``python -m tests.bench.bare_page``: the least that NiceGUI can do, measured beside the app.

Its page changes a number ten times a second and its picture every second, and has a button whose
text the server changes. What is told carries the time at which it was told, in seconds since 1970.
Prints its address when it serves, and runs until SIGTERM.
"""

import asyncio
import io
import socket
import sys
import time
from itertools import count

import uvicorn
from fastapi import FastAPI, Response
from nicegui import app, binding, ui
from PIL import Image

EVERY = 0.1
NUMBERS_PER_PICTURE = 10
SIDE = 512


@binding.bindable_dataclass
class Told:
    """What is shown on every page."""

    number: str = ""
    picture: str = ""


def _add_page(told: Told) -> None:
    @ui.page("/")
    def page() -> None:
        shown = ui.element("div").props("data-testid=step-progress")
        binding.bind_from(shown, ("props", "aria-valuenow"), told, "number")
        with ui.element("div").props("data-testid=thumbnail"):
            picture = ui.element("img").style("width: 96px")
            binding.bind_from(picture, ("props", "src"), told, "picture")
        clicks = count(1)
        pressed = ui.button("0").props("data-testid=generate")
        pressed.on_click(lambda: pressed.set_text(str(next(clicks))))


def _add_picture() -> None:
    file = io.BytesIO()
    Image.effect_noise((SIDE, SIDE), 20).convert("RGB").save(file, "WEBP", quality=80)

    @app.get("/picture/{moment}")
    def picture(moment: str) -> Response:
        return Response(file.getvalue(), media_type="image/webp")


async def _tell(told: Told) -> None:
    for tick in count():
        await asyncio.sleep(EVERY)
        told.number = str(time.time())
        if tick % NUMBERS_PER_PICTURE == 0:
            told.picture = f"/picture/{time.time()}"


async def main() -> None:
    """Serve and tell."""
    web, told = FastAPI(), Told()
    _add_page(told)
    _add_picture()
    ui.run_with(web, binding_refresh_interval=None, show_welcome_message=False)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        telling = asyncio.create_task(_tell(told))
        await uvicorn.Server(uvicorn.Config(web, log_level="warning")).serve([listening])
        telling.cancel()


if __name__ == "__main__":
    asyncio.run(main())
