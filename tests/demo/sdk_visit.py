"""Run by the foreign clients' Python: one visit of comfy-sdk, told as JSON on stdout.

Arguments: `run` or `cancel`, and the file that holds the graph. COMFY_BASE_URL says where to.
"""

import hashlib
import json
import sys
from typing import Any

from comfy_sdk import Comfy


def run(client: Any, graph: str) -> dict[str, Any]:
    """Submits, follows the events to the end, fetches the outputs."""
    job = client.submit(client.workflows.from_file(graph))
    kinds = [type(event).__name__ for event in job.events()]
    job = job.wait(timeout=30)
    contents = [output.to_bytes() for output in job.outputs]
    return {
        "status": job.status,
        "events": sorted(set(kinds)),
        "names": [output.name for output in job.outputs],
        "hashes": [hashlib.sha256(content).hexdigest() for content in contents],
    }


def cancel(client: Any, graph: str) -> dict[str, Any]:
    """Submits, cancels as soon as something has happened, waits for the end."""
    job = client.submit(client.workflows.from_file(graph))
    for event in job.events():
        if type(event).__name__ == "Progress":
            break
    job.cancel()
    while job.status not in {"succeeded", "failed", "canceled"}:
        job = job.refresh()
    return {"status": job.status}


def main() -> None:
    story = {"run": run, "cancel": cancel}[sys.argv[1]]
    with Comfy() as client:
        sys.stdout.write(json.dumps(story(client, sys.argv[2])))


if __name__ == "__main__":
    main()
