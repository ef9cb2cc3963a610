"""Diagnostics tell what helps, and neither they nor the log tell a secret or a prompt."""

import subprocess
import sys
from pathlib import Path

import pytest

from batchgen_app import logs
from batchgen_app.access.access import open_access
from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Role
from batchgen_app.app import build, default_workflow
from batchgen_app.batches.backend import Backend
from batchgen_app.cli.doctor import collect
from batchgen_app.core.errors import Forbidden, ServerFault
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.language.message import english
from batchgen_app.services import Administration
from batchgen_app.settings import Settings, load_settings, save_settings
from tests.faulty_engine import FailAtNode, FaultPlan
from tests.studio import QUICK, request, studio

SECRET = "hushhush"
WORDS = "whatpeoplewrite"
DOCTOR = (sys.executable, "-m", "batchgen_app", "doctor", "--diagnostics")
NOBODY = "http://127.0.0.1:9"


def of(app: Backend, **changes: bool) -> Diagnostics:
    settings = app.settings
    return Diagnostics(
        settings.data_dir,
        settings.output_dir,
        lambda: app.servers.all,
        app.storage.gallery,
        window=lambda: "qt",
        lan=lambda: changes.get("lan", False),
    )


def planted(folder: Path, address: str) -> Settings:
    """Secrets wherever a person may put some."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    save_settings(folder / "data", comfyui_url=address, comfyui_headers=headers)
    return load_settings(data_dir=folder / "data", output_dir=folder / "images", environment={})


async def make(app: Backend) -> None:
    """Batches with words in every place that takes some; the first image of each fails."""
    workflow = default_workflow().nodes
    workflow["note"] = {
        "class_type": "CLIPTextEncode",
        "inputs": {"text": WORDS, "clip": ["checkpoint", 1]},
    }
    asked = {"prompt": WORDS, "negativePrompt": WORDS, "batchCount": 2}
    for more in ({}, {"workflow": workflow}):
        batch = (await app.batch_service.start(request(**asked, **more))).batch
        await app.queue.ended(batch.batch_id)


async def test_neither_diagnostics_nor_logs_tell_a_secret_or_a_prompt(tmp_path: Path) -> None:
    told = f"{WORDS} {SECRET}"
    plan = FaultPlan(FailAtNode(prompt=1, message=told), FailAtNode(prompt=3, message=told))
    async with DemoEngine(DemoSettings(step_delay=0.0, load_delay=0.0, hooks=plan)) as engine:
        settings = planted(tmp_path, engine.url)
        with logs.written(settings.data_dir, logs.APP):
            async with (
                build(settings, timeouts=QUICK) as app,
                open_access(settings.data_dir, "127.0.0.1") as access,
            ):
                await access.codes.load()
                codes = [access.codes[role] for role in Role]
                await make(app)
                app.server.fault = ServerFault(english(told))
                text = await of(app).text()
        texts = [text, await collect(settings), *logs.latest(settings.data_dir, 10_000)]
    assert "image_failed" in text
    assert "2 " in next(line for line in text.splitlines() if line.startswith("Batches: "))
    for hidden in (SECRET, WORDS, "Bearer", *codes, *(code.replace("-", "") for code in codes)):
        assert not [line for line in texts if hidden in line]


async def test_they_tell_versions_server_folders_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    async with DemoEngine(DemoSettings(step_delay=0.0, comfyui_version="0.9.9")) as engine:
        settings = planted(tmp_path, engine.url)
        with logs.written(settings.data_dir, logs.APP):
            async with build(settings, timeouts=QUICK) as app:
                batch = (await app.batch_service.start(request(batchCount=2))).batch
                await app.queue.ended(batch.batch_id)
                text = await of(app, lan=True).text()
    facts = dict(line.split(": ", 1) for line in text.split("\n\n")[0].splitlines())
    assert facts["Server"] == f"demo engine at {engine.url}"
    assert facts["Version"] == "0.9.9"
    assert facts["Data"].startswith("~/data (")
    assert facts["Images"].endswith(" GB free)")
    assert (facts["Window"], facts["Network"], facts["Batches"]) == ("qt", "open", "1 complete")
    assert str(tmp_path) not in text


async def test_they_are_only_for_those_who_may_do_everything(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        administration = Administration(here.app, of(here.app))
        assert await administration.diagnostics(Caller(Role.FULL))
        with pytest.raises(Forbidden):
            await administration.diagnostics(Caller(Role.VIEW))


@pytest.mark.parametrize(
    ("address", "server"),
    [(NOBODY, "Answers: ServerUnreachable"), (f"http://me:{SECRET}@studio", "sense")],
)
def test_the_command_prints_them_whatever_is_out_of_order(
    tmp_path: Path, address: str, server: str
) -> None:
    (tmp_path / "batchgen.db").write_text("no database")
    folders = ("--data-dir", str(tmp_path), "--output-dir", str(tmp_path / "images"))
    done = subprocess.run(
        [*DOCTOR, "--comfyui", address, *folders],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert server in done.stdout
    assert "Batches: none" in done.stdout
    assert SECRET not in done.stdout + done.stderr
