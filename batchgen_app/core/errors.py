"""Everything that can go wrong, as one tree. Each message is written for the person at the screen.

::

    BatchGenError
    ├── InvalidRequest        bad input; carries one Problem per field       CLI exit 2, HTTP 400
    ├── NotFound              no such batch or image                         HTTP 404
    ├── Forbidden             not with this role: view only                  HTTP 403
    │   └── SignedOut             not any more                               HTTP 403
    ├── Conflict              not now: still running, nothing is missing     HTTP 409
    ├── ServerError           the ComfyUI server
    │   ├── ServerUnreachable     no answer at all                           CLI exit 3, HTTP 503
    │   │   └── ServerBusy            it takes nothing more for now          CLI exit 3, HTTP 503
    │   ├── ServerFault           5xx, or an answer that makes no sense
    │   └── PromptRefused         the server's validation said no
    ├── ImageError            one image failed; the batch goes on
    │   ├── ExecutionFailed       a node raised an error
    │   ├── GenerationTimedOut    no progress for too long
    │   ├── PictureMissing        done, but the file cannot be had
    │   └── PictureBroken         the file is not a whole picture
    ├── StorageError          the disk or the database; the batch stops, finished images stay
    │   ├── DiskTrouble           full, read-only, gone: a person can mend it; waited for
    │   │   └── InUse                 another program keeps it locked
    │   └── DatabaseDamaged       its content makes no sense; the folders bring it back
    └── AlreadyRunning        another copy of the app has this data folder

A wrong call from our own code is a ``LifecycleError`` (a RuntimeError), outside the tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from batchgen_app.language.message import Message, english, joined, later


class BatchGenError(Exception):
    """Base of all that a user can meet; ``str(error)`` is the text to show."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> Message:
        return self.message


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input: the field (camelCase, dotted), a stable code, a message;
    ``details`` are for programs.
    """

    field: str
    code: str
    message: Message
    details: Mapping[str, object] = dataclass_field(default_factory=dict, compare=False)


class InvalidRequest(BatchGenError):
    """The input breaks a limit; ``problems`` says which, field by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(joined((problem.message for problem in self.problems), "\n"))

    @classmethod
    def of(cls, field: str, code: str, message: Message) -> "InvalidRequest":
        """The common case: one problem."""
        return cls([Problem(field, code, message)])


class NotFound(BatchGenError):
    """There is no batch or image with that id."""


class Forbidden(BatchGenError):
    """Whoever asks may not do this."""


class SignedOut(Forbidden):
    """Whoever asks was let in, and is out now."""


class Conflict(BatchGenError):
    """The batch is not in a state in which this can be done."""


class ServerError(BatchGenError):
    """Something about the ComfyUI server."""


class ServerUnreachable(ServerError):
    """No answer from the server. The first words are the specification's; ``advice`` follows them
    where more is known than that.
    """

    def __init__(self, address: str, reason: str = "", advice: str = "") -> None:
        self.address = address
        self.reason = reason
        self.advice = advice or later(
            "Is ComfyUI running at {address}? Start it or change the address, then try again.",
            address=address,
        )
        super().__init__(later("Cannot connect to server. {advice}", advice=self.advice))


class ServerBusy(ServerUnreachable):
    """The server is there, and takes nothing more at the moment: as long as it takes, it is waited
    for.
    """

    def __init__(self, address: str, why: Message) -> None:
        super().__init__(address, why)
        self.message = why
        self.args = (why,)


class ServerFault(ServerError):
    """The server answered with 5xx, or with something that is not the protocol."""


class PromptRefused(ServerError):
    """The server's validation refused a workflow; ``details`` keeps its whole answer."""

    def __init__(self, message: Message, details: object = None) -> None:
        self.details = details
        super().__init__(message)


class ImageError(BatchGenError):
    """One image failed; the message says why."""


class ExecutionFailed(ImageError):
    """A node raised an error on the server; ``details`` keeps traceback and inputs."""

    def __init__(self, message: Message, details: object = None) -> None:
        self.details = details
        super().__init__(message)


class GenerationTimedOut(ImageError):
    """The server made no progress for too long."""

    def __init__(self) -> None:
        super().__init__(later("Generation timed out. Check server logs."))


class PictureMissing(ImageError):
    """The server says that it is done, but the file cannot be fetched."""


class PictureBroken(ImageError):
    """What the server sent is not a whole picture."""


class StorageError(BatchGenError):
    """The disk or the database refused; nothing finished is lost."""


class DiskTrouble(StorageError):
    """The disk is full, read-only or gone, or the file is in use: that may pass."""


class InUse(DiskTrouble):
    """Another program keeps the file or the database to itself."""


class DatabaseDamaged(StorageError):
    """The database is not one, or not a whole one."""


class AlreadyRunning(BatchGenError):
    """Another copy of the app has the data folder; ``address`` is its page, if it told."""

    def __init__(self, data_dir: object, address: str | None) -> None:
        self.address = address
        where = "Open it there." if address else "Wait a moment, or close it, then try again."
        super().__init__(english(f"BatchGen is already running with {data_dir}. {where}"))


class LifecycleError(RuntimeError):
    """An event that the table of transitions does not allow here: a mistake in our own code."""
