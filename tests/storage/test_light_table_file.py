"""The light table's file: one program of all its modules, and texts that end nothing early."""

import json
import re

import pytest

from batchgen_app.places import assets_dir
from batchgen_app.storage.delivery.light_table import MODULES, embedded, light_table, program
from tests.hard_prompts import PROMPTS


def test_every_module_of_the_page_is_in_it_and_nothing_is_left_to_load() -> None:
    own = {f"pack/{path.name}" for path in (assets_dir() / "pack").glob("*.js")}
    assert own <= set(MODULES)
    script = program()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    wanted = set(re.findall(r'= modules\["([^"]+)"\];', script))
    made = re.findall(r'^modules\["([^"]+)"\] = ', script, re.MULTILINE)
    assert wanted <= set(made)
    assert "</script" not in script


@pytest.mark.parametrize("prompt", [*PROMPTS.values(), "</script>", "<!--<script>", "]]>"])
def test_a_text_ends_nothing_and_comes_back_as_it_was(prompt: str) -> None:
    text = embedded({"prompt": prompt})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"prompt": prompt}


def test_what_stands_in_a_text_is_no_place_of_the_page() -> None:
    page = light_table("id", "{script} {data} <b>", "{style}", [], "").decode()
    assert "<title>{script} {data} &lt;b&gt;</title>" in page
    assert page.count('"about":"{style}"') == 1


def test_nothing_from_anywhere_is_allowed() -> None:
    page = light_table("id", "title", "", [], "").decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert not re.search(r'(?:src|href)="(?!data:)', page.partition("<script>")[0])
