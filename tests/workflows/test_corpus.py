"""The finder is measured on graphs in the shapes that people bring, with what a server tells about
its nodes, and without.
"""

from collections import Counter
from types import ModuleType

import pytest

from batchgen_app.workflows.node_types import NodeTypes
from tests.workflows.corpus import (
    control,
    detailers,
    families,
    films,
    flux,
    guiders,
    loaders,
    models,
    odd,
    pictures,
    popular,
    popular_changes,
    stable_diffusion,
    stages,
    texts,
    tools,
)
from tests.workflows.corpus.case import ASKED, RIGHT, WRONG, Case, verdict
from tests.workflows.corpus.core_nodes import CORE
from tests.workflows.corpus.pack_nodes import PACKS
from tests.workflows.corpus.popular_nodes import POPULAR

MODULES: tuple[ModuleType, ...] = (
    stable_diffusion, flux, families, pictures, stages, control, models, guiders, loaders,
    detailers, texts, films, tools, odd, popular, popular_changes,
)  # fmt: skip
CASES: dict[str, Case] = {
    f"{module.__name__.rpartition('.')[2]}: {case.name}": case
    for module in MODULES
    for case in module.CASES
}
TOLD: NodeTypes = {**CORE, **PACKS, **POPULAR}
WAYS: dict[str, NodeTypes] = {"told": TOLD, "untold": {}}
LEAST_RIGHT = 0.95
UNTOLD = {"Reroute", "Note"}
"""What only the page knows."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_what_is_found_is_right_or_asked_about(name: str, way: str) -> None:
    found, differing = verdict(CASES[name], WAYS[way])
    assert found != WRONG, differing


@pytest.mark.parametrize("way", WAYS)
def test_nearly_all_is_right_without_help(way: str) -> None:
    verdicts = {name: verdict(case, WAYS[way])[0] for name, case in CASES.items()}
    count = Counter(verdicts.values())
    asked = [name for name, found in verdicts.items() if found == ASKED]
    assert count[WRONG] == 0
    assert count[RIGHT] >= LEAST_RIGHT * len(CASES), asked


def test_the_corpus_is_large_and_all_its_nodes_are_told_about() -> None:
    assert len(CASES) == sum(len(module.CASES) for module in MODULES) > 200
    used = {node["class_type"] for case in CASES.values() for node in case.graph.values()}
    assert used - TOLD.keys() == UNTOLD
