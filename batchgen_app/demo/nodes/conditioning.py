"""Nodes about words: text encoders and what mixes their results."""

from batchgen_app.demo.context import NodeContext
from batchgen_app.demo.node_type import NodeOutput, NodeType, Output, decimal, integer, socket, text
from batchgen_app.demo.values import Conditioning, Model

LARGEST_SIZE = 16384
LARGEST_INTEGER = 2**63 - 1

CLIP = socket("CLIP", "The CLIP model used for encoding the text.")
WORDS = text(multiline=True, dynamicPrompts=True, tooltip="The text to be encoded.")
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
        category="conditioning",
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
            "clip": CLIP,
            "clip_l": WORDS,
            "t5xxl": WORDS,
            "guidance": decimal(3.5, 0.0, 100.0, step=0.1),
        },
        outputs=(Output("CONDITIONING"),),
        category="advanced/conditioning/flux",
        python_module="comfy_extras.nodes_flux",
    ),
    NodeType(
        name="CLIPTextEncodeSDXL",
        run=_encode_sdxl,
        required={
            "clip": CLIP,
            "width": integer(1024, 0, LARGEST_SIZE),
            "height": integer(1024, 0, LARGEST_SIZE),
            "crop_w": integer(0, 0, LARGEST_SIZE),
            "crop_h": integer(0, 0, LARGEST_SIZE),
            "target_width": integer(1024, 0, LARGEST_SIZE),
            "target_height": integer(1024, 0, LARGEST_SIZE),
            "text_g": WORDS,
            "text_l": WORDS,
        },
        outputs=(Output("CONDITIONING"),),
        category="advanced/conditioning",
        python_module="comfy_extras.nodes_clip_sdxl",
    ),
    NodeType(
        name="ConditioningCombine",
        run=_combine,
        required={
            "conditioning_1": socket("CONDITIONING"),
            "conditioning_2": socket("CONDITIONING"),
        },
        outputs=(Output("CONDITIONING"),),
        category="conditioning",
        display_name="Conditioning (Combine)",
    ),
    NodeType(
        name="ConditioningZeroOut",
        run=_zero_out,
        required={"conditioning": socket("CONDITIONING")},
        outputs=(Output("CONDITIONING"),),
        category="advanced/conditioning",
    ),
    NodeType(
        name="PrimitiveString",
        run=_primitive,
        required={"value": text()},
        outputs=(Output("STRING"),),
        category="utils/primitive",
        display_name="String",
        python_module="comfy_extras.nodes_primitive",
    ),
    NodeType(
        name="PrimitiveInt",
        run=_primitive,
        required={
            "value": integer(0, -LARGEST_INTEGER, LARGEST_INTEGER, control_after_generate=True)
        },
        outputs=(Output("INT"),),
        category="utils/primitive",
        display_name="Int",
        python_module="comfy_extras.nodes_primitive",
    ),
)
