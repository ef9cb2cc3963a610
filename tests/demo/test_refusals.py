"""What POST /prompt refuses, word for word as a real ComfyUI refused it.

The recordings are of 0.3.64; where 0.33 says it otherwise, the demo engine says it like 0.33.
"""

import json
from typing import Any

import pytest

from batchgen_app.demo import DemoSettings
from tests.comfy.recorded import answers
from tests.demo.conftest import LAB_MODELS
from tests.demo.graphs import Graph, node, plain, txt2img
from tests.demo.guest import Guest, images


def reworded(row: dict[str, Any]) -> bool:
    """Whether 0.33 refuses this with another type of error."""
    told = row.get("resp")
    return isinstance(told, dict) and told["error"]["type"] == "invalid_prompt"


CORRUPTED = "The workflow may be corrupted or a custom node is missing."
RECORDED = [
    row
    for name in ("d_prompt", "e_execution", "q_ui_format")
    for row in answers(name, "POST /prompt")
    if row["status"] != 200 and "req_body" in row and not reworded(row)
]


@pytest.fixture
def settings() -> DemoSettings:
    return DemoSettings(step_delay=0.0, load_delay=0.0, models=LAB_MODELS)


def without_traces(found: Any) -> Any:
    """Without tracebacks, which tell of the server's own files."""
    if isinstance(found, dict):
        return {key: without_traces(value) for key, value in found.items() if key != "traceback"}
    return [without_traces(item) for item in found] if isinstance(found, list) else found


@pytest.mark.parametrize("row", RECORDED, ids=lambda row: f"{row['t']}")
async def test_a_recorded_refusal(guest: Guest, row: dict[str, Any]) -> None:
    answer = await guest.http.post("/prompt", json=row["req_body"])
    assert answer.status_code == row["status"]
    if row["status"] == 500:
        assert answer.text == row["resp_text"]
    else:
        told = answer.json()
        told["error"]["details"] = row["resp"]["error"]["details"]  # 0.33 sums up: see below
        text = json.dumps(row["resp"]).replace("(list of length 42)", "(list of length 44)")
        assert without_traces(told) == without_traces(json.loads(text))
    assert len(guest.heard) == 1, "nothing is told on the websocket"


async def test_the_refusal_sums_up_what_is_wrong_with_the_outputs_themselves(
    guest: Guest,
) -> None:
    graph = {"1": node("SaveImage"), "2": node("SaveImage", images=["3", 0])}
    error = (await guest.post(graph)).json()["error"]
    assert error["details"].splitlines() == [
        "Required input is missing: images",
        "Required input is missing: filename_prefix",
        "Exception when validating node: '3'",
    ]


@pytest.mark.parametrize("body", [b"[1]", b"[]", b'"text"'])
async def test_a_body_without_a_prompt_says_so(guest: Guest, body: bytes) -> None:
    answer = await guest.http.post("/prompt", content=body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "no_prompt")


@pytest.mark.parametrize("body", [b"", b"zzz", b"3", b"true", b"null"])
async def test_a_body_that_is_no_request_is_a_plain_500(guest: Guest, body: bytes) -> None:
    answer = await guest.http.post("/prompt", content=body)
    assert answer.status_code == 500
    assert answer.text.startswith("500 Internal Server Error")
    assert answer.headers["content-type"].startswith("text/plain")


async def test_each_node_of_a_circle_is_named(guest: Guest) -> None:
    """0.33 says `dependency_cycle`, where 0.3.64 refused without a hint."""
    graph = txt2img()
    graph["6"] = node("ConditioningCombine", conditioning_1=["7", 0], conditioning_2=["7", 0])
    graph["7"] = node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["6", 0])
    answer = await guest.post(graph)
    told = answer.json()["node_errors"]
    assert (answer.status_code, {"6", "7"} - set(told)) == (400, set())
    path = [f"{node_id} (ConditioningCombine)" for node_id in ("6", "7", "6")]
    for node_id in ("6", "7"):
        (error,) = told[node_id]["errors"]
        assert error == {
            "type": "dependency_cycle",
            "message": "Dependency cycle detected",
            "details": " -> ".join(path),
            "extra_info": {"node_id": node_id, "cycle_nodes": ["6", "7"]},
        }


async def test_a_list_that_is_no_link(guest: Guest) -> None:
    graph = plain()
    graph["2"]["inputs"]["images"] = ["1", 0, 0]
    answer = (await guest.post(graph)).json()
    assert answer["node_errors"]["2"]["errors"][0]["type"] == "bad_linked_input"


async def test_one_bad_output_does_not_stop_the_good_one(guest: Guest) -> None:
    row = next(
        r
        for r in answers("d_prompt", "POST")
        if r["status"] == 200 and "3" in str(r["resp"]["node_errors"])
    )
    answer = await guest.post(row["req_body"]["prompt"])
    assert without_traces(answer.json()["node_errors"]) == without_traces(
        row["resp"]["node_errors"]
    )
    await guest.hear_end(answer.json()["prompt_id"])
    entry = await guest.history(answer.json()["prompt_id"])
    assert entry["prompt"][4] == ["2"]
    assert len(images(entry)) == 1


async def test_values_are_converted_and_unknown_inputs_ignored(guest: Guest) -> None:
    entry = await guest.run(plain(foo="bar", width="64", height="72"))
    assert entry["prompt"][2]["1"]["inputs"]["width"] == 64
    assert entry["status"]["completed"]


async def test_the_type_of_the_content_does_not_matter(guest: Guest) -> None:
    answer = await guest.http.post(
        "/api/prompt",
        content='{"prompt": {"1": {"class_type": "PreviewImage", "inputs": {}}}}',
        headers={"content-type": "text/plain"},
    )
    assert answer.json()["node_errors"]["1"]["errors"][0]["type"] == "required_input_missing"


@pytest.mark.parametrize("prompt_id", ["my job", 12345, "8A4BC728-A346-4CD0-9439-2E86AA929E94", ""])
async def test_an_id_that_is_no_canonical_uuid(guest: Guest, prompt_id: Any) -> None:
    answer = await guest.post(plain(), prompt_id=prompt_id)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_prompt_id"


async def test_an_id_of_the_clients_own_is_kept_and_null_is_none(guest: Guest) -> None:
    chosen = "8a4bc728-a346-4cd0-9439-2e86aa929e94"
    assert await guest.submit(plain(1), prompt_id=chosen) == chosen
    assert await guest.submit(plain(2), prompt_id=None) not in (None, "None", chosen)


@pytest.mark.parametrize(
    ("bad", "message", "class_type", "title"),
    [
        (
            node("VAEDecodeTiled"),
            "Node 'VAEDecodeTiled' not found. The custom node may not be installed.",
            "VAEDecodeTiled",
            "VAEDecodeTiled",
        ),
        (
            {**node("VAEDecodeTiled"), "_meta": {"title": "My decoder"}},
            "Node 'My decoder' not found. The custom node may not be installed.",
            "VAEDecodeTiled",
            "My decoder",
        ),
        (
            {"inputs": {}},
            f"Node 'ID #8' has no class_type. {CORRUPTED}",
            None,
            None,
        ),
    ],
)
async def test_a_node_that_is_missing_is_named(
    guest: Guest, bad: Graph, message: str, class_type: str | None, title: str | None
) -> None:
    """0.33 says `missing_node_type`, where 0.3.64 said `invalid_prompt`."""
    answer = await guest.post({**txt2img(), "8": bad})
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "type": "missing_node_type",
        "message": message,
        "details": "Node ID '#8'",
        "extra_info": {"node_id": "8", "class_type": class_type, "node_title": title},
    }
