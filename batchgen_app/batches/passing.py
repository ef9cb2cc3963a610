"""What is heard about an image, as what the pages show and nobody keeps."""

from batchgen_app.batches.activity import activity_of, is_sampler
from batchgen_app.batches.watching import News, Place
from batchgen_app.comfy.messages import Executing, Preview, Progress, ProgressState
from batchgen_app.core.events import NodeBegun, Passing, PlaceChanged, PreviewArrived, StepDone
from batchgen_app.core.wire import JsonObject

LARGEST_PREVIEW = 4 * 2**20
"""Bytes: of 512 pixels a side it has some 40,000; pages get each one whole."""


def passing_of(news: News, batch_id: str, index: int, nodes: JsonObject) -> Passing | None:
    """None for what concerns no page; ``nodes`` is the graph that runs."""
    match news:
        case Place(ahead=ahead):
            return PlaceChanged(batch_id, index, ahead)
        case Progress(node=node, value=value, maximum=maximum) if is_sampler(nodes, node):
            return StepDone(batch_id, index, int(value), int(maximum))
        case Executing() | ProgressState() if activity := activity_of(news, nodes):
            return NodeBegun(batch_id, index, activity)
        case Preview(picture=picture, content_type=kind) if len(picture) <= LARGEST_PREVIEW:
            return PreviewArrived(batch_id, index, picture, kind)
        case _:
            return None
