"""/api/jobs of newer servers: queue and history as one list, PROTOCOL.md, sections 6 and 12."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.queue import HistoryEntry, PromptQueue, QueuedPrompt, is_canonical_uuid
from batchgen_app.demo.routes.replies import json_reply, studio_of
from batchgen_app.demo.studio import Studio

Job = dict[str, Any]
MEDIA = ("images", "gifs", "video", "audio")
ENDS = {
    "execution_success": "completed",
    "execution_error": "failed",
    "execution_interrupted": "cancelled",
}
STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")


def all_jobs(queue: PromptQueue) -> Iterator[Job]:
    """Every job of this run of the server, in no order."""
    for prompt in queue.pending:
        yield _waiting_job(prompt, "pending")
    if queue.running:
        yield _waiting_job(queue.running, "in_progress")
    for entry in queue.history.values():
        yield _finished_job(entry)


def find_job(queue: PromptQueue, prompt_id: str) -> Job | None:
    """One job with the fields that only the single view has."""
    entry = queue.history.get(prompt_id)
    if entry:
        details = {"outputs": entry["outputs"], "execution_status": entry["status"]}
        return {**_finished_job(entry), **details, "workflow": _workflow(entry["prompt"])}
    prompt = queue.find(prompt_id)
    if prompt is None:
        return None
    status = "in_progress" if prompt is queue.running else "pending"
    return {**_waiting_job(prompt, status), "workflow": _workflow(prompt.shown())}


def _waiting_job(prompt: QueuedPrompt, status: str) -> Job:
    return {**_job(prompt.shown(), status), "outputs_count": 0, "previewable_outputs_count": 0}


def _finished_job(entry: HistoryEntry) -> Job:
    events = dict(entry["status"]["messages"])
    last = next(reversed(events))
    files = [
        {**file, "nodeId": node_id, "mediaType": kind}
        for node_id, ui in entry["outputs"].items()
        for kind in MEDIA
        for file in ui.get(kind, ())
    ]
    shown = [*files, *_texts(entry["outputs"])]
    optional = {
        "execution_error": events.get("execution_error"),
        "preview_output": shown[0] if shown else None,
    }
    return {
        **_job(entry["prompt"], ENDS[last]),
        "execution_start_time": events["execution_start"]["timestamp"],
        "execution_end_time": events[last]["timestamp"],
        "outputs_count": len(files),
        "previewable_outputs_count": len(files),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _texts(outputs: Job) -> Iterator[Job]:
    """Texts that are shown: they are no files, and serve as a preview where there is no file."""
    for node_id, ui in outputs.items():
        for text in ui.get("text", ()):
            yield {"content": text, "nodeId": node_id, "mediaType": "text"}


def _job(shown: list[Any], status: str) -> Job:
    number, prompt_id, _, extra_data, _ = shown
    job = {
        "id": prompt_id,
        "status": status,
        "priority": number,
        "create_time": extra_data.get("create_time"),
        "workflow_id": _pnginfo(extra_data).get("workflow", {}).get("id"),
    }
    return {name: value for name, value in job.items() if value is not None}


def _workflow(shown: list[Any]) -> Job:
    return {"prompt": shown[2], "extra_data": shown[3]}


def _pnginfo(extra_data: Job) -> Job:
    info = extra_data.get("extra_pnginfo")
    return info if isinstance(info, dict) else {}


def wanted_statuses(query: Mapping[str, str]) -> list[str]:
    """All of them if none is named."""
    named = [status.strip().lower() for status in query.get("status", "").split(",")]
    return [status for status in named if status] or list(STATUSES)


def complaint_about(query: Mapping[str, str]) -> str | None:
    """The first thing that is wrong with a query, in the words of 0.33."""
    odd = [status for status in wanted_statuses(query) if status not in STATUSES]
    if odd:
        return f"Invalid status value(s): {', '.join(odd)}. Valid values: {', '.join(STATUSES)}"
    if query.get("sort_by", "created_at") not in ("created_at", "execution_duration"):
        return "sort_by must be 'created_at' or 'execution_duration'"
    if query.get("sort_order", "desc") not in ("asc", "desc"):
        return "sort_order must be 'asc' or 'desc'"
    for name in ("limit", "offset"):
        if not _is_whole(query.get(name, "1")):
            return f"{name} must be an integer"
    return "limit must be a positive integer" if int(query.get("limit", "1")) <= 0 else None


def _is_whole(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


async def list_jobs(request: Request) -> Response:
    """Filtered, sorted and cut as the query says."""
    query = request.query_params
    complaint = complaint_about(query)
    if complaint:
        return json_reply({"error": complaint}, 400)
    statuses = wanted_statuses(query)
    jobs = [job for job in all_jobs(studio_of(request).queue) if job["status"] in statuses]
    if "workflow_id" in query:
        jobs = [job for job in jobs if job.get("workflow_id") == query["workflow_id"]]
    jobs.sort(key=_sort_key(query.get("sort_by")), reverse=query.get("sort_order") != "asc")
    return json_reply(_page(jobs, max(0, int(query.get("offset", 0))), query.get("limit")))


def _sort_key(sort_by: str | None) -> Any:
    def duration(job: Job) -> int:
        return int(job.get("execution_end_time", 0)) - int(job.get("execution_start_time", 0))

    def age(job: Job) -> int:
        return int(job["create_time"])

    return duration if sort_by == "execution_duration" else age


def _page(jobs: list[Job], offset: int, wanted: str | None) -> dict[str, Any]:
    limit = int(wanted) if wanted else None
    end = len(jobs) if limit is None else offset + limit
    pagination = {
        "offset": offset,
        "limit": limit,
        "total": len(jobs),
        "has_more": end < len(jobs),
    }
    return {"jobs": jobs[offset:end], "pagination": pagination}


async def show_job(request: Request) -> Response:
    """One job with its outputs; 404 if it is unknown."""
    job = find_job(studio_of(request).queue, request.path_params["job_id"])
    return json_reply(job) if job else await no_job(request)


async def no_job(_: Request) -> Response:
    """What is said of an id that is none."""
    return json_reply({"error": "Job not found"}, 404)


async def cancel_job(request: Request) -> Response:
    """Stops a job in whatever state; done or unknown ones give `cancelled` false."""
    return json_reply({"cancelled": _cancel(studio_of(request), request.path_params["job_id"])})


async def cancel_jobs(request: Request) -> Response:
    """Stops several; those that are done or unknown stop none of the others."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return json_reply({"error": "Request body must be valid JSON"}, 400)
    job_ids = body.get("job_ids") if isinstance(body, dict) else None
    if not isinstance(job_ids, list):
        return json_reply({"error": "job_ids must be a list"}, 400)
    invalid = [job_id for job_id in job_ids if not is_canonical_uuid(job_id)]
    if invalid:
        answer = {"error": "job_ids contains invalid id(s)", "invalid_ids": _as_texts(invalid)}
        return json_reply(answer, 400)
    cancelled = [_cancel(studio_of(request), job_id) for job_id in job_ids]
    return json_reply({"cancelled": any(cancelled)})


def _as_texts(found: list[Any]) -> list[str]:
    return [item if isinstance(item, str) else repr(item) for item in found]


def _cancel(studio: Studio, job_id: str) -> bool:
    return studio.queue.delete(job_id) or studio.worker.interrupt(job_id)
