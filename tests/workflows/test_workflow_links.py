"""A value may come through a link: it is written where it is kept, or where it is used."""

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.workflow import Workflow
from tests.core.writing import EVERYTHING, changed, filled_in, given_to
from tests.workflows.graphs import encoder, node, sampler, text_to_image, value_of


def test_values_that_primitive_nodes_keep_are_written_there() -> None:
    before = text_to_image(
        words={"class_type": "PrimitiveString", "inputs": {"value": "a cat"}},
        chance=node("PrimitiveInt", value=1),
        way={"class_type": "Reroute", "inputs": {"": ["chance", 0]}},
        wide=node("Width", width=512, method="exact"),
        good=encoder(["words", 0]),
        sampler=sampler(seed=["way", 0]),
        latent=node("EmptyLatentImage", width=["wide", 0], height=512, batch_size=1),
    )
    after = filled_in(Workflow.parse(before), EVERYTHING).for_seed(42).nodes
    differences = changed(before, after)
    assert differences["words.value"] == "a red fox"
    assert differences["chance.value"] == 42
    assert differences["wide.width"] == 768
    assert after["good"]["inputs"]["text"] == ["words", 0]


def test_a_primitive_that_others_read_too_is_left_alone() -> None:
    before = text_to_image(
        side=node("PrimitiveInt", value=512),
        words=node("PrimitiveString", value="a cat"),
        latent=node("EmptyLatentImage", width=["side", 0], height=["side", 0], batch_size=1),
        good=encoder(["words", 0]),
        save=node("SaveImage", images=["decode", 0], filename_prefix=["words", 0]),
    )
    after = filled_in(Workflow.parse(before), EVERYTHING).saving_to("BatchGen/1").nodes
    assert (after["side"], after["words"]) == (before["side"], before["words"])
    assert (after["latent"]["inputs"]["width"], after["latent"]["inputs"]["height"]) == (768, 640)
    assert after["good"]["inputs"]["text"] == "a red fox"
    assert after["save"]["inputs"]["filename_prefix"] == "BatchGen/1"


def test_a_primitive_that_two_samplers_read_is_written_once_for_both() -> None:
    before = text_to_image(
        chance=node("PrimitiveInt", value=1),
        sampler=sampler(seed=["chance", 0]),
        again=sampler(seed=["chance", 0], latent_image=["sampler", 0]),
        decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    )
    after = Workflow.parse(before).for_seed(42).nodes
    assert changed(before, after) == {"chance.value": 42}


def test_a_number_that_is_computed_is_replaced_where_it_is_used() -> None:
    before = text_to_image(
        next=node("MathExpression", expression="a + 1", a=["chance", 0]),
        chance=node("PrimitiveInt", value=1),
        sampler=sampler(seed=["next", 0]),
    )
    after = Workflow.parse(before).for_seed(42).nodes
    assert after["sampler"]["inputs"]["seed"] == 42
    assert after["next"] == before["next"]


def test_a_text_that_is_put_together_is_asked_about_and_never_cut_off() -> None:
    before = text_to_image(
        style=node("PrimitiveString", value=", ink drawing"),
        joined=node("StringConcatenate", string_a="a cat", string_b=["style", 0], delimiter=""),
        good=encoder(["joined", 0]),
    )
    workflow = Workflow.parse(before)
    parts = [str(slot) for slot in workflow.found.choices["prompt"]]
    assert parts == ["joined.string_a", "style.value"]
    after = filled_in(workflow.corrected({"prompt": ["joined.string_a"]}), EVERYTHING).nodes
    assert value_of(after, ["good", 0]) == {"a red fox, ink drawing"}


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        (node("StringReplace", string="a cat", find="cat", replace="dog"), "source.string"),
        (node("StringTrim", string="a cat", mode="both"), "source.string"),
        (node("Wildcards", text="a {cat|dog}", seed=["sampler", 0]), "source.text"),
        (node("LoadText", path="prompts/cat.txt"), "good.text"),
    ],
    ids=lambda given: given["class_type"] if isinstance(given, dict) else given,
)
def test_a_prompt_goes_where_a_person_typed_one_else_to_the_encoder(
    source: JsonObject, typed: str
) -> None:
    before = text_to_image(source=source, good=encoder(["source", 0]))
    assert changed(before, given_to(before, prompt="a fox")) == {
        typed: "a fox",
        "latent.batch_size": 1,
    }


def test_what_is_computed_stays_where_nothing_is_given() -> None:
    before = text_to_image(
        joined=node("StringConcatenate", string_a="blurry", string_b=", text"),
        bad=encoder(["joined", 0]),
    )
    assert given_to(before, prompt="a fox")["bad"] == before["bad"]


def test_links_to_nowhere_and_in_circles_are_no_places() -> None:
    graph = text_to_image(
        good=encoder(["gone", 0]),
        one=node("ConditioningCombine", conditioning_1=["two", 0], conditioning_2=["bad", 0]),
        two=node("ConditioningCombine", conditioning_1=["one", 0], conditioning_2=["two", 0]),
        left={"class_type": "Reroute", "inputs": {"": ["right", 0]}},
        right={"class_type": "Reroute", "inputs": {"": ["left", 0]}},
        sampler=sampler(negative=["one", 0], seed=["left", 0], guider=["sampler", 0]),
    )
    workflow = Workflow.parse(graph)
    assert not workflow.roles.prompt
    assert [slot.node_id for slot in workflow.roles.negative_prompt] == ["bad"]
    assert workflow.for_seed(42).nodes["sampler"]["inputs"]["seed"] == 42


def test_parameters_are_read_through_links_and_unknown_where_they_are_computed() -> None:
    parameters = Workflow.parse(
        text_to_image(
            side=node("PrimitiveInt", value=640),
            more=node("MathExpression", a=["side", 0]),
            latent=node("EmptyLatentImage", width=["side", 0], height=["side", 0], batch_size=1),
            sampler=sampler(steps=["more", 0], cfg=7),
        )
    ).parameters()
    assert (parameters.width, parameters.height) == (640, 640)
    assert (parameters.steps, parameters.cfg) == (None, 7.0)
