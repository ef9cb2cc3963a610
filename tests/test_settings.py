"""What holds for a start, and what is remembered for the next ones."""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batchgen_app.core.errors import InvalidRequest, StorageError
from batchgen_app.core.form_defaults import FormDefaults
from batchgen_app.settings import (
    Appearance,
    SavedSettings,
    load_settings,
    save_settings,
    saved_settings,
)

NOTHING: dict[str, str] = {}


def written(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    return content


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert settings.comfyui_url is None
    assert settings.stall_seconds == 300.0


def test_names_and_proxies_are_taken_as_people_write_them(tmp_path: Path) -> None:
    given = {
        "allowedHosts": ["Pictures.Example."],
        "trustedProxies": ["10.0.0.1/8", "::1"],
        "rootPath": "/pictures/",
    }
    (tmp_path / "settings.json").write_text(json.dumps(given))
    saved = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert saved.allowed_hosts == ("pictures.example",)
    assert saved.trusted_proxies == ("10.0.0.0/8", "::1")
    assert saved.root_path == "/pictures"
    told = load_settings(
        data_dir=tmp_path,
        allowed_hosts=["other.example"],
        trusted_proxies=["127.0.0.1"],
        root_path="",
        environment=NOTHING,
    )
    assert told.allowed_hosts == ("other.example",)
    assert told.trusted_proxies == ("127.0.0.1",)
    assert told.root_path == ""


@pytest.mark.parametrize(
    "given",
    [
        *({"allowedHosts": names} for names in ("a.example", ["a b"])),
        {"trustedProxies": ["a"]},
        {"rootPath": "pictures"},
    ],
)
def test_names_and_proxies_that_make_no_sense_let_nobody_in(
    tmp_path: Path, given: dict[str, object]
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps(given))
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert (settings.allowed_hosts, settings.trusted_proxies, settings.root_path) == ((), (), "")
    assert "settings.json" in settings.notices[0]


def test_what_was_saved_holds_for_the_next_start(tmp_path: Path) -> None:
    save_settings(
        tmp_path,
        comfyui_url="http://studio:8188",
        output_dir=tmp_path / "pictures",
        stall_seconds=60.0,
    )
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert settings.comfyui_url == "http://studio:8188"
    assert settings.output_dir == tmp_path / "pictures"
    assert settings.stall_seconds == 60.0


def test_the_command_line_counts_before_the_environment_and_that_before_the_file(
    tmp_path: Path,
) -> None:
    save_settings(tmp_path, comfyui_url="http://saved:1", output_dir=tmp_path / "saved")
    around = {"BATCHGEN_COMFYUI_URL": "http://around:2", "BATCHGEN_OUTPUT_DIR": "/around"}
    settings = load_settings(data_dir=tmp_path, comfyui=["http://told:3"], environment=around)
    assert settings.comfyui_url == "http://told:3"
    assert settings.output_dir == Path("/around")
    assert load_settings(data_dir=tmp_path, environment=NOTHING).comfyui_url == "http://saved:1"


def test_saving_one_thing_leaves_the_others_and_what_it_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"fromTomorrow": [1], "stallSeconds": 60}')
    save_settings(tmp_path, appearance=Appearance.DARK)
    assert written(tmp_path) == {"fromTomorrow": [1], "stallSeconds": 60, "appearance": "dark"}


def test_none_takes_a_setting_back_to_its_default(tmp_path: Path) -> None:
    save_settings(tmp_path, comfyui_url="http://studio:8188", appearance=Appearance.LIGHT)
    assert save_settings(tmp_path, comfyui_url=None).comfyui_url is None
    assert written(tmp_path) == {"appearance": "light"}


