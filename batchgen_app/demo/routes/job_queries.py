"""What may stand behind the question mark of GET /api/jobs, and what is said of anything else."""

from collections.abc import Mapping

STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")


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
