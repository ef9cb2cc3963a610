"""What tells one workflow from another: the graph itself, however it is written, and the key in its
file, where it has one.

A name would not do, since people rename what they keep, and neither would the key alone: files that
people put there have none. Graph and key of a batch are in its request, so that what was made with
a workflow is known also after a reindex.
"""

import json
from hashlib import sha256

from batchgen_app.core.wire import Graph


def digest_of(graph: Graph, key: str | None = None) -> str:
    """The same for graphs that differ in the order of their names, or in how a number is written:
    a browser that keeps one gives it back with ``7`` for ``7.0``, and sorts its nodes. Takes a
    while where the graph is large.
    """
    plain = json.loads(json.dumps(graph), parse_int=float)
    whole = json.dumps(plain, sort_keys=True) + (key or "")
    return sha256(whole.encode(errors="surrogatepass")).hexdigest()
