"""What a call brings along: who asks, and what stands in its body."""

import asyncio
import json
import math
import re
from collections import Counter
from typing import Annotated, Any, NoReturn

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from batchgen_app.access import Caller, caller_of
from batchgen_app.access.request_limits import media_type
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.limits import MAX_GRAPH_NODES, MAX_GRAPH_VALUES
from batchgen_app.core.wire import JsonObject, has_too_many_values
from batchgen_app.language.message import english
from batchgen_app.services import Commands, Queries, Services

MOST_MEGABYTES = 16
"""Of a body; workflows with pictures in them are large."""
MOST_DIGITS = 300
"""Of a whole number: what floating point holds, and far more than any seed."""
HALF_CHARACTERS = (b"\\ud", b"\\uD")
"""How half characters (lone surrogates) begin in JSON, and few others; UTF-8 has none."""
TOO_LARGE = "a number is too large"
TOO_MANY = (
    f"The request holds more than {MAX_GRAPH_VALUES} values; a workflow of {MAX_GRAPH_NODES} "
    "nodes, the largest that is taken, has fewer. Split the workflow."
)
JSON = re.compile(r"application/([\w.+-]+\+)?json")
NO_FILE = english("Send the file as the form field “file”.")
NOT_JSON = "The input must be JSON and say so: send it with “Content-Type: application/json”."


def _queries(request: Request) -> Queries:
    services: Services = request.app.state.services
    return services.queries(caller_of(request.scope))


def _commands(request: Request) -> Commands:
    services: Services = request.app.state.services
    return services.commands


async def _body(request: Request) -> JsonObject:
    return await asyncio.to_thread(read_object, await body_of(request))


async def body_of(request: Request) -> bytes:
    """What is sent as JSON, unread. Raises HTTPException."""
    _check_kind(media_type(request.headers))
    return await _bytes(request)


def _caller(request: Request) -> Caller:
    return caller_of(request.scope)


Asker = Annotated[Caller, Depends(_caller)]
Ask = Annotated[Queries, Depends(_queries)]
Do = Annotated[Commands, Depends(_commands)]
Body = Annotated[JsonObject, Depends(_body)]


def takes(schema: JsonObject) -> JsonObject:
    """The OpenAPI description of a call's body, which is read by ``Body``."""
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def _check_kind(announced: str) -> None:
    """What calls itself otherwise may come from a form on anybody's page (Fetch Standard, "CORS-
    safelisted request-header"). Raises HTTPException.
    """
    if not JSON.fullmatch(announced):
        raise HTTPException(415, NOT_JSON)


FORM_WITH_FILE: JsonObject = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    }
}
"""The OpenAPI description of a form that ``file_of`` reads."""


async def file_of(request: Request) -> bytes:
    """The form field ``file``. Raises InvalidRequest where there is none."""
    _, content, _ = await form_of(request)
    return content


async def form_of(request: Request) -> tuple[str, bytes, dict[str, str]]:
    """The name and content of the form field ``file``, and one other field. Raises InvalidRequest
    where there is no file.
    """
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            others = {name: text for name, text in form.items() if isinstance(text, str)}
            if isinstance(file, UploadFile):
                return file.filename or "", await file.read(), others
    except (HTTPException, MultiPartException) as error:
        raise InvalidRequest.of("file", "no_file", NO_FILE) from error
    raise InvalidRequest.of("file", "no_file", NO_FILE)


async def _bytes(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_MEGABYTES * 1_000_000:
                raise HTTPException(413, f"More than {MOST_MEGABYTES} MB are too much.")
    except ClientDisconnect as error:
        raise HTTPException(400, "The body ended too early.") from error
    return bytes(body)


def read_object(body: bytes) -> JsonObject:
    """The JSON object in ``body``. Stricter than most readers: what two of them would read
    differently is refused, as is what cannot be stored. Raises InvalidRequest.
    """
    try:
        if has_too_many_values(body, MAX_GRAPH_VALUES):
            raise InvalidRequest.of("workflow", "too_large", english(TOO_MANY))
        value = _strictly(body)
    except (ValueError, RecursionError) as error:
        raise _refused_body(f": {_in_words(error)}") from error
    if not isinstance(value, dict):
        raise _refused_body("")
    return value


def _strictly(body: bytes) -> object:
    value: object = json.loads(
        body.decode(),
        # Of a name that is there twice, some readers take the first value and others the last.
        object_pairs_hook=_each_name_once,
        parse_constant=_no_number,
        parse_float=_finite,
        parse_int=_whole,
    )
    if any(half in body for half in HALF_CHARACTERS):
        json.dumps(value, ensure_ascii=False).encode()  # fails where one is left alone
    return value


def _refused_body(why: str) -> InvalidRequest:
    return InvalidRequest.of("", "not_an_object", english(f"The input must be a JSON object{why}"))


def _in_words(error: ValueError | RecursionError) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} (line {error.lineno}, column {error.colno})"
        case RecursionError():
            return "it is nested too deeply"
        case UnicodeError():
            return "it is not UTF-8"
    return str(error)


def _each_name_once(pairs: list[tuple[str, Any]]) -> JsonObject:
    members = dict(pairs)
    if len(members) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = next(name for name, times in counted.items() if times > 1)
        raise ValueError(f"{twice!a} is there twice")
    return members


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(TOO_LARGE)
    return number


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(TOO_LARGE)
    return int(digits)
