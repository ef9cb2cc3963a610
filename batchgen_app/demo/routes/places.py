"""What a path answers to each method. ComfyUI looks for a file of its page wherever no route of its
own takes a GET: so that is 404, also where only POST is known, and any other method is 405.
"""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchgen_app.demo.routes.replies import Handler, guarded

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
OF_FILES = ("GET", "HEAD")


def place(path: str, *, beside_files: bool = True, **handlers: Handler) -> Route:
    """A path with its handlers by method in small letters; whoever handles GET handles HEAD."""
    known = {method.upper(): guarded(handler) for method, handler in handlers.items()}
    if "GET" in known:
        known["HEAD"] = known["GET"]
    allowed = {*known, *(OF_FILES if beside_files else ())}

    async def answer(request: Request) -> Response:
        handler = known.get(request.method)
        return await handler(request) if handler else _refusal(request.method, allowed)

    return Route(path, answer, methods=METHODS)


def everywhere_else(*, beside_files: bool = True) -> Route:
    """All paths that nothing else takes."""
    return place("/{path:path}", beside_files=beside_files)


def _refusal(method: str, allowed: Collection[str]) -> Response:
    if not allowed:
        return Response("404: Not Found", 404, media_type="text/plain")
    if method in allowed:
        return Response(status_code=404, media_type="application/octet-stream")
    headers = {"allow": ",".join(sorted(allowed))}
    return Response("405: Method Not Allowed", 405, headers, media_type="text/plain")
