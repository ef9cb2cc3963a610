"""Two pictures at the same zoom and the same spot, beside each other or under a slider."""

from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.curating import Curating
from batchgen_app.ui.comparison.viewer import Viewer, full_screen, viewed
from batchgen_app.ui.parts.following import bind_prop

OPENER = "[data-testid=side-by-side]"


def open_side_by_side(batch: BatchState, indexes: tuple[int, int], curating: Curating) -> None:
    """Compare two images of a batch in the whole window."""

    def pictures() -> list[object]:
        shown = (batch.image(index).picture for index in indexes)
        return [*viewed(batch.request.prompt, [picture for picture in shown if picture])]

    with full_screen("side-by-side-view", str(words.SIDE_BY_SIDE), OPENER) as dialog:
        viewer = Viewer().on("close", dialog.close)
        bind_prop(viewer, "pictures", batch, ("images",), pictures)
        viewer.on("favourite", lambda event: curating.toggle(event.args))
