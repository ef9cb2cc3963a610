"""What is added to a model: adapters, LoRA, merges; and unCLIP."""

from typing import Any

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    PLAIN,
    encoder,
    node,
    photo,
    sampler,
    text_to_image,
    without,
)


def lora(model: list[Any], clip: list[Any], name: str = "ink.safetensors") -> dict[str, Any]:
    """A LoRA for model and encoder."""
    return node("LoraLoader", model=model, clip=clip, lora_name=name, strength_model=0.8,
                strength_clip=0.8)  # fmt: skip


ADAPTERS = [
    case(
        "ip-adapter",
        text_to_image(
            photo=photo(), adapter=node("IPAdapterModelLoader", ipadapter_file="plus.safetensors"),
            eyes=node("CLIPVisionLoader", clip_name="CLIP-ViT-H-14.safetensors"),
            like=node("IPAdapterAdvanced", model=["checkpoint", 0], ipadapter=["adapter", 0],
                      image=["photo", 0], clip_vision=["eyes", 0], weight=0.8,
                      weight_type="linear"),
            sampler=sampler(model=["like", 0]),
        ),
        PLAIN, image="photo.image",
    ),
    case(
        "ip-adapter with a unified loader, two pictures and a LoRA",
        text_to_image(
            photo=photo(), style=photo("style.png"),
            ink=lora(["checkpoint", 0], ["checkpoint", 1]),
            unified=node("IPAdapterUnifiedLoader", model=["ink", 0], preset="PLUS"),
            face=node("IPAdapter", model=["unified", 0], ipadapter=["unified", 1],
                      image=["photo", 0], weight=1.0),
            like=node("IPAdapter", model=["face", 0], ipadapter=["unified", 1],
                      image=["style", 0], weight=0.5),
            good=encoder("a knight in a forest", ["ink", 1]),
            sampler=sampler(model=["like", 0]),
        ),
        PLAIN, image="photo.image style.image", lora="ink.lora_name",
    ),
    case(
        "a face that is kept (InstantID)",
        text_to_image(
            photo=photo(), insight=node("InstantIDFaceAnalysis", provider="CPU"),
            instant=node("InstantIDModelLoader", instantid_file="ip-adapter.bin"),
            net=node("ControlNetLoader", control_net_name="instantid.safetensors"),
            face=node("ApplyInstantID", instantid=["instant", 0], insightface=["insight", 0],
                      control_net=["net", 0], image=["photo", 0], model=["checkpoint", 0],
                      positive=["good", 0], negative=["bad", 0], weight=0.8),
            sampler=sampler(model=["face", 0], positive=["face", 1], negative=["face", 2]),
        ),
        PLAIN, image="photo.image",
    ),
    case(
        "unclip: a picture says it, beside the words",
        text_to_image(
            checkpoint=node("unCLIPCheckpointLoader", ckpt_name="sd21-unclip-h.ckpt"),
            photo=photo(),
            seen=node("CLIPVisionEncode", clip_vision=["checkpoint", 3], image=["photo", 0],
                      crop="center"),
            mixed=node("unCLIPConditioning", conditioning=["good", 0],
                       clip_vision_output=["seen", 0], strength=1.0, noise_augmentation=0.1),
            sampler=sampler(positive=["mixed", 0]),
        ),
        PLAIN, image="photo.image",
    ),
    case(
        "unclip of nothing but a picture: its only words are the negative ones",
        without(
            text_to_image(
                photo=photo(),
                eyes=node("CLIPVisionLoader", clip_name="CLIP-ViT-bigG.safetensors"),
                seen=node("CLIPVisionEncode", clip_vision=["eyes", 0], image=["photo", 0],
                          crop="center"),
                zero=node("ConditioningZeroOut", conditioning=["bad", 0]),
                mixed=node("unCLIPConditioning", conditioning=["zero", 0],
                           clip_vision_output=["seen", 0], strength=1.0, noise_augmentation=0.0),
                sampler=sampler(positive=["mixed", 0]),
            ),
            "good",
        ),
        PLAIN, prompt=None, image="photo.image",
    ),
]  # fmt: skip