@pytest.mark.parametrize(
    "change", [{"stall_seconds": 1.0}, {"stall_seconds": "soon"}, {"appearance": "pink"}]
)
def test_what_breaks_a_limit_is_refused_and_nothing_is_written(
    tmp_path: Path, change: dict[str, object]
) -> None:
    save_settings(tmp_path, stall_seconds=60.0)
    with pytest.raises(InvalidRequest) as refused:
        save_settings(tmp_path, **change)
    assert refused.value.problems
    assert written(tmp_path) == {"stallSeconds": 60.0}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_can_read_the_file_because_headers_may_be_secrets(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{}")
    save_settings(tmp_path, comfyui_headers={"Authorization": "Bearer 1"})
    assert stat.S_IMODE((tmp_path / "settings.json").stat().st_mode) == 0o600


def test_secrets_do_not_show_where_settings_are_printed(tmp_path: Path) -> None:
    saved = save_settings(tmp_path, comfyui_headers={"Authorization": "Bearer 1"})
    assert "Bearer" not in repr(saved)


def test_no_half_written_file_is_left_behind(tmp_path: Path) -> None:
    save_settings(tmp_path / "new", appearance=Appearance.DARK)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["{", "[1]", "\xff", "", "[" * 100_000, '"{}"'])
def test_a_file_that_makes_no_sense_is_kept_beside_and_the_usual_settings_hold(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(text.encode("latin-1"))
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert settings.comfyui_url is None
    (kept,) = tmp_path.glob("settings.json.broken-*")
    assert kept.read_bytes() == text.encode("latin-1")
    assert kept.name in settings.notices[0]
    assert not load_settings(data_dir=tmp_path, environment=NOTHING).notices


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def endless(path: Path) -> None:
    path.touch()
    os.truncate(path, 64 * 1000**3)


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes nor holes in files")
@pytest.mark.parametrize("harm", [a_pipe, a_device, endless, a_link_to_itself])
def test_only_a_file_of_bounded_size_is_read_and_what_else_is_there_is_kept_beside(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    harm(tmp_path / "settings.json")
    assert saved_settings(tmp_path).appearance is Appearance.SYSTEM
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    (kept,) = (name for name in os.listdir(tmp_path) if ".broken-" in name)  # noqa: PTH208
    assert kept in settings.notices[0]
    assert not load_settings(data_dir=tmp_path, environment=NOTHING).notices
    save_settings(tmp_path, appearance=Appearance.DARK)
    assert written(tmp_path) == {"appearance": "dark"}


def test_a_link_to_a_file_of_settings_is_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"appearance": "dark"}')
    (tmp_path / "settings.json").symlink_to("mine.json")
    assert saved_settings(tmp_path).appearance is Appearance.DARK


def test_how_the_server_is_spoken_to_holds_for_the_one_that_is_given(tmp_path: Path) -> None:
    listed = {"servers": [{"address": "http://fleet", "kind": "comfy-api"}]}
    (tmp_path / "settings.json").write_text(json.dumps(listed))
    for given in ((), ("http://fleet",)):
        found = load_settings(data_dir=tmp_path, comfyui=given, environment=NOTHING)
        assert [server.kind for server in found.listed] == ["comfy-api"]
    other = load_settings(data_dir=tmp_path, comfyui=["http://studio"], environment=NOTHING)
    assert [server.kind for server in other.listed] == ["comfyui"]


def test_a_server_is_known_again_however_its_address_is_written(tmp_path: Path) -> None:
    listed = {"servers": [{"address": "http://127.0.0.1:8189", "name": "attic", "id": "a"}]}
    (tmp_path / "settings.json").write_text(json.dumps(listed))
    given = ("http://127.0.0.1:8189/", "http://LOCALHOST:8189", "http://localhosting:8189")
    found = load_settings(data_dir=tmp_path, comfyui=given, environment=NOTHING).listed
    assert [(server.key, server.name) for server in found[:1]] == [("a", "attic")]
    assert [server.address for server in found[1:]] == ["http://localhosting:8189"]


def test_a_server_that_is_listed_twice_is_there_once_and_each_has_an_id_of_its_own(
    tmp_path: Path,
) -> None:
    listed = [
        {"address": "http://attic:8188", "name": "first", "id": "x"},
        {"address": "http://attic:8188/", "name": "again"},
        {"address": "http://cellar:8188", "id": "x"},
        {"address": "http://shed:8188", "id": "demo"},
    ]
    (tmp_path / "settings.json").write_text(json.dumps({"servers": listed}))
    found = load_settings(data_dir=tmp_path, environment=NOTHING).listed
    assert [server.shown_name for server in found] == ["first", "cellar:8188", "shed:8188"]
    assert len({server.key for server in found}) == 3
    assert not any(server.is_demo for server in found)


def test_a_server_that_makes_no_sense_does_not_cost_the_others(tmp_path: Path) -> None:
    good = [{"address": f"http://{name}:8188", "name": name} for name in ("attic", "shed", "barn")]
    bad = [{"address": 5, "kind": "warp"}, {"kind": "comfyui"}, "http://cellar:8188"]
    listed = [good[0], bad[0], good[1], bad[1], bad[2], good[2]]
    (tmp_path / "settings.json").write_text(json.dumps({"servers": listed}))
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert [server.name for server in settings.listed] == ["attic", "shed", "barn"]
    assert "what of it does holds" in settings.notices[0]
    assert written(tmp_path) == {"servers": good}


def test_one_bad_setting_does_not_cost_the_others(tmp_path: Path) -> None:
    content = {"comfyuiUrl": "http://studio:8188", "stallSeconds": "soon", "fromTomorrow": [1]}
    (tmp_path / "settings.json").write_text(json.dumps(content))
    assert saved_settings(tmp_path).comfyui_url == "http://studio:8188"
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert (settings.comfyui_url, settings.stall_seconds) == ("http://studio:8188", 300.0)
    assert "what of it does holds" in settings.notices[0]
    del content["stallSeconds"]
    assert written(tmp_path) == content


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("lan", value) for value in ("yes", "true", "on", "1", 1, 1.0, [True])),
        *(("stallSeconds", value) for value in ("60", True)),
        *(("outputDir", value) for value in ("", " ", "pic\0tures", 5)),
        *(("comfyuiUrl", value) for value in ("http://studio:99999", "studio:port", 8188)),
        *(("defaults", {"batchCount": value}) for value in ("8", 8.0, True)),
    ],
)
def test_what_a_setting_may_have_meant_is_not_guessed_but_told(
    tmp_path: Path, name: str, value: object
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({name: value, "appearance": "dark"}))
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert "Not all of settings.json made sense" in settings.notices[0]
    assert saved_settings(tmp_path) == SavedSettings(appearance=Appearance.DARK)
    assert not settings.lan


