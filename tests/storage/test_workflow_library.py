"""The folder of workflows, in which people put files and from which they take some away."""

import asyncio
import json
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from batchgen_app.core.errors import Conflict, NotFound, StorageError
from batchgen_app.storage import kept_files, summary_cache
from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.storage.workflow_digest import digest_of
from batchgen_app.storage.workflow_library import WorkflowLibrary
from batchgen_app.storage.workflow_summary import Summary, summary_of
from tests.local_trouble.disks import disk
from tests.workflow_files import all_in
from tests.workflows.graphs import text_to_image

MINE = KeptWorkflow(name="mine", workflow=text_to_image())


def put(folder: Path, name: str, content: object) -> None:
    folder.mkdir(exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text, encoding="utf-8")


def there(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_what_cannot_be_used_is_named_with_its_reason_and_stays(tmp_path: Path) -> None:
    bad = {
        "broken.json": "{",
        "deep.json": "[" * 100_000,
        "list.json": [1],
        "no nodes.json": {"workflow": {"a": 1}},
        "of tomorrow.json": {**MINE.to_json(), "colour": "red"},
        "inspect.json": text_to_image(),
        "flux.json": text_to_image(),
        "a picture.png": "",
    }
    put(tmp_path, "mine.json", MINE.to_json())
    put(tmp_path, "._mine.json", "what another system puts beside it")
    for name, content in bad.items():
        put(tmp_path, name, content)
    shelf = await WorkflowLibrary(tmp_path).look()
    told = {file.filename: str(file.why) for file in shelf.unusable}
    assert (list(shelf.kept), set(told)) == (["mine"], set(bad))
    assert "colour is not known here" in told["of tomorrow.json"]
    assert '"flux (2).json"' in told["flux.json"]
    assert "Import it" in told["a picture.png"]
    assert there(tmp_path) == {"mine.json", "._mine.json", *bad}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files that nobody can read")
async def test_a_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    put(tmp_path, "mine.json", MINE.to_json())
    (tmp_path / "theirs.json").symlink_to("/proc/self/mem")  # reading its beginning fails
    shelf = await WorkflowLibrary(tmp_path).look()
    assert (list(shelf.kept), [file.filename for file in shelf.unusable]) == (
        ["mine"],
        ["theirs.json"],
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
async def test_a_file_whose_name_is_no_text_is_shown_and_stays(tmp_path: Path) -> None:
    put(tmp_path, "mine.json", MINE.to_json())
    put(tmp_path, "bad\udcff.json", MINE.to_json())
    put(tmp_path, "\u202egnp.json", {**MINE.to_json(), "name": "\u202egnp"})
    shelf = await WorkflowLibrary(tmp_path).look()
    told = {file.filename: str(file.why) for file in shelf.unusable}
    assert (list(shelf.kept), set(told)) == (["mine"], {"bad\ufffd.json", "\ufffdgnp.json"})
    assert '"bad-.json"' in told["bad\ufffd.json"]
    assert there(tmp_path) == {"mine.json", "bad\udcff.json", "\u202egnp.json"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has disks that a story can mount")
async def test_a_folder_that_may_not_be_written_says_so_and_keeps_all(tmp_path: Path) -> None:
    with disk(tmp_path / "small") as on_it:
        library = WorkflowLibrary(tmp_path / "small" / "workflows")
        await library.add(MINE)
        on_it.forbid_writing()
        for refused in (
            library.add(MINE.model_copy(update={"name": "more"})),
            library.change("mine", {"fields": {"sampler.steps": 3}}),
            library.change("mine", {"name": "more"}),
            library.delete("mine"),
        ):
            with pytest.raises(StorageError, match="cannot be written"):
                await refused
        assert await all_in(library) == {"mine": MINE}
        on_it.allow_writing()
        await library.delete("mine")
        await library.restore("mine")
        assert await all_in(library) == {"mine": MINE}


async def test_one_that_was_renamed_in_the_folder_is_called_like_its_file(tmp_path: Path) -> None:
    put(tmp_path, "theirs.json", MINE.to_json())
    assert [kept.name for kept in (await WorkflowLibrary(tmp_path).look()).kept.values()] == [
        "theirs"
    ]


async def test_every_one_that_was_deleted_can_be_had_back_also_those_of_one_name(
    tmp_path: Path,
) -> None:
    library = WorkflowLibrary(tmp_path)
    for steps in (1, 2, 3):
        await library.add(MINE.model_copy(update={"fields": {"sampler.steps": steps}}))
        await library.delete("mine")
    assert not await all_in(library)
    lying = await library.deleted()
    assert {one.id for one in lying} == {"mine", "mine (2)", "mine (3)"}
    for one in lying:
        await library.restore(one.id)
    back = await all_in(library)
    assert {kept.fields["sampler.steps"] for kept in back.values()} == {1, 2, 3}
    assert await library.deleted() == []


async def test_one_is_not_had_back_over_another(tmp_path: Path) -> None:
    library = WorkflowLibrary(tmp_path)
    await library.add(MINE)
    await library.delete("mine")
    await library.add(MINE.model_copy(update={"fields": {"sampler.steps": 9}}))
    with pytest.raises(Conflict):
        await library.restore("mine")
    assert (await library.get("mine")).fields == {"sampler.steps": 9}
    assert [one.id for one in await library.deleted()] == ["mine"]


async def test_who_has_seen_an_older_one_changes_nothing(tmp_path: Path) -> None:
    library = WorkflowLibrary(tmp_path)
    await library.add(MINE)
    seen = (await library.get("mine")).revision
    await library.change("mine", {"roles": {"prompt": ["bad.text"]}}, seen={seen})
    with pytest.raises(Conflict, match="somebody else"):
        await library.change("mine", {"roles": {}}, seen={seen})
    by_hand = (await library.get("mine")).revision
    put(tmp_path, "mine.json", {**MINE.to_json(), "fields": {"sampler.steps": 4}})
    with pytest.raises(Conflict):
        await library.change("mine", {"roles": {}}, seen={by_hand})
    (tmp_path / "mine.json").unlink()
    with pytest.raises(NotFound):
        await library.change("mine", {"roles": {}}, seen={by_hand})


async def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    library = WorkflowLibrary(tmp_path)
    names = [await library.add(MINE, make_free=True) for _ in range(3)]
    flux = await library.add(MINE.model_copy(update={"name": "flux"}), make_free=True)
    assert (names, flux) == (["mine", "mine 2", "mine 3"], "flux 2")


async def test_its_stamp_tells_whatever_happens_in_the_folder(tmp_path: Path) -> None:
    library = WorkflowLibrary(tmp_path)
    seen = [await library.stamp()]
    put(tmp_path, "mine.json", MINE.to_json())
    seen.append(await library.stamp())
    assert await library.stamp() == seen[-1]
    await library.delete("mine")
    seen.append(await library.stamp())
    put(tmp_path, "mine.json", {**MINE.to_json(), "name": "another"})
    seen.append(await library.stamp())
    assert all(earlier != later for earlier, later in pairwise(seen))


def test_a_graph_is_the_same_however_a_browser_gives_it_back() -> None:
    graph = text_to_image()
    turned = json.loads(json.dumps(graph).replace("7.0", "7"))
    turned = dict(reversed(turned.items()))
    assert digest_of(turned) == digest_of(graph)
    turned["sampler"]["inputs"]["cfg"] = 7.5
    assert digest_of(turned) != digest_of(graph)


async def test_each_file_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(kept: KeptWorkflow) -> Summary:
        read.append(kept.name)
        return summary_of(kept)

    monkeypatch.setattr(kept_files, "summary_of", counting)
    library = WorkflowLibrary(tmp_path)
    put(tmp_path, "bad.json", "{")
    for name in ("a", "b"):
        put(tmp_path, f"{name}.json", MINE.to_json())
    shelves = await asyncio.gather(*(library.look() for _ in range(4)))
    assert all(shelf == shelves[0] for shelf in shelves)
    assert await library.summary("a") == shelves[0].kept["a"]
    assert sorted(read) == ["a", "b"]
    put(tmp_path, "b.json", {**MINE.to_json(), "roles": {"prompt": ["bad.text"]}})
    assert (await library.look()).kept["b"].roles["prompt"] == ["bad.text"]
    put(tmp_path, "bad.json", MINE.to_json())
    assert set((await library.look()).kept) == {"a", "b", "bad"}
    assert sorted(read) == ["a", "b", "b", "bad"]
    (tmp_path / "a.json").unlink()
    with pytest.raises(NotFound):
        await library.summary("a")


async def test_who_knows_an_older_name_finds_what_it_became(tmp_path: Path) -> None:
    library = WorkflowLibrary(tmp_path)
    await library.add(MINE)
    for before, after in (("mine", "b"), ("b", "mine"), ("mine", "c")):
        await library.change(before, {"name": after})
        assert await library.id_now(before) == after
    assert [await library.id_now(one) for one in ("mine", "b", "c")] == ["c", "c", "c"]
    await library.add(MINE)
    assert await library.id_now("mine") == "mine"
    await library.delete("c")
    assert await library.id_now("b") == "c"


async def test_what_is_known_of_a_file_is_known_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(kept: KeptWorkflow) -> Summary:
        read.append(kept.name)
        return summary_of(kept)

    monkeypatch.setattr(kept_files, "summary_of", counting)
    folder, known = tmp_path / "workflows", tmp_path / "known.json"
    first = WorkflowLibrary(folder, known)
    for name in ("first", "second"):
        await first.add(MINE.model_copy(update={"name": name}))
    before = (await first.look()).kept
    assert (await WorkflowLibrary(folder, known).look()).kept == before
    assert read == ["first", "second"]
    put(folder, "second.json", {**MINE.to_json(), "roles": {"prompt": ["bad.text"]}})
    after = (await WorkflowLibrary(folder, known).look()).kept
    assert after["second"].roles["prompt"] == ["bad.text"]
    assert read == ["first", "second", "second"]
    for damage in ('{"half": ', '{"no key": {"name": 1}}'):
        known.write_text(damage)
        assert (await WorkflowLibrary(folder, known).look()).kept == after


async def test_another_version_understands_each_file_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, known = tmp_path / "workflows", tmp_path / "known.json"
    await WorkflowLibrary(folder, known).add(MINE)
    assert (await WorkflowLibrary(folder, known).look()).kept["mine"].questions == 0
    monkeypatch.setattr(summary_cache, "_RULES", "of the next version")
    later = (await WorkflowLibrary(folder, known).look()).kept["mine"]
    monkeypatch.setattr(kept_files, "summary_of", lambda kept: replace(later, questions=1))
    assert (await WorkflowLibrary(folder, known).look()).kept["mine"].questions == 0
    monkeypatch.setattr(summary_cache, "_RULES", "of the one after it")
    assert (await WorkflowLibrary(folder, known).look()).kept["mine"].questions == 1
