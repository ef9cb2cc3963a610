"""Workflows in the terminal: looked at, corrected, given pictures and LoRAs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_library import KEPT
from tests.api.test_uploads import from_photo, photo
from tests.api.test_workflows import regional
from tests.studio import MODEL
from tests.test_cli import Machine

SMALL = ("a red fox", "-n", "2", "--demo")
QUICK = (*SMALL, "--steps", "2", "--width", "64", "--height", "64")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def written(folder: Path, graph: object) -> str:
    (folder / "mine.json").write_text(json.dumps(graph), encoding="utf-8")
    return str(folder / "mine.json")


def queued(machine: Machine) -> dict[str, Any]:
    """What the last batch was asked for with."""
    return [event for event in machine.events() if event["type"] == "batch_queued"][-1]


def test_what_is_understood_is_told_to_people_and_to_programs(
    machine: Machine, tmp_path: Path
) -> None:
    file = written(tmp_path, regional())
    told = machine.run("workflow", file, "--demo")
    assert told.returncode == 0
    assert "Seed             sampler.seed" in told.stdout
    assert "? Which of these texts is the prompt? good.text, day.text" in told.stderr
    described = json.loads(machine.run("workflow", file, "--demo", "--json").stdout)
    assert described["questions"][0]["candidates"] == ["good.text", "day.text"]
    assert not machine.data.joinpath("batchgen.db").exists()


def test_an_open_question_is_bad_input_with_the_words_that_settle_it(
    machine: Machine, tmp_path: Path
) -> None:
    file = written(tmp_path, regional())
    refused = machine.run("generate", *SMALL, "--workflow", file)
    assert (refused.returncode, "prompt=good.text" in refused.stderr) == (2, True)
    settled = ("--map", "prompt=day.text", "--set", "sampler.denoise=0.9")
    assert machine.run("generate", *SMALL, "--workflow", file, *settled).returncode == 0
    sent = queued(machine)["workflow"]
    assert (sent["day"]["inputs"]["text"], sent["sampler"]["inputs"]["denoise"]) == (SMALL[0], 0.9)


def test_a_role_can_be_taken_away_and_the_workflow_run_as_it_is(
    machine: Machine, tmp_path: Path
) -> None:
    file = ("--workflow", written(tmp_path, regional()))
    assert machine.run("generate", *SMALL, *file, "--map", "prompt=").returncode == 2
    assert machine.run("generate", *SMALL, *file, "--map", "prompt=", "--as-is").returncode == 0
    assert queued(machine)["request"]["prompt"] == "(the workflow's own prompt)"


def test_a_picture_goes_to_the_only_place_or_where_it_is_told(
    machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / "me.png").write_bytes(photo())
    file, me = ("--workflow", written(tmp_path, from_photo())), str(tmp_path / "me.png")
    for image in (me, f"photo.image={me}"):
        assert machine.run("generate", *SMALL, *file, "--image", image).returncode == 0
    assert list(queued(machine)["request"]["inputImages"]) == ["photo.image"]
    without = machine.run("generate", *SMALL, "--image", me)
    assert (without.returncode, "--workflow" in without.stderr) == (2, True)
    missing = machine.run("generate", *SMALL, *file, "--image", "nobody.png")
    assert (missing.returncode, "cannot be read" in missing.stderr) == (2, True)


def test_loras_and_a_family(machine: Machine) -> None:
    loras = ("--lora", "demo-fine-lines.safetensors:0.5", "--lora", "demo-soft-light.safetensors")
    assert machine.run("generate", *QUICK, *loras).returncode == 0
    chosen = queued(machine)["request"]["loras"]
    assert [lora["strength"] for lora in chosen] == [0.5, 1.0]
    unknown = machine.run("generate", *QUICK, "--model", "demo-flow.safetensors")
    assert (unknown.returncode, "sdxl, sd3, flux" in unknown.stderr) == (2, True)
    assert machine.run("generate", *QUICK, "--model", MODEL, "--family", "sdxl").returncode == 0


def test_a_stored_workflow_is_chosen_by_its_name(machine: Machine) -> None:
    stored = machine.data / "workflows"
    stored.mkdir(parents=True)
    (stored / "two places.json").write_text(json.dumps(KEPT), encoding="utf-8")
    made = machine.run("generate", *SMALL, "--workflow", "two places")
    assert made.returncode == 0, made.stderr
    assert queued(machine)["workflow"]["day"]["inputs"]["text"] == SMALL[0]


@pytest.mark.parametrize("option", ["--map=prompt", "--set==1", "--denoise=2", "--guidance=x"])
def test_what_an_option_cannot_be_is_said(option: str, machine: Machine) -> None:
    refused = machine.run("generate", *SMALL, option)
    assert refused.returncode == 2
    assert not machine.batch_folders()
