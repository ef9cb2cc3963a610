"""Every text about a picture that is made again, to see whether it comes out the same."""

from batchgen_app.core.proof import Proof
from batchgen_app.core.serializers import proof_of
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.services.values import Relative
from batchgen_app.ui.words import when

PROVE = lazy("Make it again, and compare")
PROVE_HINT = lazy(
    "Runs the graph and the seed that stand in the picture's own file, and compares every pixel"
)
PROOFS = lazy("Made again")
VERDICTS = {
    True: lazy("Identical: every pixel came out as it was."),
    False: lazy("It came out differently."),
    None: lazy("It could not be compared."),
}
SHORT = {True: lazy("identical"), False: lazy("differs"), None: lazy("not compared")}
ICONS = {True: "verified", False: "difference", None: "help_outline"}
UNDER_WAY = lazy("under way")
BEGINS = lazy("It is being made again.")
COMPARES = lazy("It is made. Now every pixel is compared.")
WAITS_FOR_SERVER = lazy("The server does not answer. This goes on by itself when it is back.")
TRY_NOW = lazy("Try now")
STOP = lazy("Cancel")
STOPPING = lazy("Stopping…")
BECAUSE_STOPPED = later("cancelled by hand")
AGAIN = lazy("Try again")
SEE_DIFFERENCE = lazy("See the difference")
SHOW = lazy("Show")
"""Leads to one that has ended."""
SEE_NEW = lazy("Show the new picture")


def verdict(proof: Proof) -> str:
    """In one sentence."""
    return str(VERDICTS[proof.identical])


def waits(batches: int) -> str:
    """As long as others come first."""
    if not batches:
        return _("Waiting for its turn")
    return ngettext(
        "Waiting for its turn, behind {count} batch",
        "Waiting for its turn, behind {count} batches",
        batches,
    )


def progress(batch: BatchState) -> str:
    """How far a batch has come that makes the picture."""
    if batch.server_trouble:
        return str(WAITS_FOR_SERVER)
    if batch.pictures:
        return str(COMPARES)
    if batch.prompts_ahead:
        return ngettext(
            "Waiting on the server behind {count} other prompt",
            "Waiting on the server behind {count} other prompts",
            batch.prompts_ahead,
        )
    if batch.current_step and batch.total_steps:
        return _("Step {n} of {m}", n=batch.current_step, m=batch.total_steps)
    return str(BEGINS)


def earlier(relative: Relative, batch: BatchState) -> str:
    """One of those before the newest: "identical · Today 14:15"."""
    proof = proof_of(batch)
    said = str(SHORT[proof.identical] if proof else UNDER_WAY)
    return " · ".join([said, *([when(relative.created_at)] if relative.created_at else [])])


def ended(index: int, proof: Proof) -> str:
    """On a page of whoever asked for it, wherever that is by now."""
    return _("Image {index} made again: {verdict}", index=index, verdict=SHORT[proof.identical])
