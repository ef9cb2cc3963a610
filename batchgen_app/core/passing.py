"""What is shown and forgotten: steps, previews, trouble of the server. Never logged."""

from dataclasses import dataclass, field

from batchgen_app.core.batch import Activity
from batchgen_app.core.wire import Said


@dataclass(frozen=True)
class Passing:
    """Shown and forgotten; never logged. ``at`` is in seconds of a steady clock of this run."""

    batch_id: str
    at: float = field(default=0.0, kw_only=True)


@dataclass(frozen=True)
class StepDone(Passing):
    """The server finished sampling step ``step`` of ``steps`` of image ``index``."""

    index: int
    step: int
    steps: int


@dataclass(frozen=True)
class TimePassed(Passing):
    """Nothing else happened; what takes longer than it should is noticed by this."""


@dataclass(frozen=True)
class NodeBegun(Passing):
    """The server has come to a node of image ``index``; or it is being sent there, or was: None."""

    index: int
    activity: Activity | None


@dataclass(frozen=True)
class PlaceChanged(Passing):
    """``ahead`` prompts of others run or wait on the server before image ``index``; None once it
    has begun.
    """

    index: int
    ahead: int | None


@dataclass(frozen=True)
class PreviewArrived(Passing):
    """A frame of image ``index`` while it is sampled; JPEG or PNG bytes."""

    index: int
    picture: bytes
    content_type: str


@dataclass(frozen=True)
class TurnAwaited(Passing):
    """What the batch waits for before its turn; None where that need not be said."""

    why: Said | None


@dataclass(frozen=True)
class ServerTroubled(Passing):
    """The server does not answer (``message``), or does so again (None)."""

    message: Said | None
