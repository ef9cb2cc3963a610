"""Nodes about words: text encoders and what mixes their results."""

from batchgen_app.demo.context import Conditioning, Model, NodeContext
from batchgen_app.demo.node_type import (
    Input,
    NodeOutput,
    NodeType,
    Output,
    decimal,
    integer,
    socket,
    text,
)

LARGEST_SIZE = 16384
LARGEST_INTEGER = 2**63 - 1

CLIP = socket("CLIP", "The CLIP model used for encoding the text.")
WORDS = text(multiline=True, dynamicPrompts=True, tooltip="The text to be encoded.")
PLAIN_WORDS = text(multiline=True, dynamicPrompts=True)
CONDITIONING = (
    Output(
        "CONDITIONING",
        "A conditioning containing the embedded text used to guide the diffusion model.",
    ),
)


def _joined(*texts: str) -> Conditioning:
    """One conditioning of several texts, each of them once."""
    return Conditioning(", ".join(dict.fromkeys(text for text in texts if text)))


async def _encode(_: NodeContext, text: str, clip: Model) -> NodeOutput:
    return NodeOutput((Conditioning(text),))


async def _encode_flux(
    _: NodeContext,
    clip: Model,
    clip_l: str,
    t5xxl: str,
    guidance: float,
) -> NodeOutput:
    return NodeOutput((_joined(t5xxl, clip_l),))


async def _encode_sdxl(_: NodeContext, text_g: str, text_l: str, **_others: object) -> NodeOutput:
    return NodeOutput((_joined(text_g, text_l),))


async def _combine(
    _: NodeContext, conditioning_1: Conditioning, conditioning_2: Conditioning
) -> NodeOutput:
    return NodeOutput((_joined(conditioning_1.text, conditioning_2.text),))


async def _zero_out(_: NodeContext, conditioning: Conditioning) -> NodeOutput:
    return NodeOutput((Conditioning(),))


async def _primitive(_: NodeContext, value: object) -> NodeOutput:
    return NodeOutput((value,))


TEXT_NODES = (
    NodeType(
        name="CLIPTextEncode",
        run=_encode,
        required={"text": WORDS, "clip": CLIP},
        outputs=CONDITIONING,
        category="model/conditioning",
        display_name="CLIP Text Encode (Prompt)",
        description=(
            "Encodes a text prompt using a CLIP model into an embedding that can be used to guide "
            "the diffusion model towards generating specific images."
        ),
    ),
    NodeType(
        name="CLIPTextEncodeFlux",
        run=_encode_flux,
        required={
            "clip": socket("CLIP"),
            "clip_l": PLAIN_WORDS,
            "t5xxl": PLAIN_WORDS,
            "guidance": decimal(3.5, 0.0, 100.0, step=0.1),
        },
        outputs=(Output("CONDITIONING"),),
        category="model/conditioning/flux",
        python_module="comfy_extras.nodes_flux",
        new_style=True,
    ),
    NodeType(
        name="CLIPTextEncodeSDXL",
        run=_encode_sdxl,
        required={
            "clip": socket("CLIP"),
            "width": integer(1024, 0, LARGEST_SIZE),
            "height": integer(1024, 0, LARGEST_SIZE),
            "crop_w": integer(0, 0, LARGEST_SIZE, advanced=True),
            "crop_h": integer(0, 0, LARGEST_SIZE, advanced=True),
            "target_width": integer(1024, 0, LARGEST_SIZE),
            "target_height": integer(1024, 0, LARGEST_SIZE),
            "text_g": PLAIN_WORDS,
            "text_l": PLAIN_WORDS,
        },
        outputs=(Output("CONDITIONING"),),
        category="model/conditioning/stable diffusion",
        display_name="CLIP Text Encode (SDXL)",
        python_module="comfy_extras.nodes_clip_sdxl",
        new_style=True,
    ),
    NodeType(
        name="ConditioningCombine",
        run=_combine,
        required={
            "conditioning_1": socket("CONDITIONING"),
            "conditioning_2": socket("CONDITIONING"),
        },
        outputs=(Output("CONDITIONING"),),
        category="model/conditioning/transform",
        display_name="Conditioning (Combine)",
    ),
    NodeType(
        name="ConditioningZeroOut",
        run=_zero_out,
        required={"conditioning": socket("CONDITIONING")},
        outputs=(Output("CONDITIONING"),),
        category="model/conditioning/transform",
        display_name="Conditioning Zero Out",
    ),
    NodeType(
        name="PrimitiveString",
        run=_primitive,
        required={"value": text(multiline=False)},
        outputs=(Output("STRING"),),
        category="utilities/primitive",
        display_name="Text",
        python_module="comfy_extras.nodes_primitive",
        new_style=True,
    ),
    NodeType(
        name="PrimitiveInt",
        run=_primitive,
        required={
            "value": Input(
                "INT",
                {
                    "min": -LARGEST_INTEGER,
                    "max": LARGEST_INTEGER,
                    "control_after_generate": "fixed",
                },
            )
        },
        outputs=(Output("INT"),),
        category="utilities/primitive",
        display_name="Int",
        python_module="comfy_extras.nodes_primitive",
        new_style=True,
    ),
)
