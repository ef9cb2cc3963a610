"""Workflows in the terminal: looked at, corrected, given pictures and LoRAs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_library import KEPT
from tests.api.test_uploads import from_photo, photo
from tests.api.test_workflows import app, regional
from tests.studio import MODEL
from tests.test_cli import Machine
from tests.workflows.graphs import node

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
    assert "Prompt           ?\n" in told.stdout
    described = json.loads(machine.run("workflow", file, "--demo", "--json").stdout)
    assert described["questions"][0]["candidates"] == ["good.text", "day.text"]
    assert not machine.data.joinpath("batchgen.db").exists()


def test_the_demo_engine_is_asked_whatever_servers_are_saved(
    machine: Machine, tmp_path: Path
) -> None:
    fleet = {"servers": [{"address": "http://fleet.invalid", "kind": "comfy-api"}]}
    machine.data.mkdir()
    (machine.data / "settings.json").write_text(json.dumps(fleet))
    told = machine.run("workflow", written(tmp_path, app()), "--demo")
    assert (told.returncode, told.stderr) == (0, "")


def test_the_loras_of_a_workflow_are_told_by_their_files(machine: Machine, tmp_path: Path) -> None:
    ink = node("LoraLoader", lora_name="ink.safetensors", model=["checkpoint", 0])
    graph = regional() | {"ink": ink}
    graph["sampler"]["inputs"]["model"] = ["ink", 0]
    told = machine.run("workflow", written(tmp_path, graph), "--demo")
    assert "LoRA             ink.lora_name (ink.safetensors)\n" in told.stdout


def test_what_an_app_shows_is_told(machine: Machine, tmp_path: Path) -> None:
    told = machine.run("workflow", written(tmp_path, app()), "--demo")
    assert "Output           9\n" in told.stdout
    assert "Field            10.amount=2\nField            9.filename_prefix=" in told.stdout


def test_those_that_are_stored_are_listed_and_told_by_name(machine: Machine) -> None:
    folder = machine.data / "workflows"
    folder.mkdir(parents=True)
    (folder / "Two places.json").write_text(json.dumps(KEPT))
    (folder / "broken.json").write_text("{")
    listed = machine.run("workflow")
    assert (listed.returncode, listed.stdout.splitlines()[-1].split()[:2]) == (0, ["Two", "places"])
    assert "broken.json: This file is neither JSON" in " ".join(listed.stderr.split())
    named = json.loads(machine.run("workflow", "--json").stdout)
    two = {"id": "Two places", "name": "Two places", "family": "sdxl", "builtIn": False}
    assert named[-1] == two
    assert {"id": "flux", "name": "Flux.1", "family": "flux", "builtIn": True} in named
    told = json.loads(machine.run("workflow", "Two places", "--demo", "--json").stdout)
    assert told["roles"]["prompt"] == ["day.text"]
    assert machine.run("workflow", "nobody", "--demo").returncode == 2


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
    missing = machine.run("generate", *SMALL, *file, "--image", "nobody.png")
    assert (missing.returncode, "cannot be read" in missing.stderr) == (2, True)


def test_a_built_in_workflow_starts_from_a_picture_too(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "me.png").write_bytes(photo())
    started = ("--image", str(tmp_path / "me.png"), "--denoise", "0.3")
    made = machine.run("generate", *QUICK, *started)
    assert made.returncode == 0, made.stderr
    sent = queued(machine)["workflow"]
    assert sent["picture"]["inputs"]["image"].startswith("batchgen/")
    assert sent["sampler"]["inputs"]["denoise"] == 0.3
    elsewhere = machine.run("generate", *QUICK, "--image", f"photo.image={tmp_path / 'me.png'}")
    assert (elsewhere.returncode, "cannot be read" in elsewhere.stderr) == (2, True)


def test_a_stored_one_takes_it_where_it_has_a_place(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "me.png").write_bytes(photo())
    stored = machine.data / "workflows"
    stored.mkdir(parents=True)
    kept = {"name": "photo", "workflow": from_photo()}
    (stored / "photo.json").write_text(json.dumps(kept), encoding="utf-8")
    given = ("--workflow", "photo", "--image", str(tmp_path / "me.png"))
    made = machine.run("generate", *SMALL, *given)
    assert made.returncode == 0, made.stderr
    assert queued(machine)["workflow"]["photo"]["inputs"]["image"].startswith("batchgen/")


def test_loras_and_a_family(machine: Machine) -> None:
    loras = ("--lora", "demo-fine-lines.safetensors:0.5", "--lora", "demo-soft-light.safetensors")
    assert machine.run("generate", *QUICK, *loras).returncode == 0
    chosen = queued(machine)["request"]["loras"]
    assert [lora["strength"] for lora in chosen] == [0.5, 1.0]
    unknown = machine.run("generate", *QUICK, "--model", "demo-flow.safetensors")
    assert (unknown.returncode, "sdxl, sd3, flux" in unknown.stderr) == (2, True)
    assert "--family" in unknown.stderr
    assert machine.run("generate", *QUICK, "--model", MODEL, "--family", "sdxl").returncode == 0


def test_another_vae_and_what_the_server_lacks(machine: Machine) -> None:
    assert machine.run("generate", *QUICK, "--vae", "demo-vae.safetensors").returncode == 0
    made = queued(machine)
    assert made["request"]["vae"] == "demo-vae.safetensors"
    assert made["workflow"]["vae"]["inputs"]["vae_name"] == "demo-vae.safetensors"
    for option in ("--vae", "--refiner"):
        refused = machine.run("generate", *QUICK, option, "nobody.safetensors")
        assert (refused.returncode, "nobody.safetensors" in refused.stderr) == (2, True)
    flow = ("--model", "demo-flow.safetensors", "--family", "flux", "--vae", "demo-vae.safetensors")
    encoders = (
        "--text-encoder",
        "demo-t5xxl.safetensors",
        "--text-encoder",
        "demo-clip-l.safetensors",
    )
    assert machine.run("generate", *QUICK, *flow, *encoders).returncode == 0
    loader = queued(machine)["workflow"]["encoders"]["inputs"]
    assert loader["clip_name1"] == "demo-t5xxl.safetensors"


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