@pytest.mark.parametrize("value", [True, False])
def test_true_lets_others_in(tmp_path: Path, *, value: bool) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"lan": value}))
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert (settings.lan, settings.notices) == (value, ())


def test_a_file_that_breaks_while_the_app_runs_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    assert saved_settings(tmp_path).appearance is Appearance.SYSTEM
    assert save_settings(tmp_path, appearance=Appearance.DARK).appearance is Appearance.DARK
    assert written(tmp_path) == {"appearance": "dark"}
    assert len(list(tmp_path.glob("settings.json.broken-*"))) == 1


def test_a_file_that_cannot_be_opened_is_left_alone_and_said(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    settings = load_settings(data_dir=tmp_path, environment=NOTHING)
    assert "cannot be read" in settings.notices[0]
    with pytest.raises(StorageError, match="is not remembered"):
        save_settings(tmp_path, appearance=Appearance.DARK)


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="settings"):
        save_settings(tmp_path / "data", appearance=Appearance.DARK)


def test_what_a_new_form_begins_with_is_kept_and_one_bad_value_does_not_cost_the_others(
    tmp_path: Path,
) -> None:
    wanted = {"batchCount": 8, "seedMode": "incremental", "baseParameters": {"steps": 30}}
    save_settings(tmp_path, defaults=FormDefaults.parse(wanted))
    assert written(tmp_path) == {"defaults": wanted}
    broken = {**wanted, "batchCount": 99, "baseParameters": {"steps": 30, "width": 65}}
    (tmp_path / "settings.json").write_text(json.dumps({"defaults": broken}))
    (notice,) = load_settings(data_dir=tmp_path, environment=NOTHING).notices
    assert "what of it does holds" in notice
    kept = saved_settings(tmp_path).defaults
    assert (kept.batch_count, kept.seed_mode, kept.base_parameters.steps) == (5, "incremental", 30)
    assert kept.base_parameters.width is None
