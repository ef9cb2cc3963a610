"""Every text about a picture that is made again, to see whether it comes out the same."""

from batchgen_app.core.proof import Proof
from batchgen_app.language.texts import lazy

PROVE = lazy("Make it again, and compare")
PROVE_HINT = lazy(
    "Runs the graph and the seed that stand in the picture's own file, and compares every pixel"
)
VERDICTS = {
    True: lazy("Identical: every pixel came out as it was."),
    False: lazy("It came out differently."),
    None: lazy("It could not be compared."),
}
ICONS = {True: "verified", False: "difference", None: "help_outline"}


def verdict(proof: Proof) -> str:
    """In one sentence."""
    return str(VERDICTS[proof.identical])
