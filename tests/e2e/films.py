"""Films that every Chromium plays: it has recorded them itself."""

import base64

from playwright.sync_api import Browser

RECORD = """async ([kind, width, height, frames]) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: kind });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const ended = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let frame = 0; frame < frames; frame++) {
        pen.fillStyle = `hsl(${frame * 18} 80% 50%)`;
        pen.fillRect(0, 0, width, height);
        await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
}"""


def recorded(
    browser: Browser,
    kind: str = "video/webm",
    size: tuple[int, int] = (160, 120),
    frames: int = 20,
) -> bytes:
    """A film of so many frames, each in a colour of its own; ``kind`` is its media type."""
    page = browser.new_page()
    told = page.evaluate(RECORD, [kind, *size, frames])
    page.close()
    return base64.b64decode(told)
