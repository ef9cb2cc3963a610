"""The command line as a person or a script uses it: a real process, its output, its exit code."""

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from batchgen_app.cli.display import Display
from batchgen_app.cli.generate import read_workflow
from batchgen_app.cli.main import main
from batchgen_app.cli.options import ORDERS
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.storage.image_query import ImageOrder
from batchgen_app.storage.storage import DATABASE_NAME
from tests.batches.test_live_repair import without_a_gallery
from tests.core.stories import batch_after, completed, started, submitted
from tests.demo.graphs import txt2img
from tests.faulty_engine import FailAtNode, Fault, FaultPlan, HangWhileSampling
from tests.sketchbook import Sketchbook
from tests.storage.locker import locked
from tests.studio import TIMEOUT_OF_THE_TEST, studio
from tests.test_settings import a_device, a_pipe, endless
from tests.workflow_files import KINDS

SMALL = ("--width", "64", "--height", "64", "--steps", "1")
LAST = "batch_completed"
NOBODY = "http://127.0.0.1:9"


class Machine:
    """A person's machine: its folders, and the commands run on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.images = folder / "images"
        self.environment = {
            **os.environ,
            "BATCHGEN_DATA_DIR": str(self.data),
            "BATCHGEN_OUTPUT_DIR": str(self.images),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._command(arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """Start a command."""
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            *self._command(arguments), env=self.environment, stdout=pipe, stderr=pipe
        )

    def events(self) -> list[dict[str, Any]]:
        """The event log."""
        return [json.loads(line) for line in self.run("events").stdout.splitlines()]

    def batch_folders(self) -> list[Path]:
        """Every batch folder."""
        return sorted((self.images / "batches").glob("*"))

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "batchgen_app", *arguments]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@asynccontextmanager
async def engine_that(*faults: Fault) -> AsyncIterator[DemoEngine]:
    quick = DemoSettings(
        step_delay=0.0, load_delay=0.0, hooks=FaultPlan(*faults), easel=Sketchbook()
    )
    async with DemoEngine(quick) as engine:
        yield engine


@pytest.fixture
async def engine() -> AsyncIterator[DemoEngine]:
    async with engine_that() as engine:
        yield engine


def test_five_pictures_from_one_command(machine: Machine) -> None:
    done = machine.run("generate", "a lighthouse in a storm", "-n", "5", "--demo", *SMALL)
    assert done.returncode == 0, done.stderr
    (folder,) = machine.batch_folders()
    assert done.stdout.strip() == str(folder)
    pictures = sorted(folder.glob("*.png"))
    assert len({picture.read_bytes() for picture in pictures}) == 5
    assert [event["type"] for event in machine.events()][-1] == "batch_completed"
    assert [event["seq"] for event in machine.events()] == list(range(1, 14))


def test_json_is_the_completed_batch_and_nothing_else(machine: Machine) -> None:
    arguments = ("generate", "a fox", "-n", "2", "--incremental-seeds", "--base-seed", "7")
    done = machine.run(*arguments, "--demo", "--json", *SMALL)
    batch = json.loads(done.stdout)
    assert batch["status"] == "complete"
    assert batch["seeds"] == [7, 8]
    assert batch["images"] == [f"{batch['batchId']}-001", f"{batch['batchId']}-002"]
    (folder,) = machine.batch_folders()
    assert folder.name == batch["batchId"]


def test_the_seeds_can_be_said_one_by_one(machine: Machine) -> None:
    arguments = ("generate", "a fox", "--seeds", "9,4,2", "--demo", "--json", *SMALL)
    batch = json.loads(machine.run(*arguments).stdout)
    assert batch["seeds"] == batch["request"]["seeds"] == [9, 4, 2]
    (folder,) = machine.batch_folders()
    names = sorted(picture.name for picture in folder.glob("*.png"))
    assert names == ["001_9.png", "002_4.png", "003_2.png"]


def test_the_words_may_vary_from_image_to_image(machine: Machine) -> None:
    (machine.data / "wildcards").mkdir(parents=True)
    (machine.data / "wildcards" / "colour.txt").write_text("red\nblue\n")
    prompt = "a __colour__ fox {in snow|at night}"
    done = machine.run("generate", prompt, "-n", "3", "--dynamic", "--demo", "--json", *SMALL)
    assert done.returncode == 0, done.stderr
    batch = json.loads(done.stdout)
    assert batch["prompt"] == prompt
    chosen = [words["prompt"] for words in batch["prompts"]]
    possible = {f"a {c} fox {p}" for c in ("red", "blue") for p in ("in snow", "at night")}
    assert len(chosen) == 3
    assert set(chosen) <= possible
    assert all(words in done.stderr for words in chosen)


def test_how_many_to_keep_goes_along_with_the_batch(machine: Machine) -> None:
    done = machine.run("generate", "fox", "-n", "2", "--keep", "3", "--demo", "--json", *SMALL)
    assert done.returncode == 0, done.stderr
    batch = json.loads(done.stdout)
    assert (batch["request"]["keep"], len(batch["images"])) == (3, 3)
    refused = machine.run("generate", "fox", "-n", "2", "--keep", "21", "--demo", *SMALL)
    assert refused.returncode == 2
    assert "between 1-20" in " ".join(refused.stderr.split())


def test_a_wildcard_that_is_not_there_is_bad_input(machine: Machine) -> None:
    refused = machine.run("generate", "a __colour__ fox", "--dynamic", "--demo", *SMALL)
    assert refused.returncode == 2
    said = " ".join(refused.stderr.split())
    assert 'no wildcard "colour"' in said
    assert not machine.batch_folders()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among files")
@pytest.mark.parametrize("harm", [a_pipe, a_device, endless])
def test_a_workflow_that_never_ends_is_refused_in_words(
    machine: Machine, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    harm(tmp_path / "workflow.json")
    workflow = ("--workflow", str(tmp_path / "workflow.json"))
    refused = machine.run("generate", "a fox", *workflow, "--comfyui", NOBODY)
    assert refused.returncode == 2
    assert "cannot be read" in " ".join(refused.stderr.split())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no names for open pipes")
def test_a_workflow_may_come_out_of_another_command() -> None:
    with subprocess.Popen(["echo", json.dumps(txt2img())], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert read_workflow(Path(f"/dev/fd/{other.stdout.fileno()}")) == txt2img()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a fox", "-n", "1"], "Minimum 2 images required for batch"),
        (["a fox", "-n", "21"], "Maximum 20 images allowed per batch"),
        (["  "], "Prompt cannot be empty"),
        (["x" * 501], "Prompt exceeds 500 character limit"),
        (["a fox", "--steps", "151"], "Steps must be between 1-150"),
        (["a fox", "--cfg", "0.5"], "CFG must be between 1.0-30.0"),
        (["a fox", "--width", "65"], "Width must be between 64-4096 pixels in steps of 8"),
        (["a fox", "--base-seed", "9007199254740992"], "Seed must be a whole number"),
        (["a fox", "--workflow", "none.json"], "Error: none.json cannot be read: No such file"),
        (["a fox", "-n", "abc"], '"abc" is not a whole number from 2 to 20'),
        (["a fox", "-n", "2.5"], '"2.5" is not a whole number from 2 to 20'),
        (["a fox", "--base-seed", "x"], '"x" is not a whole number from 0 to 9007199254740991'),
        (["a fox", "--seeds", "1;2"], '"1;2" is not of the form NUMBER,NUMBER'),
        (["a fox", "--seeds", "7"], "Minimum 2 images required for batch"),
        (["a fox", "--seeds", "7,8", "-n", "3"], "Give as many seeds as images"),
        (["a fox", "--seeds", "7,7"], "Give each seed once"),
        (["a fox", "--steps", "many"], '"many" is not a whole number from 1 to 150'),
        (["a fox", "--cfg", "high"], '"high" is not a number from 1.0 to 30.0'),
        (["a fox", "--height", ""], '"" is not a whole number from 64 to 4096 in steps of 8'),
    ],
)
def test_bad_input_is_told_in_words_before_any_server_is_asked(
    machine: Machine, arguments: list[str], message: str
) -> None:
    refused = machine.run("generate", *arguments, "--comfyui", NOBODY, "--json")
    assert refused.returncode == 2
    assert message in " ".join(refused.stderr.split())
    assert not refused.stdout
    assert not machine.images.exists()
    assert not machine.data.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--port", "99999"], '"99999" is not a whole number from 0 to 65535'),
        (["--port", "http"], '"http" is not a whole number from 0 to 65535'),
        (["events", "--after", "-1"], '"-1" is not a whole number, 0 or more'),
        (["demo-engine", "--step-delay", "nan"], '"nan" is not a number of seconds from 0'),
    ],
)
def test_an_option_that_makes_no_sense_is_named_with_what_it_may_be(
    machine: Machine, arguments: list[str], message: str
) -> None:
    refused = machine.run(*arguments)
    assert refused.returncode == 2
    said = " ".join(refused.stderr.split())
    assert arguments[-2] in said
    assert message in said
    assert not machine.data.exists()


@pytest.mark.parametrize("name", KINDS)
async def test_a_workflow_is_read_from_every_file_that_the_page_takes(
    machine: Machine, engine: DemoEngine, name: str
) -> None:
    file = machine.images.parent / name
    file.write_bytes(KINDS[name](txt2img()))
    arguments = ("generate", "a fox", "-n", "2", "--workflow", str(file), "--comfyui", engine.url)
    done = await asyncio.to_thread(machine.run, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["request"]["workflow"] == txt2img()


async def test_a_demo_engine_whose_address_was_given_is_called_what_it_is(
    machine: Machine, engine: DemoEngine
) -> None:
    arguments = ("generate", "a fox", "-n", "2", "--comfyui", engine.url, *SMALL)
    done = await asyncio.to_thread(machine.run, *arguments)
    said = " ".join(done.stderr.split())
    assert f"A demo engine answers at {engine.url}: it paints placeholder pictures." in said
    assert "No ComfyUI found" not in said
    looked = await asyncio.to_thread(machine.run, "doctor", "--comfyui", engine.url)
    told = " ".join((looked.stdout + looked.stderr).split())
    assert f"a demo engine at {engine.url} (placeholder pictures)" in told


async def test_a_workflow_that_gives_nothing_is_bad_input(
    machine: Machine, engine: DemoEngine
) -> None:
    file = machine.images.parent / "mine.json"
    graph = {**txt2img(), "9": {"class_type": "Fancy Save", "inputs": {"images": ["8", 0]}}}
    file.write_text(json.dumps(graph), encoding="utf-8")
    arguments = ("generate", "a fox", "--workflow", str(file), "--comfyui", engine.url)
    refused = await asyncio.to_thread(machine.run, *arguments)
    assert refused.returncode == 2
    assert "does not know the node Fancy Save (node 9)" in " ".join(refused.stderr.split())
    assert not machine.batch_folders()


def test_a_guess_in_the_terminal_says_what_it_rests_on() -> None:
    batch = batch_after()
    display = Display(batch, Console(file=StringIO()))
    display.draw(stopping=False)
    (images, _) = display._progress.tasks
    assert images.fields["note"] == "about 24 s left, by what earlier ones took"
    for event in (started(), submitted(1), completed(1, seconds=4.0)):
        batch.apply(event)
    display.draw(stopping=False)
    assert images.fields["note"] == "8 s left"


COMMANDS = (
    *("", "generate", "workflow", "resume", "serve", "events"),
    *("reindex", "export", "demo-engine", "doctor", "search", "import"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_option_types_read_as_words(command: str) -> None:
    told = CliRunner().invoke(main, [*command.split(), "--help"])
    assert told.exit_code == 0
    assert not re.findall(r"<[a-z ]+>", told.output)


def test_the_help_of_every_command_is_read_here() -> None:
    assert len(main.registered_commands) == len(COMMANDS) - 1


def test_a_model_that_the_server_does_not_have_is_bad_input(machine: Machine) -> None:
    refused = machine.run("generate", "a fox", "--demo", "--model", "demo-dreams.safetensors")
    assert refused.returncode == 2
    assert "Did you mean demo-dreams-xl.safetensors" in " ".join(refused.stderr.split())
    refused = machine.run("generate", "a fox", "--demo", "--model", "nope")
    assert refused.returncode == 2
    assert "Choose one that it has: demo-" in " ".join(refused.stderr.split())
    assert not machine.images.exists()
    assert not machine.events()


def test_without_a_server_it_says_what_to_do(machine: Machine) -> None:
    refused = machine.run("generate", "a fox", "--comfyui", NOBODY)
    assert refused.returncode == 3
    assert "Cannot connect to server. Is ComfyUI running at" in " ".join(refused.stderr.split())
    assert not machine.images.exists()
    assert not machine.events()


async def test_a_failed_image_is_passed_over_and_told(machine: Machine) -> None:
    async with engine_that(FailAtNode(prompt=2, message="no luck")) as engine:
        process = await machine.start(
            *("generate", "a fox", "-n", "3", "--comfyui", engine.url), *SMALL
        )
        _, told = await process.communicate()
        assert process.returncode == 1
        assert "no luck" in told.decode()
        (folder,) = machine.batch_folders()
        assert [path.name[:3] for path in sorted(folder.glob("*.png"))] == ["001", "003"]


@pytest.mark.skipif(os.name == "nt", reason="a console's Ctrl-C cannot be sent to one process")
async def test_ctrl_c_stops_the_batch_and_keeps_what_is_finished(machine: Machine) -> None:
    async with engine_that(HangWhileSampling(prompt=2)) as engine:
        process = await machine.start(
            *("generate", "a fox", "-n", "4", "--comfyui", engine.url), *SMALL
        )
        follower = await machine.start("events", "--follow")
        assert follower.stdout
        async with asyncio.timeout(30):
            while json.loads(await follower.stdout.readline())["type"] != "image_completed":
                pass
        process.send_signal(signal.SIGINT)
        await process.communicate()
        follower.terminate()
        await follower.communicate()
        assert process.returncode == 130
        assert machine.events()[-1]["type"] == "batch_cancelled"
        (folder,) = machine.batch_folders()
        assert len(list(folder.glob("*.png"))) == 1
        assert json.loads((folder / "batch.json").read_text())["status"] == "cancelled"


async def test_who_follows_the_log_goes_on_in_the_one_that_takes_its_place(
    machine: Machine, tmp_path: Path
) -> None:
    async with studio(tmp_path) as here:
        await here.make()
        follower = await machine.start("events", "--follow")
        lines = follower.stdout
        assert lines

        async def followed() -> str:
            async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
                while (event := json.loads(await lines.readline()))["type"] != LAST:
                    pass
            return str(event["batchId"])

        await followed()
        mended = asyncio.Event()
        here.app.live_repair.done.subscribe(mended.set)
        await asyncio.to_thread(without_a_gallery, machine.data / DATABASE_NAME)
        await here.app.storage.gallery.batches(GalleryQuery())
        await mended.wait()
        later = await here.make()
        assert await followed() == later.batch_id
        follower.terminate()
        await follower.communicate()


async def test_what_is_missing_of_a_batch_is_made_from_the_terminal(machine: Machine) -> None:
    async with engine_that(FailAtNode(prompt=2, message="no luck")) as engine:
        server = ("--comfyui", engine.url)
        first = await machine.start("generate", "a fox", "-n", "3", *server, "--json", *SMALL)
        batch = json.loads((await first.communicate())[0])
        assert first.returncode == 1
        for _ in ("makes it", "finds nothing missing"):
            again = await machine.start("resume", batch["batchId"], *server, "--json")
            whole = json.loads((await again.communicate())[0])
            assert again.returncode == 0
            assert (whole["status"], whole["seeds"]) == ("complete", batch["seeds"])
            assert len(whole["images"]) == 3


def test_a_batch_that_does_not_exist_cannot_be_resumed(machine: Machine) -> None:
    refused = machine.run("resume", "20261122-141500-000000-9f3a", "--demo")
    assert refused.returncode == 1
    assert "There is no batch" in " ".join(refused.stderr.split())


def test_the_gallery_comes_back_from_the_folders_alone(machine: Machine) -> None:
    machine.run("generate", "a fox", "-n", "2", "--demo", *SMALL)
    before = machine.events()
    for file in machine.data.glob("batchgen.db*"):
        file.unlink()
    done = machine.run("reindex")
    assert done.returncode == 0, done.stderr
    after = machine.events()
    for kind in ("batch_queued", "image_completed", "batch_completed"):
        old = [event for event in before if event["type"] == kind]
        new = [event for event in after if event["type"] == kind]
        assert [{**event, "seq": 0} for event in old] == [{**event, "seq": 0} for event in new]


def test_reindex_ends_in_a_sentence(machine: Machine) -> None:
    machine.run("generate", "a fox", "-n", "2", "--demo", *SMALL)
    done = machine.run("reindex")
    assert done.stdout == (
        "The gallery is rebuilt: 2 images in 1 batch. The database knew all that the folders "
        "know. No problems.\n"
    )
    assert not done.stderr
    (folder,) = machine.batch_folders()
    (folder / "batch.json").write_text("no JSON")
    done = machine.run("reindex")
    assert done.stdout.endswith("Problems: 1.\n")
    assert done.stderr.count("batch.json cannot be read") == 1


def test_reindex_without_the_pictures_says_so_at_its_end_and_fails(machine: Machine) -> None:
    for prompt in ("a fox", "a hare"):
        machine.run("generate", prompt, "-n", "2", "--demo", *SMALL)
    away = machine.images.rename(machine.images.with_name("away"))
    gone = machine.run("reindex")
    assert gone.returncode == 1
    assert gone.stdout == (
        "The gallery is rebuilt: 4 images in 2 batches. The pictures of 2 batches are not there: "
        "these have no folder. Problems: 2.\n"
    )
    away.rename(machine.images)
    assert machine.run("reindex").returncode == 0


def test_reindex_says_what_came_back_when_the_database_was_opened_and_names_each_problem(
    machine: Machine,
) -> None:
    machine.run("generate", "a fox", "-n", "2", "--demo", *SMALL)
    machine.run("generate", "a hare", "-n", "2", "--demo", *SMALL)
    for file in machine.data.glob("batchgen.db*"):
        file.unlink()
    done = machine.run("reindex")
    assert "The database was missing" in done.stderr
    assert done.stdout == (
        "The gallery is rebuilt: 4 images in 2 batches. From the folders came back 4 images, and "
        "2 batches that the database did not know. No problems.\n"
    )
    for file in machine.data.glob("batchgen.db*"):
        file.unlink()
    batches = machine.batch_folders()[0].parent
    for name in ("holiday", "wedding"):
        (batches / name).mkdir()
    done = machine.run("reindex")
    assert "came back 4 images, and 2 batches" in done.stdout
    assert done.stdout.endswith("Problems: 2.\n")
    assert all(name in done.stderr for name in ("holiday", "wedding"))


def test_reindex_of_a_damaged_database_does_not_say_that_it_knew_all(machine: Machine) -> None:
    machine.run("generate", "a fox", "-n", "2", "--demo", *SMALL)
    path = machine.data / DATABASE_NAME
    path.write_bytes(path.read_bytes()[:5000])
    done = machine.run("reindex")
    assert "The database was damaged" in done.stderr
    assert "knew all" not in done.stdout
    assert done.stdout.endswith("No problems.\n")


def test_doctor_finds_a_damaged_database_and_the_next_command_mends_it(machine: Machine) -> None:
    machine.run("generate", "a fox", "-n", "2", "--demo", *SMALL)
    assert machine.run("doctor", "--demo").returncode == 0
    path = machine.data / DATABASE_NAME
    with closing(sqlite3.connect(path)) as raw, raw:
        ((rule,),) = raw.execute("SELECT sql FROM sqlite_schema WHERE name LIKE '%changed'")
        raw.execute("DROP TRIGGER events_are_never_changed")
        raw.execute("UPDATE events SET data = replace(data, '\"at\"', '\"a') WHERE seq = 4")
        raw.execute(rule)
    before = path.read_bytes()
    found = machine.run("doctor", "--demo")
    assert found.returncode == 1
    assert "event 4 cannot be read. Start BatchGen" in " ".join(found.stderr.split())
    assert path.read_bytes() == before, "doctor changes nothing"
    assert "The database was damaged" in machine.run("events").stderr
    assert machine.run("doctor", "--demo").returncode == 0


async def test_the_demo_engine_serves_on_its_own(machine: Machine) -> None:
    process = await machine.start("demo-engine", "--port", "0", "--step-delay", "0")
    assert process.stdout
    line = (await process.stdout.readline()).decode()
    address = line.split()[-1]
    done = machine.run("generate", "a fox", "-n", "2", "--comfyui", address, *SMALL)
    process.terminate()
    await process.communicate()
    assert done.returncode == 0, done.stderr
    assert process.returncode == 0


def test_a_port_that_is_taken_is_told_in_words(machine: Machine, engine: DemoEngine) -> None:
    port = engine.url.rsplit(":", 1)[1]
    refused = machine.run("demo-engine", "--port", port)
    assert refused.returncode == 1
    assert "Choose another with --port" in " ".join(refused.stderr.split())


@asynccontextmanager
async def serving(machine: Machine) -> AsyncIterator[str]:
    """The app, and the line that it has said; in the end it is killed."""
    process = await machine.start("serve", "--demo", "--port", "0")
    try:
        assert process.stdout
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.communicate()


async def test_a_second_copy_says_where_the_first_one_is_and_a_killed_one_is_no_obstacle(
    machine: Machine,
) -> None:
    async with serving(machine) as line:
        second = await asyncio.to_thread(machine.run, "serve", "--demo", "--port", "0")
        assert (second.returncode, second.stdout.strip()) == (0, line)
        assert "already running" in second.stderr
    async with serving(machine) as line:
        assert line.startswith("Open http://127.0.0.1:")


async def test_a_batch_can_be_made_in_the_terminal_beside_the_running_app(
    machine: Machine,
) -> None:
    async with serving(machine):
        command = ("generate", "a fox", "-n", "2", "--demo", *SMALL)
        done = await asyncio.to_thread(machine.run, *command)
        assert done.returncode == 0, done.stderr
    assert [event["seq"] for event in machine.events()] == list(range(1, 8))


def pictures_of(machine: Machine) -> list[Path]:
    return [path for folder in machine.batch_folders() for path in folder.glob("*.png")]


async def test_pictures_are_found_beside_the_running_app(machine: Machine) -> None:
    async with serving(machine):
        for prompt in ("a red fox\nin snow", "a calm sea"):
            command = ("generate", prompt, "-n", "2", "--demo", *SMALL)
            assert (await asyncio.to_thread(machine.run, *command)).returncode == 0
        told = await asyncio.to_thread(machine.run, "search", "FOX", "re")
        as_json = await asyncio.to_thread(
            machine.run, "search", "--json", "--limit", "1", "fox", "seed:"
        )
    assert (told.returncode, told.stderr) == (0, "")
    rows = [line.split("\t") for line in told.stdout.splitlines()]
    assert [row[5] for row in rows] == ["a red fox in snow"] * 2
    assert {row[6] for row in rows} <= set(map(str, pictures_of(machine)))
    found = json.loads(as_json.stdout)
    assert (len(found["images"]), found["total"]) == (1, 2)
    assert (found["images"][0]["id"], found["next"] is None) == (rows[0][1], False)
    assert found["images"][0]["prompt"] == "a red fox\nin snow"
    assert found["search"] == {"understood": ["fox"], "passedOver": ["seed:"]}
    assert '"seed:" is not understood' in as_json.stderr


def test_a_search_that_finds_nothing_says_so_and_one_that_makes_no_sense_is_bad_input(
    machine: Machine,
) -> None:
    for query in (("fox",), ('rating:> "',), ("--", "-a"), ("-",)):
        nothing = machine.run("search", *query)
        assert (nothing.returncode, nothing.stdout) == (0, "")
        assert "Nothing was found." in nothing.stderr
    for wrong in (("--sort", "best"), ("--limit", "0"), ("--nonsense",)):
        assert machine.run("search", "fox", *wrong).returncode == 2
    assert machine.run("search").returncode == 2


def test_pictures_can_be_sorted_as_the_gallery_sorts_them() -> None:
    assert [*ORDERS] == [*ImageOrder]


async def test_a_locked_database_is_told_at_once_and_the_command_goes_on_when_it_is_free(
    machine: Machine,
) -> None:
    machine.run("events")
    async with locked(machine.data / DATABASE_NAME):
        process = await machine.start("generate", "a fox", "-n", "2", "--demo", *SMALL)
        assert process.stderr
        async with asyncio.timeout(30):
            while "in use by another program" not in (await process.stderr.readline()).decode():
                pass
    assert await process.wait() == 0


def test_the_doctor_finds_a_healthy_machine_healthy(machine: Machine) -> None:
    done = machine.run("doctor", "--demo")
    assert done.returncode == 0, done.stderr
    assert "can be written" in done.stderr


def test_the_doctor_says_what_is_wrong(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = machine.run("doctor", "--comfyui", NOBODY, "--output-dir", str(tmp_path / "file" / "x"))
    assert done.returncode == 1
    told = " ".join(done.stderr.split())
    assert "Cannot connect to server" in told
    assert "cannot be written" in told


async def test_the_doctor_looks_at_every_server_and_one_that_answers_is_enough(
    machine: Machine, engine: DemoEngine
) -> None:
    two = ("--comfyui", NOBODY, "--comfyui", engine.url)
    looked = await asyncio.to_thread(machine.run, "doctor", *two)
    told = " ".join(looked.stderr.split())
    assert looked.returncode == 0
    assert f"! Server: Cannot connect to server. Is ComfyUI running at {NOBODY}?" in told
    assert f"a demo engine at {engine.url}" in told
    collected = await asyncio.to_thread(machine.run, "doctor", "--diagnostics", *two)
    assert {f"at {url}" in collected.stdout for url in (NOBODY, engine.url)} == {True}


def test_the_doctor_says_that_something_else_is_in_place_of_the_batches(machine: Machine) -> None:
    machine.images.mkdir()
    (machine.images / "batches").write_text("mine")
    done = machine.run("doctor", "--demo")
    assert done.returncode == 1
    assert "batches is something else than BatchGen keeps there" in " ".join(done.stderr.split())
    assert f"{machine.images} can be written" not in " ".join(done.stderr.split())


def test_the_doctor_misses_the_folders_of_batches_that_the_gallery_knows(machine: Machine) -> None:
    for prompt in ("a fox", "a hen"):
        machine.run("generate", prompt, "-n", "2", "--demo", *SMALL)
    shutil.rmtree(next(machine.images.glob("batches/*")))
    done = machine.run("doctor", "--demo")
    assert done.returncode == 0, "batches could run"
    assert "Of 2 batches, 1 have no folder in" in " ".join(done.stderr.split())


def test_settings_that_make_no_sense_are_kept_beside_and_said(machine: Machine) -> None:
    machine.data.mkdir()
    (machine.data / "settings.json").write_text("{not json")
    done = machine.run("events")
    assert done.returncode == 0
    assert "It is kept as settings.json.broken-" in " ".join(done.stderr.split())
    assert not machine.run("events").stderr


def test_longer_prompts_are_taken_where_the_settings_allow_them(machine: Machine) -> None:
    machine.data.mkdir(parents=True)
    (machine.data / "settings.json").write_text('{"longPrompts": true}')
    made = machine.run("generate", "x" * 600, "-n", "2", *SMALL, "--demo", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["prompt"] == "x" * 600
    refused = machine.run("generate", "x" * 10_001, "--demo", "--json")
    assert "Prompt exceeds 10000 character limit" in refused.stderr


def test_a_saved_style_goes_along_by_its_name(machine: Machine) -> None:
    machine.data.mkdir(parents=True)
    styles = [{"name": "film", "prompt": "film still of {prompt}"}, {"name": "8k", "prompt": "8k"}]
    (machine.data / "styles.json").write_text(json.dumps({"styles": styles}))
    chosen = ("--style", "film", "--style", "8k")
    made = machine.run("generate", "a fox", "-n", "2", *chosen, *SMALL, "--demo", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["prompt"] == "film still of a fox, 8k"
    refused = machine.run("generate", "a fox", "--style", "ink", "--demo", "--json")
    assert refused.returncode == 2
    assert 'There is no style "ink". There are: 8k, film' in " ".join(refused.stderr.split())
