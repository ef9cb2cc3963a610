"""Queue and history seen as one list of jobs, as newer servers show them: section 12."""

from collections.abc import Iterator
from typing import Any

from batchgen_app.demo.queue import HistoryEntry, PromptQueue, QueuedPrompt

Job = dict[str, Any]

MEDIA = ("images", "gifs", "video", "audio")
ENDS = {
    "execution_success": "completed",
    "execution_error": "failed",
    "execution_interrupted": "cancelled",
}


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
