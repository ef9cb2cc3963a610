"""A graph of which nothing can come is refused before it starts (line 9): what a server tells about
its node types decides, and what it does not tell speaks for the graph.
"""

from difflib import get_close_matches
from typing import Any

import pytest

from batchgen_app.comfy.refusals import MOST_COMPLAINTS
from batchgen_app.comfy.validation import faults, require_runnable, spelled
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.workflows import node_types
from batchgen_app.workflows.graph import Slot
from tests.workflows.graphs import node, text_to_image

CHECKPOINTS = ["dreams.safetensors", "SDXL\\Apple.safetensors"]
Told = dict[str, Any]


def told(*, output: bool = False, module: str = "nodes", **inputs: object) -> Told:
    """What a server tells about a node type."""
    return {
        "input": {"required": inputs},
        "output_node": output,
        "python_module": module,
    }


SERVER: dict[str, Told | None] = {
    "CheckpointLoaderSimple": told(ckpt_name=[CHECKPOINTS, {}]),
    "CLIPTextEncode": told(text=["STRING", {}], clip=["CLIP"]),
    "EmptyLatentImage": told(width=["INT", {}], height=["INT", {}], batch_size=["INT", {}]),
    "KSampler": told(
        sampler_name=["COMBO", {"options": ["euler", "ddim"]}],
        scheduler=[["normal"], {}],
        seed=["INT", {}],
    ),
    "VAEDecode": told(samples=["LATENT"], vae=["VAE"]),
    "SaveImage": told(output=True, images=["IMAGE"], filename_prefix=["STRING", {}]),
}


def refusal(graph: dict[str, Any], **server: Told | None) -> tuple[str, str]:
    """Code and message of the one problem; empty where the graph may give something."""
    try:
        require_runnable(graph, {**SERVER, **server})
    except InvalidRequest as error:
        (problem,) = error.problems
        assert problem.field == "workflow"
        return problem.code, problem.message
    return "", ""


def ending_in(class_type: str, **inputs: Any) -> dict[str, Any]:
    """The usual graph with another end."""
    return text_to_image(save=node(class_type, **(inputs or {"images": ["decode", 0]})))


def test_what_the_server_can_make_is_not_refused() -> None:
    assert refusal(text_to_image()) == ("", "")


class TestOutputs:
    def test_a_graph_without_an_output_is_refused(self) -> None:
        graph = text_to_image()
        del graph["save"]
        code, message = refusal(graph)
        assert (code, message) == (
            "no_output",
            "The workflow has no output. Add a Save Image node to it.",
        )

    @pytest.mark.parametrize(
        ("kind", "inputs", "types"),
        [
            ("PreviewAny", {"source": ["decode", 0]}, {"source": ["*", {}]}),
            ("SaveLatent", {"samples": ["sampler", 0]}, {"samples": ["LATENT"]}),
            ("SaveAudio", {"audio": ["sound", 0]}, {"audio": ["AUDIO"], "quality": ["COMBO", {}]}),
            ("CheckpointSave", {"model": ["checkpoint", 0]}, {"model": ["MODEL"], "x": [["a"]]}),
        ],
    )
    def test_one_that_gives_no_picture_is_refused_by_its_name(
        self, kind: str, inputs: Told, types: Told
    ) -> None:
        known = told(output=True, module="comfy_extras.nodes_x", **types)
        code, message = refusal(ending_in(kind, **inputs), **{kind: known})
        assert code == "no_output"
        assert f"{kind} (node save) gives none. Add a Save Image node" in message

    @pytest.mark.parametrize(
        ("kind", "known"),
        [
            ("PreviewImage", told(output=True, images=["IMAGE"])),
            ("SaveAnimatedWEBP", told(output=True, module="comfy_extras.x", images=["IMAGE"])),
            ("SaveVideo", told(output=True, module="comfy_extras.x", video=["VIDEO"])),
            ("MaskPreview", told(output=True, module="comfy_extras.x", mask=["MASK"])),
            ("ImageCompositor", told(output=True, module="comfy_extras.x", layers=["LAYERS"])),
            (
                "SaveImageWebsocket",
                told(output=True, module="custom_nodes.websocket_image_save", images=["IMAGE"]),
            ),
            ("Shown anything", told(output=True, module="custom_nodes.x", anything=["*"])),
            ("No module", {"output_node": True}),
            ("Cannot be asked", None),
        ],
    )
    def test_one_that_keeps_sends_or_may_give_a_picture_is_not(
        self, kind: str, known: Told | None
    ) -> None:
        assert refusal(ending_in(kind), **{kind: known}) == ("", "")

    def test_a_text_beside_the_picture_does_no_harm(self) -> None:
        known = told(output=True, source=["*", {}])
        graph = text_to_image(note=node("PreviewAny", source=["decode", 0]))
        assert refusal(graph, PreviewAny=known) == ("", "")


