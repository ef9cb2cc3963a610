"""What a call brings along: who asks, what stands behind the "?" and in its body. Each kind of
parameter brings its own words for bad input along.
"""

import asyncio
import json
import math
import re
from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
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
from batchgen_app.services.values import GalleryQuery

MOST_BATCHES = 200
MOST_EVENTS = 1000
LARGEST_SEQ = 2**53 - 1

DATE_OR_TIME = "must be a date like 2026-11-22 or a date-time like 2026-11-22T14:15:00Z"


def _refused_parameter(words: str) -> PydanticCustomError:
    return PydanticCustomError("bad_parameter", words)


def _whole_number(name: str, low: int, high: int) -> BeforeValidator:
    def parse(text: object) -> int:
        digits = str(text)
        # isdigit alone takes superscripts; 16 digits are more than any of these numbers has.
        if digits.isascii() and digits.isdigit() and len(digits) < 17:
            number = int(digits)
            if low <= number <= high:
                return number
        raise _refused_parameter(f"{name} must be a whole number from {low} to {high}")

    return BeforeValidator(parse)


def _yes_or_no(text: object) -> bool:
    words = {"true": True, "1": True, "false": False, "0": False}
    if (choice := str(text).lower()) in words:
        return words[choice]
    raise _refused_parameter("Favourites must be true or false")


def _moment(name: str, of_a_day: time) -> BeforeValidator:
    """A moment; of a date, the one at ``of_a_day`` in this machine's time zone."""

    def parse(text: object) -> datetime:
        try:
            return _read_moment(str(text), of_a_day)
        except (ValueError, OverflowError):
            raise _refused_parameter(f"{name} {DATE_OR_TIME}") from None

    return BeforeValidator(parse)


def _read_moment(text: str, of_a_day: time) -> datetime:
    if "T" in text:
        # A "+" that was not percent-encoded arrives as a space.
        return datetime.fromisoformat(text.replace(" ", "+")).astimezone(UTC)
    return datetime.combine(date.fromisoformat(text), of_a_day).astimezone(UTC)


_MOMENT = WithJsonSchema(
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
)

ImageNumbers = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[1-9][0-9]*(,[1-9][0-9]*)*$",
            "description": "Which images, like 1,3,4; all finished ones if it is left out",
        }
    ),
]
Limit = Annotated[int, Field(ge=1, le=MOST_BATCHES), _whole_number("Limit", 1, MOST_BATCHES)]
EventLimit = Annotated[int, Field(ge=1, le=MOST_EVENTS), _whole_number("Limit", 1, MOST_EVENTS)]
After = Annotated[int, Field(ge=0, le=LARGEST_SEQ), _whole_number("After", 0, LARGEST_SEQ)]
Favourites = Annotated[
    bool, BeforeValidator(_yes_or_no), Query(description="Only batches with one")
]
Start = Annotated[datetime, _moment("Start date", time.min), _MOMENT]
End = Annotated[datetime, _moment("End date", time.max), _MOMENT]


def _wanted(
    *,
    limit: Limit = 50,
    before: Annotated[str, Query(description="`next` of the page before")] = "",
    q: Annotated[str, Query(description="Part of the prompt")] = "",
    model: str = "",
    start: Annotated[Start | None, Query(alias="from")] = None,
    end: Annotated[End | None, Query(alias="to", description="Included")] = None,
    favourites: Favourites = False,
) -> GalleryQuery:
    if start and end and end <= start:
        raise InvalidRequest.of("to", "wrong_order", english("End date must be after start date"))
    return GalleryQuery(
        limit=limit,
        before=before or None,
        text=q or None,
        model=model or None,
        created_from=start,
        created_to=end,
        favourites=favourites,
    )


Wanted = Annotated[GalleryQuery, Depends(_wanted)]
"""What to look for in the gallery; raises InvalidRequest where the time span is none."""


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
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            if isinstance(file, UploadFile):
                return await file.read()
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
