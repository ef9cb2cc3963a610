"""Previews: the newest frames of the image that is being made, for the browsers that watch it."""

from collections import deque
from dataclasses import dataclass
from itertools import count
from secrets import compare_digest, token_urlsafe

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchgen_app.core.events import PreviewArrived

KEPT = 2
"""The newest frame, and the one that browsers may be asking for."""
HEADERS = {
    "Cache-Control": "private, max-age=600, immutable",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Frame:
    """A frame and its number; numbers only grow."""

    number: int
    shown: PreviewArrived


class Previews:
    """Frames under addresses that cannot be guessed and never mean another picture."""

    def __init__(self) -> None:
        self._secret = token_urlsafe(16)
        self._numbers = count(1)
        self._frames: deque[Frame] = deque(maxlen=KEPT)

    def address(self, frame: PreviewArrived) -> str:
        """Where the browser finds ``frame``; the same for everybody who asks."""
        if not self._frames or self._frames[-1].shown is not frame:
            self._frames.append(Frame(next(self._numbers), frame))
        return f"/previews/{self._secret}/{frame.batch_id}/{self._frames[-1].number}"

    def route(self) -> Route:
        """The addresses. A frame that is gone is answered with the newest of its batch."""
        return Route("/previews/{secret}/{batch_id}/{number:int}", self._answer)

    async def _answer(self, request: Request) -> Response:
        asked = request.path_params
        knows = compare_digest(asked["secret"].encode(), self._secret.encode())
        frame = self._find(asked["batch_id"], asked["number"]) if knows else None
        if frame is None:
            return Response(status_code=404)
        return Response(frame.picture, media_type=frame.content_type, headers=HEADERS)

    def _find(self, batch_id: str, number: int) -> PreviewArrived | None:
        of_batch = [frame for frame in self._frames if frame.shown.batch_id == batch_id]
        exact = [frame for frame in of_batch if frame.number == number]
        found = exact or of_batch[-1:]
        return found[0].shown if found else None
