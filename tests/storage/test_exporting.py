"""Exporting while somebody else is at work in the folders."""

import subprocess
from pathlib import Path

from batchgen_app.storage.delivery.exporting import Exporter
from tests.studio import studio


def check_sums(pack: Path) -> None:
    subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=pack, check=True)


async def test_a_picture_that_goes_while_a_pack_is_written_is_told_and_the_rest_is_there(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=3)
        await here.app.storage.gallery.catch_up(here.app.storage.log)
        last = here.app.storage.store.folder(batch.batch_id) / batch.pictures[-1].filename
        steps: list[int] = []

        def go_away(what: str, done: int, total: int) -> None:
            assert what == "Exporting pictures"
            steps.append(done)
            if done == 1:
                last.unlink()

        exporter = Exporter(here.app.storage, "", None, version="1", progress=go_away)
        done = await exporter.export(tmp_path / "to", pack=True)
        assert steps == list(range(max(steps) + 1))
        (problem,) = done.problems
        assert last.name in problem
        check_sums(tmp_path / "to")
        sums = (tmp_path / "to/SHA256SUMS").read_text(encoding="utf-8").splitlines()
        assert [line[66:] for line in sums if line[0] == "#"] == [f"pictures/{last.name}"]
        assert not (tmp_path / "to/pictures" / last.name).exists()
