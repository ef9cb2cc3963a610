"""/api/jobs of newer servers: PROTOCOL.md, sections 6 and 12."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.jobs import Job, all_jobs, find_job
from batchgen_app.demo.queue import is_canonical_uuid
from batchgen_app.demo.routes.job_queries import complaint_about, wanted_statuses
from batchgen_app.demo.routes.replies import json_reply, studio_of
from batchgen_app.demo.studio import Studio


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


def _sort_key(wish: str | None) -> Any:
    def duration(job: Job) -> int:
        return int(job.get("execution_end_time", 0)) - int(job.get("execution_start_time", 0))

    def age(job: Job) -> int:
        return int(job["create_time"])

    return duration if wish == "execution_duration" else age


def _page(jobs: list[Job], offset: int, wish: str | None) -> dict[str, Any]:
    limit = int(wish) if wish else None
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