LORAS = [
    case(
        "one LoRA",
        text_to_image(
            ink=lora(["checkpoint", 0], ["checkpoint", 1]),
            good=encoder("ink drawing of a heron", ["ink", 1]), bad=encoder("blurry", ["ink", 1]),
            sampler=sampler(model=["ink", 0]),
        ),
        PLAIN, lora="ink.lora_name",
    ),
    case(
        "three LoRAs, of which one is for the model only",
        text_to_image(
            ink=lora(["checkpoint", 0], ["checkpoint", 1]),
            hat=lora(["ink", 0], ["ink", 1], "hat.safetensors"),
            fast=node("LoraLoaderModelOnly", model=["hat", 0], lora_name="lcm.safetensors",
                      strength_model=1.0),
            good=encoder("a heron in a hat", ["hat", 1]), bad=encoder("blurry", ["hat", 1]),
            sampler=sampler(model=["fast", 0]),
        ),
        PLAIN, lora="ink.lora_name hat.lora_name fast.lora_name",
    ),
    case(
        "a power lora loader, and a seed node that says -1",
        text_to_image(
            power=node("Power Lora Loader (rgthree)",
                       PowerLoraLoaderHeaderWidget={"type": "PowerLoraLoaderHeaderWidget"},
                       lora_1={"on": True, "lora": "ink.safetensors", "strength": 0.8},
                       lora_2={"on": False, "lora": "hat.safetensors", "strength": 1},
                       model=["checkpoint", 0], clip=["checkpoint", 1]),
            dice=node("Seed (rgthree)", seed=-1),
            good=encoder("a heron", ["power", 1]), bad=encoder("blurry", ["power", 1]),
            sampler=sampler(model=["power", 0], seed=["dice", 0]),
        ),
        PLAIN, seed="dice.seed", lora="power.lora_1 power.lora_2",
    ),
    case(
        "a loader of four LoRAs, two of them none",
        text_to_image(
            four=node("Lora Loader Stack (rgthree)", model=["checkpoint", 0],
                      clip=["checkpoint", 1], lora_01="ink.safetensors", strength_01=1.0,
                      lora_02="hat.safetensors", strength_02=0.5, lora_03="None", strength_03=1.0,
                      lora_04="None", strength_04=1.0),
            good=encoder("a heron", ["four", 1]), bad=encoder("blurry", ["four", 1]),
            sampler=sampler(model=["four", 0]),
        ),
        PLAIN, lora="four.lora_01 four.lora_02 four.lora_03 four.lora_04",
    ),
    case(
        "a stack of LoRAs",
        text_to_image(
            stack=node("CR LoRA Stack", switch_1="On", lora_name_1="ink.safetensors",
                       model_weight_1=1.0, clip_weight_1=1.0, switch_2="Off", lora_name_2="None",
                       model_weight_2=1.0, clip_weight_2=1.0),
            applied=node("CR Apply LoRA Stack", model=["checkpoint", 0], clip=["checkpoint", 1],
                         lora_stack=["stack", 0]),
            good=encoder("a heron", ["applied", 1]),
            sampler=sampler(model=["applied", 0]),
        ),
        PLAIN, lora="stack.lora_name_1 stack.lora_name_2",
    ),
]  # fmt: skip

MERGES = [
    case(
        "two checkpoints merged",
        text_to_image(
            second=node("CheckpointLoaderSimple", ckpt_name="photo.safetensors"),
            merged=node("ModelMergeSimple", model1=["checkpoint", 0], model2=["second", 0],
                        ratio=0.5),
            texts=node("CLIPMergeSimple", clip1=["checkpoint", 1], clip2=["second", 1], ratio=0.5),
            good=encoder("a cat", ["texts", 0]), bad=encoder("blurry", ["texts", 0]),
            sampler=sampler(model=["merged", 0]),
        ),
        PLAIN, model=None, asks={"model": "checkpoint.ckpt_name second.ckpt_name"},
    ),
    case(
        "two checkpoints merged by blocks",
        text_to_image(
            second=node("CheckpointLoaderSimple", ckpt_name="photo.safetensors"),
            merged=node("ModelMergeBlocks", model1=["checkpoint", 0], model2=["second", 0],
                        input=1.0, middle=0.5, out=0.0),
            sampler=sampler(model=["merged", 0]),
        ),
        PLAIN, model=None, asks={"model": "checkpoint.ckpt_name second.ckpt_name"},
    ),
    case(
        "the model from one loader, encoder and VAE from another checkpoint",
        text_to_image(
            second=node("CheckpointLoaderSimple", ckpt_name="anime.safetensors"),
            good=encoder("a cat", ["second", 1]), bad=encoder("blurry", ["second", 1]),
            decode=node("VAEDecode", samples=["sampler", 0], vae=["second", 2]),
        ),
        PLAIN,
    ),
    case(
        "a model that is changed on its way to the sampler",
        text_to_image(
            free=node("FreeU_V2", model=["checkpoint", 0], b1=1.3, b2=1.4, s1=0.9, s2=0.2),
            calm=node("RescaleCFG", model=["free", 0], multiplier=0.7),
            sampler=sampler(model=["calm", 0]),
        ),
        PLAIN,
    ),
]  # fmt: skip

CASES = [*ADAPTERS, *LORAS, *MERGES]
