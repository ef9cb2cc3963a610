"""The files that a prompt has made, as the server gives them away."""

from collections.abc import Mapping

from batchgen_app.comfy.arrival import Arrival, Place
from batchgen_app.comfy.prompt_status import OutputFile
from batchgen_app.comfy.transport import Answer, TooLarge, Transport
from batchgen_app.core.errors import PictureBroken, PictureMissing
from batchgen_app.core.json_values import clipped
from batchgen_app.language.message import later

PICTURE_LIMIT = 256 * 2**20
"""Bytes of a file that is held in the memory; larger ones are written to the disk as they come."""
LONGEST_NAME = 200
LARGER_THAN = later("{name} is larger than {limit} bytes.")
NOT_ANY_MORE = later("The server made {name}, but does not have it any more (status {status}).")


class TooLargeToHold(PictureBroken):
    """The file is fine, and larger than what is taken into the memory."""


class OutputFiles:
    """Those of the server that ``transport`` speaks with; ``arrival`` knows how one comes. Raises
    PictureMissing where the server does not give it, and what ``Transport`` raises.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def read(self, file: OutputFile, limit: int | None, arrival: Arrival) -> bytes:
        """All of it. Raises TooLargeToHold where it is longer than ``limit`` bytes, or than what is
        held at all.
        """
        limit = limit or PICTURE_LIMIT
        try:
            answer = await self._transport.download("/view", _where(file), limit, arrival)
        except TooLarge as error:
            raise TooLargeToHold(later(LARGER_THAN, name=_name(file), limit=limit)) from error
        return self._given(file, answer).body

    async def write(self, place: Place, file: OutputFile, arrival: Arrival) -> None:
        """The same of any length, to its ``place`` as it comes; raises also what that raises."""
        where = _where(file)
        self._given(file, await self._transport.download_into("/view", where, place, arrival))

    def _given(self, file: OutputFile, answer: Answer) -> Answer:
        name = _name(file)
        if answer.status in {400, 403, 404}:
            raise PictureMissing(later(NOT_ANY_MORE, name=name, status=answer.status))
        return self._transport.checked(answer)


def _where(file: OutputFile) -> Mapping[str, str]:
    return {"filename": file.filename, "subfolder": file.subfolder, "type": file.type}


def _name(file: OutputFile) -> str:
    return clipped(file.filename, LONGEST_NAME)
