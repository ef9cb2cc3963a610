"""A server that speaks Comfy API v2 as its specification has it, and as surfaces differ in it:
which labels they take, whether they have a list, and where their files lie. It makes nothing: jobs
are what a story says.
"""

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import uuid4

from tests.comfy.http_server import Reply, Request, Silence

NOW = "2026-01-02T03:04:05Z"


def job(job_id: str, status: str = "queued", **fields: Any) -> dict[str, Any]:
    """As the specification has it."""
    return {
        "id": job_id,
        "status": status,
        "created_at": NOW,
        "started_at": None,
        "completed_at": None,
        "expires_at": NOW,
        "queue_position": None,
        "progress": None,
        "outputs": [],
        "error": None,
        "urls": {
            "self": f"/api/v2/jobs/{job_id}",
            "events": f"/api/v2/jobs/{job_id}/events",
            "cancel": f"/api/v2/jobs/{job_id}/cancel",
        },
        **fields,
    }


def output(asset_id: str, name: str = "a.png", node: str = "9") -> dict[str, Any]:
    """One of a job's."""
    return {
        "node_id": node,
        "name": name,
        "type": "image",
        "content_type": "image/png",
        "size_bytes": 3,
        "id": asset_id,
        "hash": None,
        "url": f"https://files.example/{asset_id}",
        "url_expires_at": NOW,
    }


class Labels(Enum):
    """What a surface takes as a label."""

    NAMED = "a deployment"
    TEXT = "comfy-api-proxy"
    NONE = "Comfy's cloud"


def error(status: int, code: str, message: str = "", **details: Any) -> Reply:
    """A refusal in the envelope that all surfaces share."""
    told = {"error": {"code": code, "message": message or code, "details": details or None}}
    return Reply(status, json.dumps(told).encode(), {"Content-Type": "application/json"})


@dataclass(eq=False)
class Deployment:
    """Answers for a ScriptedServer. ``says`` are answers to new jobs, in order, before one is taken
    in: a Reply for one that is not, Silence for one that is.
    """

    labels: Labels = Labels.NAMED
    lists: bool = True
    is_away: bool = False
    events: Reply | None = None
    says: list[Reply | Silence] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, Reply] = field(default_factory=dict)
    graphs: list[Any] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> Reply | Silence | object:
        if self.is_away:
            return Reply(502)
        path = request.path.removeprefix("/api/v2")
        match [request.method, *path.strip("/").split("/")]:
            case [_, "jobs", *rest]:
                return self._of_jobs(request, rest)
            case ["GET", "assets", asset_id, "content"]:
                return self.files.get(asset_id) or error(404, "asset_not_found")
            case ["POST", "assets"]:
                return Reply(201, json.dumps(asset()).encode())
        return Reply(404)

    def _of_jobs(self, request: Request, rest: list[str]) -> Reply | Silence | object:
        match [request.method, *rest]:
            case ["POST"]:
                return self._take(request)
            case ["GET"]:
                return self._listed()
            case ["GET", job_id, "workflow"] if job_id in self.jobs:
                return {"workflow": self.graphs[-1], "format": "api"} if self.graphs else Reply(404)
            case ["GET", _, "events"]:
                return self.events or error(501, "not_implemented")
            case ["POST", job_id, "cancel"] if job_id in self.jobs:
                self.jobs[job_id]["status"] = "canceled"
        return self.jobs.get(rest[0]) or error(404, "job_not_found")

    def _take(self, request: Request) -> Reply | Silence:
        label, key = request.json.get("metadata"), request.headers["idempotency-key"]
        if refused := self._label_refused(label):
            return refused
        if key in self._keys:
            return error(422, "idempotency_key_reuse")
        answer = self.says.pop(0) if self.says else None
        if isinstance(answer, Reply):
            return answer
        self._keys.add(key)
        self.graphs.append(request.json["workflow"])
        made = job(str(uuid4()), metadata=label)
        self.jobs[made["id"]] = made
        return answer or Reply(201, json.dumps(made).encode())

    def _label_refused(self, label: object) -> Reply | None:
        match self.labels, label:
            case Labels.NONE, str() | dict():
                return error(422, "metadata_not_supported")
            case Labels.TEXT, dict():
                return error(422, "invalid_request", "'metadata' must be a string (opaque label).")
            case Labels.NAMED, str():
                return error(422, "metadata_invalid")
        return None

    def _listed(self) -> object:
        if not self.lists:
            return error(501, "not_implemented")
        return {"jobs": [*reversed(self.jobs.values())]}


def asset() -> dict[str, Any]:
    """One that was taken in."""
    return {
        "id": "5d0c7a4e-0000-4000-8000-000000000001",
        "hash": "blake3:00",
        "size_bytes": 3,
        "content_type": "image/png",
        "file_path": "a.png",
        "created_at": NOW,
        "url": "https://files.example/a",
        "url_expires_at": NOW,
    }
