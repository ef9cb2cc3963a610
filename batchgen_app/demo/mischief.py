"""Faults that hit the whole server, whatever is asked."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from batchgen_app.demo.faults import AnswerSlowly, BreakAnswers, FaultPlan, RefuseSockets


class Mischief:
    """Stands before everything else; without such faults nobody notices."""

    def __init__(self, app: ASGIApp, faults: FaultPlan) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            refused = self._faults.find(RefuseSockets)
            await (WebSocketClose() if refused else self._app)(scope, receive, send)
        else:
            broken = await self._strike(scope["path"])
            await (broken or self._app)(scope, receive, send)

    async def _strike(self, path: str) -> Response | None:
        slow = self._faults.find(AnswerSlowly)
        if slow and path.startswith(slow.path):
            await self._faults.delay(slow.seconds)
        broken = self._faults.find(BreakAnswers)
        hit = broken is not None and path.startswith(broken.path)
        return Response("Out of order", broken.status) if broken and hit else None