class TestNodes:
    def test_a_missing_one_is_named_by_title_and_id(self) -> None:
        graph = ending_in("Fancy Save")
        graph["save"]["_meta"] = {"title": "My Save"}
        code, message = refusal(graph, **{"Fancy Save": {}})
        assert code == "missing_node"
        assert message == (
            'The server does not know the node "My Save" (Fancy Save, node save). Install the '
            "custom nodes that it belongs to, then restart ComfyUI."
        )

    def test_many_missing_ones_are_counted(self) -> None:
        many = {f"n{i}": node(f"Gone {i}", x=i) for i in range(9)}
        _, message = refusal(text_to_image(**many), **{f"Gone {i}": {} for i in range(9)})
        assert len(message.splitlines()) == 6
        assert message.endswith("… and 4 more.")

    def test_one_that_cannot_be_asked_about_is_left_to_the_server(self) -> None:
        assert refusal(text_to_image(more=node("Unheard")), Unheard=None) == ("", "")

    def test_one_type_is_named_once_however_many_nodes_are_of_it(self) -> None:
        graph = text_to_image(**{f"n{i}": node("Gone", x=i) for i in range(9)})
        assert refusal(graph, Gone={})[1].count("Gone (node n0)") == 1
        assert "n1" not in refusal(graph, Gone={})[1]
        assert [fault.node_id for fault in faults(graph, {**SERVER, "Gone": {}})] == ["n0"]


class TestModels:
    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("dream.safetensors", "Did you mean dreams.safetensors?"),
            ("dream.ckpt", "Did you mean dreams.safetensors?"),
            (
                "alpha-1.safetensors",
                "Put it there, or choose another one in the workflow.",
            ),
            ("?.ckpt", "Put it there, or choose another one in the workflow."),
        ],
    )
    def test_a_missing_one_is_named_with_its_loader(self, name: str, hint: str) -> None:
        graph = text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name=name))
        needed = f'CheckpointLoaderSimple (node checkpoint) needs the model "{name}"'
        message = f"{needed}, which the server does not have in models/checkpoints. {hint}"
        assert refusal(graph) == ("missing_model", message)

    def test_a_server_that_lists_none_has_none(self) -> None:
        _, message = refusal(
            text_to_image(), CheckpointLoaderSimple=told(ckpt_name=["COMBO", {"options": []}])
        )
        assert message.endswith("It has none of this kind.")

    @pytest.mark.parametrize(
        "combo",
        [
            ["COMBO", {"remote": {"route": "/internal/checkpoints"}}],
            ["COMBO"],
            ["STRING", {}],
            [[{"content": "dreams.safetensors", "image": "dreams.png"}], {}],
            None,
        ],
    )
    def test_a_list_that_is_not_told_refuses_nothing(self, combo: object) -> None:
        graph = text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name="x.safetensors"))
        assert refusal(graph, CheckpointLoaderSimple=told(ckpt_name=combo)) == ("", "")

    def test_a_name_that_comes_over_a_link_is_not_judged(self) -> None:
        graph = text_to_image(
            name=node("CLIPTextEncode", text="x"),
            checkpoint=node("CheckpointLoaderSimple", ckpt_name=["name", 0]),
        )
        assert refusal(graph) == ("", "")

    def test_a_sampler_that_is_missing_is_one_more_of_the_kind(self) -> None:
        graph = text_to_image()
        graph["sampler"]["inputs"]["sampler_name"] = "res_4s"
        code, message = refusal(graph)
        assert code == "missing_model"
        assert 'KSampler (node sampler) needs "res_4s" as sampler_name' in message

    def test_a_picture_in_a_folder_does_not_stand_in_the_list_and_may_be_there(self) -> None:
        graph = text_to_image(picture=node("LoadImage", image="folder/me.png [input]"))
        known = told(image=[["me.png"], {"image_upload": True}])
        assert refusal(graph, LoadImage=known) == ("", "")

    def test_one_output_that_has_all_it_needs_is_enough(self) -> None:
        lora = node("LoraLoader", lora_name="gone.safetensors", model=["checkpoint", 0])
        known = told(lora_name=[[], {}], model=["MODEL"])
        shown = {"lora": lora, "other": node("SaveImage", images=["lora", 0])}
        assert refusal(text_to_image(**shown), LoraLoader=known) == ("", "")
        graph = text_to_image(**shown)
        graph["sampler"]["inputs"]["model"] = ["lora", 0]
        assert refusal(graph, LoraLoader=known)[0] == "missing_model"


