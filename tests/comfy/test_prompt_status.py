"""What the recorded history entries say: outcome, files, reason, time."""

from typing import Any

import pytest

from batchgen_app.comfy.prompt_status import HistoryEntry, Outcome, OutputFile
from batchgen_app.core.errors import ExecutionFailed
from tests.comfy.recorded import TRANSCRIPTS, answers

ENTRIES = [
    (path.stem, entry)
    for path in TRANSCRIPTS
    for row in answers(path.name, "GET /history/")
    for entry in row.get("resp", {}).values()
]


def entries(name: str) -> list[HistoryEntry]:
    return [HistoryEntry.parse(entry) for stem, entry in ENTRIES if stem.startswith(name)]


def last_word(entry: dict[str, Any]) -> str:
    return str(entry["status"]["messages"][-1][0])


WORDS = {
    "execution_success": Outcome.SUCCEEDED,
    "execution_error": Outcome.FAILED,
    "execution_interrupted": Outcome.INTERRUPTED,
}


@pytest.mark.parametrize(
    "entry", [entry for _, entry in ENTRIES], ids=[stem for stem, _ in ENTRIES]
)
def test_every_recorded_entry_ended_as_its_last_message_says(entry: dict[str, Any]) -> None:
    read = HistoryEntry.parse(entry)
    assert read.outcome is WORDS[last_word(entry)]
    assert (read.error is None) == (read.outcome is not Outcome.FAILED)
    assert read.seconds is not None
    assert read.seconds >= 0


def test_a_batch_of_three_gives_its_files_in_order() -> None:
    names = [file.filename for entry in entries("p_batch")[:1] for file in entry.files]
    assert names == sorted(names)
    assert len(names) == 3


def test_a_failure_names_the_node_and_the_reason_and_keeps_the_rest_apart() -> None:
    error = entries("e_execution")[0].error
    assert isinstance(error, ExecutionFailed)
    assert str(error) == (
        "CheckpointLoaderSimple (node 4) failed: Error while deserializing header: header too large"
    )
    assert isinstance(error.details, dict)
    assert error.details["exception_type"].endswith("SafetensorError")
    assert error.details["traceback"]


def test_a_failure_keeps_the_files_that_were_finished_before_it() -> None:
    assert any(entry.files for entry in entries("e_execution") if entry.error)


def test_a_failure_that_nobody_explains_still_has_words() -> None:
    error = HistoryEntry.parse({"status": {"status_str": "error", "messages": []}}).error
    assert error is not None
    assert "Check its log" in str(error)


def test_a_node_is_called_by_its_title() -> None:
    graph = {"7": {"class_type": "KSampler", "_meta": {"title": "The good sampler"}}}
    failed = {
        "prompt_id": "p",
        "node_id": "7",
        "node_type": "KSampler",
        "exception_message": "no\n",
    }
    status = {"status_str": "error", "messages": [["execution_error", failed]]}
    error = HistoryEntry.parse({"prompt": [0, "p", graph, {}, []], "status": status}).error
    assert str(error) == '"The good sampler" (KSampler, node 7) failed: no'


def test_files_of_all_keys_are_found_results_first_and_in_the_graphs_order() -> None:
    def file(name: str, kind: str = "output") -> dict[str, str]:
        return {"filename": name, "subfolder": "", "type": kind}

    outputs = {
        "12": {"images": [file("look.png", "temp")], "animated": [True]},
        "10": {"gifs": [file("c.webp")], "text": ["hello"]},
        "9": {"images": [file("a.png"), None, {"filename": 3}, {"filename": "b.png"}]},
        "unheard-of": {"images": [file("d.png")]},
        "11": None,
    }
    graph: dict[str, Any] = {"9": {}, "10": {}, "11": {}, "12": {}}
    read = HistoryEntry.parse({"prompt": [0, "p", graph, {}, []], "outputs": outputs})
    assert [f.filename for f in read.files] == ["a.png", "b.png", "c.webp", "d.png", "look.png"]
    assert read.files[1] == OutputFile("b.png", "", "output", "9")


@pytest.mark.parametrize("entry", [{}, {"prompt": 1, "outputs": [], "status": []}])
def test_an_entry_that_says_nothing_is_a_success_without_files(entry: dict[str, Any]) -> None:
    assert HistoryEntry.parse(entry) == HistoryEntry(Outcome.SUCCEEDED, (), None, None)


def test_a_clock_that_went_backwards_tells_no_time() -> None:
    messages = [
        ["execution_start", {"prompt_id": "p", "timestamp": 2000}],
        ["execution_success", {"prompt_id": "p", "timestamp": 1000}],
    ]
    assert HistoryEntry.parse({"status": {"messages": messages}}).seconds is None
