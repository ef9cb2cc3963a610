"""Whole documents, in which others' converters find what ours finds."""

from batchgen_app.core.wire import JsonObject
from tests.workflows.editor.documents import ENTRANCE, box, document, drawn, sampler, text_to_image

MUTED, BYPASSED = 2, 4
LINKED: JsonObject = {
    "model": (4, 0),
    "positive": (6, 0),
    "negative": (7, 0),
    "latent_image": (5, 0),
}
ENTERING: JsonObject = {name: (ENTRANCE, slot) for slot, name in enumerate(LINKED)}


def switched_off() -> JsonObject:
    """Notes, reroutes, nodes that are muted or bypassed, and a widget that became an input."""
    return document(
        *text_to_image(
            sampler=sampler(3, model=(21, 0), steps=(23, 0)),
            good=box(6, "CLIPTextEncode", ["a {red|red} cat"], clip=(20, 1), text=None),
        ),
        box(20, "LoraLoader", ["x", 1, 1], mode=BYPASSED, model=(4, 0), clip=(4, 1)),
        box(21, "Reroute", None, way=(22, 0)),
        box(22, "Reroute", None, way=(20, 0)),
        box(23, "PrimitiveInt", [33, "fixed"], outputs=["INT"]),
        box(24, "Note", ["hello"]),
        box(25, "PreviewImage", [], mode=MUTED, images=(8, 0)),
    )


def subgraphs() -> JsonObject:
    """One within another, with values at the outside."""
    inner = "5b0e7e0c-2f4a-4c7e-9a55-0d6f1c2b3a41"
    outer = "9d1f1c52-77b0-4f0e-8a1d-3c5e6f708192"
    sampling = drawn(
        sampler(30, **ENTERING, steps=(ENTRANCE, 4), seed=(ENTRANCE, 5)),
        inputs=(*LINKED, "steps", "seed"),
        outputs=(("LATENT", (30, 0)),),
    )
    around = drawn(
        box(40, inner, [5, 6], outputs=["LATENT"], **ENTERING, steps=(ENTRANCE, 4), seed=None),
        inputs=(*LINKED, "steps"),
        outputs=(("LATENT", (40, 0)),),
    )
    host = box(3, outer, [8], outputs=["LATENT"], **LINKED, steps=None)
    return document(*text_to_image(sampler=host), subgraphs={inner: sampling, outer: around})


WHOLE = {"switched off": switched_off, "subgraphs": subgraphs}
