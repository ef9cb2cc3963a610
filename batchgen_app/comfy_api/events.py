"""An event of a job, as the messages that a ComfyUI server would send (PROTOCOL.md, section 3)."""

from collections.abc import Iterator

from comfy_sdk.events import Event, Preview, Progress, StatusChange

from batchgen_app.comfy import messages
from batchgen_app.comfy.messages import Message

RUNS = frozenset({"running", "canceling"})
ENDS = frozenset({"succeeded", "failed", "canceled", "expired"})


def messages_of(event: Event, prompt_id: str) -> Iterator[Message]:
    """What the event says about the prompt that the job was made of."""
    match event:
        case StatusChange(status=status) if status in RUNS:
            yield messages.ExecutionStarted(prompt_id)
        case StatusChange(status=status) if status in ENDS:
            yield messages.PromptEnded(prompt_id)
        case Progress(current_node=str(node), step=step, steps=steps):
            yield messages.Executing(prompt_id, node)
            if step is not None and steps:
                yield messages.Progress(prompt_id, node, step, steps)
        case Preview(node_id=node, content_type=kind, data=picture) if picture:
            yield messages.Preview(prompt_id, node or None, kind, picture)
