"""Pictures that a node sends over the websocket instead of keeping them (PROTOCOL.md, section 4).
Nothing names them afterwards: whoever does not hear them has lost them.
"""

from collections import defaultdict
from itertools import chain

from batchgen_app.comfy.history import SentPicture
from batchgen_app.comfy.messages import Message, Preview, Progress
from batchgen_app.core.wire import JsonObject

SENDING = frozenset({"SaveImageWebsocket"})
"""Node types; each sends one PNG for every picture of its batch, and tells how many those are."""
MOST_SENT = 500
"""Pictures of one prompt that are kept."""
MOST_BYTES = 300_000_000
"""Of them together, as they wait in memory until the prompt has ended."""


def senders_in(nodes: JsonObject) -> tuple[str, ...]:
    """Ids of the nodes of a graph that send their pictures, in its order."""
    return tuple(id_ for id_, node in nodes.items() if node.get("class_type") in SENDING)


class SentPictures:
    """What the ``senders`` of one prompt have sent so far."""

    def __init__(self, senders: tuple[str, ...] = ()) -> None:
        self._heard: dict[str, list[SentPicture]] = {sender: [] for sender in senders}
        self._promised: defaultdict[str, int] = defaultdict(int)
        self._bytes = 0

    @property
    def pictures(self) -> tuple[SentPicture, ...]:
        """In the graph's order of nodes, those of one node in the order of its batch."""
        return tuple(chain.from_iterable(self._heard.values()))

    def are_whole(self, *, nothing_missed: bool) -> bool:
        """Whether there are any, and all: of every sender where the websocket was away for a time,
        else of those that told of some, as a server may leave a node out.
        """
        counted = self._promised if nothing_missed else self._heard
        missing = [s for s in counted if len(self._heard[s]) < max(1, self._promised[s])]
        return bool(self.pictures) and not missing

    def hear(self, message: Message) -> None:
        """Keep it, if it is a picture or the number of them."""
        match message:
            case Preview(node=str(node), content_type="image/png") if node in self._heard:
                self._keep(node, message.picture)
            case Progress(node=node, maximum=maximum) if node in self._heard:
                self._promised[node] = int(maximum)

    def _keep(self, node: str, picture: bytes) -> None:
        has_room = self._bytes + len(picture) <= MOST_BYTES
        if has_room and len(self.pictures) < MOST_SENT:
            self._heard[node].append(SentPicture(picture))
            self._bytes += len(picture)
