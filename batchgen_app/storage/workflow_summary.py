"""What is known of a workflow that is kept, without a server and without holding its graph."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.request import Family
from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.storage.workflow_digest import digest_of
from batchgen_app.workflows.corrections import open_questions
from batchgen_app.workflows.family_of_graph import family_of, models_of
from batchgen_app.workflows.inspection import roles_of
from batchgen_app.workflows.workflow import Workflow


@dataclass(frozen=True)
class Summary:
    """Small, so that it can be remembered. One of the editor's, which is understood with a server
    only, has no roles, models and family; ``family`` is what the graph says by itself.
    """

    name: str
    fields: Mapping[str, str | int | float | bool]
    revision: str
    digests: frozenset[str]
    """As a request by its id has it, and as one with the graph in it: without notes beside it."""
    key: str | None = None
    roles: Mapping[str, list[str]] = field(default_factory=dict)
    models: Sequence[str] = ()
    family: Family | None = None
    questions: int = 0
    """That are open, as far as one can know without a server."""


def summary_of(kept: KeptWorkflow) -> Summary:
    """Takes a while where the graph is large."""
    digests = {digest_of(kept.workflow, kept.key)}
    try:
        workflow = Workflow.parse(kept.workflow)
    except InvalidRequest:
        return Summary(kept.name, kept.fields, kept.revision, frozenset(digests), kept.key)
    if workflow.nodes != kept.workflow:
        digests.add(digest_of(workflow.nodes, kept.key))
    with suppress(InvalidRequest):  # corrected by hand, of what is not in it any more
        workflow = workflow.corrected(kept.roles)
    return Summary(
        kept.name,
        kept.fields,
        kept.revision,
        frozenset(digests),
        kept.key,
        roles_of(workflow),
        models_of(workflow),
        family_of(workflow),
        len(open_questions(workflow.found)),
    )
