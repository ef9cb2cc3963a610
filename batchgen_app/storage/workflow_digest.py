"""What tells one workflow from another: the graph itself, however it is written.

A name would not do, since people rename what they keep, and neither would an id in the file: most
files come from elsewhere and have none. The graph of a batch is in its request, so that what was
made with a workflow is known also after a reindex, and of batches that are older than its file.
"""

import json
from hashlib import sha256

from batchgen_app.core.wire import Graph


def digest_of(graph: Graph) -> str:
    """The same for graphs that differ in the order of their names, or in how a number is written:
    a browser that keeps one gives it back with ``7`` for ``7.0``, and sorts its nodes. Takes a
    while where the graph is large.
    """
    plain = json.loads(json.dumps(graph), parse_int=float)
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
