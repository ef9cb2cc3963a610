"""Every error in one shape: ``{"error": {"code", "message", "field"?, "details"?}}``."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from batchgen_app.api.schemas import ErrorAnswer, ErrorBody
from batchgen_app.core.errors import (
    BatchGenError,
    Conflict,
    DatabaseDamaged,
    Forbidden,
    ImageError,
    InUse,
    InvalidRequest,
    NotFound,
    Problem,
    ServerError,
    ServerUnreachable,
    StorageError,
)

CANNOT_CONNECT = "Cannot connect to server"
MISTAKE = "BatchGen made a mistake. What went wrong stands in its log."
NOTHING_HERE = "There is nothing at this address."

KINDS: tuple[tuple[type[BatchGenError], int, str], ...] = (
    (NotFound, 404, "not_found"),
    (Forbidden, 403, "forbidden"),
    (Conflict, 409, "conflict"),
    (ServerError, 503, "server_error"),
    (ImageError, 404, "broken_picture"),
    (InUse, 500, "in_use"),
    (DatabaseDamaged, 503, "database_damaged"),
    (StorageError, 500, "storage_error"),
    (BatchGenError, 500, "error"),
)
CODES = {400: "bad_request", 413: "too_large", 415: "not_json", 416: "bad_range"}
MEANINGS = {
    400: "Bad input: the message says what to change",
    404: "No such batch or image, or its file is gone",
    409: "Not now: it still runs, or nothing is missing",
    413: "The request is too large",
    415: "The body does not say that it is JSON",
    416: "The file does not reach that far",
    500: "A fault of the disk or of BatchGen",
    503: "The ComfyUI server does not answer, or a damaged database is not mended yet",
}

ALWAYS_POSSIBLE = (500, 503)
"""Statuses that any call may end with."""

Responses = dict[int | str, dict[str, Any]]


def failing(*statuses: int) -> Responses:
    """The OpenAPI description of a call's errors."""
    return {status: {"model": ErrorAnswer, "description": MEANINGS[status]} for status in statuses}


def answer_errors(api: FastAPI) -> None:
    """Every error of ``api`` in the one shape."""
    for kind, handler in (
        (BatchGenError, _known),
        (HTTPException, _of_http),
        (RequestValidationError, _of_parameters),
        (Exception, _mistake),
    ):
        api.add_exception_handler(kind, handler)


async def _known(_: Request, error: Exception) -> Response:
    match error:
        case InvalidRequest():
            return _refused(error.problems)
        case ServerUnreachable():
            where = {"address": error.address, "hint": str(error)}
            return _reply(503, "server_unreachable", CANNOT_CONNECT, details=where)
    status, code = next((status, code) for kind, status, code in KINDS if isinstance(error, kind))
    return _reply(status, code, str(error))


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    match error.status_code:
        case 404:
            return _reply(404, "not_found", NOTHING_HERE)
        case 405:
            allowed = ", ".join(_allowed(request))
            message = f"{request.method} is not possible here, only {allowed}."
            return _reply(405, "method_not_allowed", message, {"Allow": allowed})
    code = CODES.get(error.status_code, "refused")
    return _reply(error.status_code, code, error.detail, error.headers)


async def _of_parameters(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _refused([_problem(fault) for fault in error.errors()])


async def _mistake(_: Request, __: Exception) -> Response:
    """The server logs the exception itself: it is raised again behind the answer."""
    return _reply(500, "mistake", MISTAKE)


def _problem(fault: dict[str, Any]) -> Problem:
    """Each parameter brings its own words along, see ``requests.py``."""
    field = str(fault["loc"][-1])
    return Problem(field, f"bad_{field}", fault["msg"])


def _refused(problems: Sequence[Problem]) -> Response:
    first = problems[0]
    details = [*map(_described, problems)] if len(problems) > 1 else first.details or None
    return _reply(400, first.code, first.message, field=first.field or None, details=details)


def _described(problem: Problem) -> dict[str, object]:
    return {name: value for name, value in vars(problem).items() if name != "details" or value}


def _reply(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    *,
    field: str | None = None,
    details: Any = None,
) -> Response:
    answer = ErrorAnswer(error=ErrorBody(code=code, message=message, field=field, details=details))
    text = answer.model_dump_json(by_alias=True, exclude_none=True)
    return Response(text, status, headers, "application/json")


def _allowed(request: Request) -> list[str]:
    """Every method that this address has, of whichever route."""
    routes: list[Route] = request.app.state.routes
    here = (route for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for route in here for method in route.methods or ()})