class TestSpelling:
    @pytest.mark.parametrize("name", ["SDXL/Apple.safetensors", "sdxl/apple.safetensors"])
    def test_files_of_a_windows_server_go_by_its_own_names(self, name: str) -> None:
        graph = text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name=name))
        slot = Slot("checkpoint", "ckpt_name")
        assert list(spelled(graph, SERVER)) == [(slot, "SDXL\\Apple.safetensors")]

    def test_so_do_those_of_another_system(self) -> None:
        graph = text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name="a\\B.ckpt"))
        server = {"CheckpointLoaderSimple": told(ckpt_name=[["a/B.ckpt", "a/b.ckpt"]])}
        assert [name for _, name in spelled(graph, server)] == ["a/B.ckpt"]

    def test_where_capital_letters_count_another_name_is_another_file(self) -> None:
        graph = text_to_image(
            checkpoint=node("CheckpointLoaderSimple", ckpt_name="Dreams.safetensors")
        )
        assert not list(spelled(graph, SERVER))
        assert refusal(graph)[1].endswith("Did you mean dreams.safetensors?")


def test_a_huge_graph_is_judged_in_a_moment() -> None:
    """Each output and each fault is looked at once, not each with each other."""
    many = {
        f"{i}": node("LoraLoader", lora_name="x.safetensors", model=[f"{i - 1}", 0])
        for i in range(20_000)
    }
    many["0"]["inputs"]["model"] = "none"
    saves = {f"s{i}": node("SaveImage", images=[f"{i}", 0]) for i in range(0, 20_000, 2)}
    known = told(lora_name=[[], {}], model=["MODEL"])
    assert refusal({**many, **saves}, LoraLoader=known)[0] == "missing_model"


