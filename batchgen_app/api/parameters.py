"""What stands behind the "?" of an address. Each kind brings its own words for bad input along."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.language.message import english
from batchgen_app.services.values import GalleryQuery

MOST_BATCHES = 200
MOST_EVENTS = 1000
LARGEST_SEQ = 2**53 - 1

DATE_OR_TIME = "must be a date like 2026-11-22 or a date-time like 2026-11-22T14:15:00Z"


def _refused(words: str) -> PydanticCustomError:
    return PydanticCustomError("bad_parameter", words)


def _whole(name: str, low: int, high: int) -> BeforeValidator:
    def parse(text: object) -> int:
        digits = str(text)
        if digits.isascii() and digits.isdigit() and len(digits) < 17:
            number = int(digits)
            if low <= number <= high:
                return number
        raise _refused(f"{name} must be a whole number from {low} to {high}")

    return BeforeValidator(parse)


def _yes_or_no(text: object) -> bool:
    words = {"true": True, "1": True, "false": False, "0": False}
    if (choice := str(text).lower()) in words:
        return words[choice]
    raise _refused("Favourites must be true or false")


def _moment(name: str, of_a_day: time) -> BeforeValidator:
    """A moment; of a date, the one at ``of_a_day`` in this machine's time zone."""

    def parse(text: object) -> datetime:
        try:
            return _read_moment(str(text), of_a_day)
        except (ValueError, OverflowError):
            raise _refused(f"{name} {DATE_OR_TIME}") from None

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
Limit = Annotated[int, Field(ge=1, le=MOST_BATCHES), _whole("Limit", 1, MOST_BATCHES)]
EventLimit = Annotated[int, Field(ge=1, le=MOST_EVENTS), _whole("Limit", 1, MOST_EVENTS)]
After = Annotated[int, Field(ge=0, le=LARGEST_SEQ), _whole("After", 0, LARGEST_SEQ)]
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
