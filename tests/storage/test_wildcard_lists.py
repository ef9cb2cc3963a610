"""Lists of options in YAML and JSON files: under which names, and what makes no sense."""

from pathlib import Path

import pytest

from batchgen_app.storage.wildcard_lists import lists_in


def found(name: str, text: str) -> dict[str, list[str]]:
    lists = lists_in(Path(name), text)
    return {name: [str(option) for option in each.get_values()] for name, each in lists.items()}


def test_keys_within_keys_are_names_like_folders() -> None:
    yaml = "colour:\n  dark: [red, '2::blue']\n  light: pale\n"
    assert found("x.yaml", yaml) == {"colour/dark": ["red", "blue"], "colour/light": ["pale"]}
    assert found("x.json", '{"a": {"b": ["c"]}}') == {"a/b": ["c"]}


def test_a_list_is_called_as_its_file() -> None:
    assert found("trees.json", '["oak", 5, "elm"]') == {"trees": ["oak", "5", "elm"]}


def test_a_file_without_anything_has_an_empty_list() -> None:
    assert found("x.yaml", "") == found("x.json", "null") == {"x": []}


def test_names_that_stand_for_each_other_again_and_again_are_refused() -> None:
    lines = ["a0: &a0 {}", *(f"a{n}: &a{n} {{x: *a{n - 1}, y: *a{n - 1}}}" for n in range(1, 40))]
    with pytest.raises(ValueError, match="more than 20000 names"):
        lists_in(Path("x.yaml"), "\n".join(lines))


@pytest.mark.parametrize(
    ("name", "text"), [("x.yaml", "a: ["), ("x.json", "{"), ("x.yaml", "\x00")]
)
def test_what_makes_no_sense_is_a_value_error(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        lists_in(Path(name), text)
