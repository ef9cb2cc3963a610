"""A proof: one picture is made again from its own file, and compared with what is stored."""

from typing import Literal

from batchgen_app.core.wire import Said, Wire, left_out


class Difference(Wire):
    """What differs between a picture and its proof, or why nothing can be said, in words. Of pixels
    also ``count`` of ``total``, the ``largest`` step of one channel (of 255), and the ``area`` that
    holds all of them: left, top, width, height.
    """

    about: Literal[
        "pixels",
        "size",
        "format",
        "server",
        "model",
        "nodes",
        "picture",
        "not_decoded",
        "not_made",
        "not_compared",
    ]
    message: Said
    count: int | None = left_out()
    total: int | None = left_out()
    largest: int | None = left_out()
    area: list[int] | None = left_out()


class Proof(Wire):
    """What came of it for the picture ``image`` (an id). Null where it could not be compared: then
    ``differences`` tell why.
    """

    image: str
    identical: bool | None
    differences: tuple[Difference, ...] = ()

    @property
    def was_tried(self) -> bool:
        """Whether it came so far that the pictures were looked at."""
        return not any(told.about in {"not_made", "not_compared"} for told in self.differences)
