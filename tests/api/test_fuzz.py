"""Whatever is sent to the API, it answers as it describes itself: schemathesis tries it out.

All checks are on. One of them, that everything which fits the schema is accepted, is off for the
calls of which more is asked than a schema can say.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.api.visitor import Visitor, visit
from tests.faulty_engine import HangWhileSampling
from tests.studio import MODEL

SEED = 20261122
CASES_PER_CALL = 8
SECONDS = 120
PICTURES = 20
"""Made before the fuzzing begins; later ones are never finished, which saves the painting."""

CONFIG = """
seed = {seed}
continue-on-failure = true
suppress-health-check = ["all"]

[generation]
max-examples = {cases}
database = "none"
dictionaries.string = {{ dictionary = "names", probability = 0.3 }}

[dictionaries]
names.values = {names}
batches.values = {batches}
images.values = {images}
servers.values = {servers_known}

[parameters]
"path.batch_id" = {{ dictionary = "batches", probability = 0.7 }}
"path.server_id" = {{ dictionary = "servers", probability = 0.7 }}
"path.image_id" = {{ dictionary = "images", probability = 0.7 }}

[[operations]]  # the server knows the model, nothing is blank, 3.0 is no whole number
include-operation-id = ["startBatchGeneration", "markImage", "markImages"]
checks.positive_data_acceptance.enabled = false

[[operations]]  # the end comes after the start
include-operation-id = "listBatches"
checks.positive_data_acceptance.enabled = false

[[operations]]  # it has no end that could be waited for
include-operation-id = "followEvents"
enabled = false

[[operations]]  # they take away the server on which all others rest
include-operation-id = ["addServer", "changeServer", "removeServer"]
enabled = {apart}
checks.positive_data_acceptance.enabled = false

[[operations]]  # what was deleted before may be there behind them
include-operation-id = ["restoreBatch", "restoreImage", "restoreWorkflow"]
enabled = {apart}

[[operations]]  # a server is one of the list
include-operation-id = "moveBatch"
checks.positive_data_acceptance.enabled = false

[[operations]]  # a cursor is one of ours
include-operation-id = ["findImages"]
checks.positive_data_acceptance.enabled = false

[[operations]]  # a batch has only so many images, a file a workflow, the server a model
include-operation-id = ["downloadImages", "inspectWorkflow", "sayModelFamily", "uploadPicture",
    "importPicture"]
checks.positive_data_acceptance.enabled = false

[[operations]]  # what is kept is a workflow, with a name of its own
include-operation-id = ["keepWorkflow", "changeWorkflow"]
checks.positive_data_acceptance.enabled = false

[[operations]]  # a name is not blank and not taken, and a file has styles in it
include-operation-id = ["keepStyle", "changeStyle", "importStyles"]
checks.positive_data_acceptance.enabled = false
"""


async def test_no_call_surprises_whoever_read_the_description(tmp_path: Path) -> None:
    hang = (HangWhileSampling(prompt=number) for number in range(PICTURES + 1, 1000))
    async with visit(tmp_path, *hang) as (here, visitor):
        batches = [await visitor.make(batchCount=PICTURES // 2) for _ in range(2)]
        (tmp_path / "schemathesis.toml").write_text(config(batches, here.app.server.id))
        await try_out(tmp_path, visitor)


async def test_nor_does_one_that_upsets_what_others_rest_on(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        content = config([await visitor.make()], here.app.server.id, apart=True)
        (tmp_path / "schemathesis.toml").write_text(content)
        await try_out(tmp_path, visitor, "--include-path-regex", "^/servers|/restore$")


async def try_out(folder: Path, visitor: Visitor, *options: str) -> None:
    """Have all calls tried out that the settings in ``folder`` do not leave out."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"),
        *("run", f"{visitor.base_url}openapi.json", *options),
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(SECONDS):
        told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()


def config(batches: list[str], server: str, *, apart: bool = False) -> str:
    numbers = range(1, PICTURES // 2 + 1)
    return CONFIG.format(
        seed=SEED,
        cases=CASES_PER_CALL,
        names=json.dumps([MODEL, "euler", "normal", "random", "a red fox"]),
        batches=json.dumps(batches),
        images=json.dumps([f"{batch}-{number:03d}" for batch in batches for number in numbers]),
        apart=json.dumps(apart),
        servers_known=json.dumps([server]),
    )