class TestVeryLongLists:
    """Of a server with very many models, for a graph that wants very many that it lacks."""

    NAMES = tuple(
        f"family-{i % 97}/{i:05d}-dreams-of-{i * 7919 % 10007}.sft" for i in range(20_000)
    )

    def graph(self) -> dict[str, Any]:
        wanted = {
            f"l{i}": node("LoraLoader", lora_name=f"{i:05d}-dream.sft", model=[f"l{i - 1}", 0])
            for i in range(1, 1_000)
        }
        wanted["l1"]["inputs"]["model"] = ["checkpoint", 0]
        graph = text_to_image(**wanted)
        graph["sampler"]["inputs"]["model"] = ["l999", 0]
        return graph

    def test_only_what_is_shown_gets_a_hint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """1,000 missing of 20,000 took 0.6 s each, ten minutes in all; now it is less than 1 s."""
        compared: list[int] = []

        def counting(wanted: str, names: list[str], n: int) -> list[str]:
            compared.append(len(names))
            return get_close_matches(wanted, names, n)

        monkeypatch.setattr(node_types, "get_close_matches", counting)
        known = told(lora_name=[list(self.NAMES), {}], model=["MODEL"])
        assert not list(spelled(self.graph(), {**SERVER, "LoraLoader": known}))
        _, message = refusal(self.graph(), LoraLoader=known)
        assert message.endswith("… and 994 more.")
        assert compared == [node_types.MOST_COMPARED] * MOST_COMPLAINTS

    def test_the_name_that_was_meant_is_found_among_all(self) -> None:
        offer = node_types.Offer(frozenset(self.NAMES))
        assert offer.nearest(self.NAMES[4711].replace("dreams", "dream")) == self.NAMES[4711]
        assert offer.nearest("x" * 100_000) is None


def test_a_lora_of_a_list_is_spelled_as_the_server_has_it_and_one_that_it_lacks_is_named() -> None:
    names = [["Styles\\Ink.safetensors", "rain.safetensors"], {}]
    server = {**SERVER, "LoraLoader": told(lora_name=names), "Power Lora Loader (rgthree)": told()}
    entry = {"on": True, "lora": "styles/ink.safetensors", "strength": 0.5}
    power = node("Power Lora Loader (rgthree)", lora_1=entry, model=["checkpoint", 0])
    sampler = {**text_to_image()["sampler"]["inputs"], "model": ["power", 0]}
    graph = text_to_image(power=power, sampler=node("KSampler", **sampler))
    spelt = {**entry, "lora": "Styles\\Ink.safetensors"}
    assert dict(spelled(graph, server)) == {Slot("power", "lora_1"): spelt}

    entry["lora"] = "rein.safetensors"
    (fault,) = faults(graph, server)
    assert (fault.code, fault.node_id) == ("missing_model", "power")
    assert 'needs the model "rein.safetensors"' in str(fault.message)
    assert "rain.safetensors" in str(fault.message)
    entry["on"] = False
    assert faults(graph, server) == []


LOADERS = {
    "UNETLoader": ("unet_name", "models/diffusion_models"),
    "DualCLIPLoader": ("clip_name2", "models/text_encoders"),
    "CLIPVisionLoader": ("clip_name", "models/clip_vision"),
    "VAELoader": ("vae_name", "models/vae"),
    "ControlNetLoader": ("control_net_name", "models/controlnet"),
    "UpscaleModelLoader": ("model_name", "models/upscale_models"),
    "CR LoRA Stack": ("lora_name_3", "models/loras"),
    "Lora Loader Stack (rgthree)": ("lora_04", "models/loras"),
}


@pytest.mark.parametrize("loader", LOADERS)
def test_what_is_missing_is_told_once_with_the_folder_where_it_goes(loader: str) -> None:
    name, folder = LOADERS[loader]
    graph = {
        "one": node(loader, **{name: "gone.safetensors"}),
        "two": node(loader, **{name: "gone.safetensors"}),
        "other": node(loader, **{name: "lost.safetensors"}),
    }
    known: dict[str, Any] = {name: [["here.safetensors"], {}]}
    found = faults(graph, {loader: told(**known)})
    assert [fault.node_id for fault in found] == ["one", "other"]
    assert f'"gone.safetensors", which the server does not have in {folder}. ' in found[0].message


def test_where_a_node_of_a_pack_looks_for_its_files_is_not_guessed() -> None:
    known = {"Odd": told(net=[["here.pth"], {}])}
    (fault,) = faults({"1": node("Odd", net="gone.pth")}, known)
    assert "which the server does not have. Put it into its folder" in fault.message
