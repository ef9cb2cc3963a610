"""Wiring that is seldom, and all the same right: dead ends, both sides, shared values, odd ids."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    PLAIN,
    encoder,
    node,
    photo,
    sampler,
    save,
    text_to_image,
    without,
)
from tests.workflows.graphs import renamed

NUMBERED = dict(
    zip(
        ("checkpoint", "good", "bad", "latent", "sampler", "decode", "save"),
        ("4", "6", "7", "5", "3", "8", "9"),
        strict=True,
    )
)
INSIDE = {name: f"57:{number}" for name, number in NUMBERED.items()}


def with_ids(ids: dict[str, str]) -> dict[str, str]:
    """The plain roles, with these node ids."""

    def changed(slot: str) -> str:
        node_id, _, name = slot.partition(".")
        return f"{ids[node_id]}.{name}" if name else ids[node_id]

    return {role: changed(slot) for role, slot in PLAIN.items()}


CASES = [
    case("the ids of the editor's first example", renamed(text_to_image(), NUMBERED),
         with_ids(NUMBERED)),
    case("ids of a subgraph", renamed(text_to_image(), INSIDE), with_ids(INSIDE)),
    case("a sampler that nothing reads",
         text_to_image(dog=encoder("a dog"), other=sampler(positive=["dog", 0])), PLAIN),
    case("a whole branch whose picture nobody saves",
         text_to_image(
             second=node("CheckpointLoaderSimple", ckpt_name="photo.safetensors"),
             dog=encoder("a dog", ["second", 1]),
             other=sampler(model=["second", 0], positive=["dog", 0]),
             seen=node("VAEDecode", samples=["other", 0], vae=["second", 2])), PLAIN),
    case("an encoder that nothing reads", text_to_image(old=encoder("an old idea")), PLAIN),
    case("no negative at all",
         without(text_to_image(sampler=sampler(negative=["good", 0])), "bad"), PLAIN,
         negativePrompt=None),
    case("positive and negative are the same encoder, with a place for words in a second one",
         text_to_image(
             both=node("ConditioningCombine", conditioning_1=["good", 0],
                       conditioning_2=["bad", 0]),
             sampler=sampler(positive=["both", 0])), PLAIN),
    case("one number for width and height",
         text_to_image(side=node("PrimitiveInt", value=768),
                       latent=node("EmptyLatentImage", width=["side", 0], height=["side", 0],
                                   batch_size=1)), PLAIN),
    case("a number for both samplers' steps",
         text_to_image(
             count=node("PrimitiveInt", value=20), sampler=sampler(steps=["count", 0]),
             again=sampler(steps=["count", 0], latent_image=["sampler", 0], denoise=0.5),
             decode=node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2])),
         PLAIN, steps="count.value", seed="sampler.seed again.seed", cfg="sampler.cfg again.cfg",
         samplerName="sampler.sampler_name again.sampler_name",
         scheduler="sampler.scheduler again.scheduler", denoise="again.denoise"),
    case("a primitive number that is no seed",
         text_to_image(count=node("PrimitiveInt", value=25), sampler=sampler(steps=["count", 0])),
         PLAIN, steps="count.value"),
    case("a size that is computed from a picture's",
         text_to_image(photo=photo(), size=node("GetImageSize", image=["photo", 0]),
                       latent=node("EmptyLatentImage", width=["size", 0], height=["size", 1],
                                   batch_size=1)), PLAIN, image="photo.image"),
    case("a size chosen from a list of shapes",
         text_to_image(latent=node("SDXL Empty Latent Image (rgthree)",
                                   dimensions="1024 x 1024 (square)", clip_scale=2.0,
                                   batch_size=1)), PLAIN, width=None, height=None),
    case("sampler and scheduler from nodes that hold them",
         text_to_image(which=node("Sampler Selector", sampler_name="dpmpp_2m"),
                       how=node("Scheduler Selector", scheduler="karras"),
                       sampler=sampler(sampler_name=["which", 0], scheduler=["how", 0])), PLAIN,
         samplerName="which.sampler_name", scheduler="how.scheduler"),
    case("a checkpoint by a name from a node",
         text_to_image(name=node("Checkpoint Selector", ckpt_name="dreams.safetensors"),
                       checkpoint=node("CheckpointLoaderSimple", ckpt_name=["name", 0])), PLAIN,
         model="name.ckpt_name"),
    case("links to nowhere",
         text_to_image(sampler=sampler(vae=["gone", 0], mask=["gone", 3])), PLAIN),
    case("a seed that is computed",
         text_to_image(dice=node("PrimitiveInt", value=5),
                       more=node("MathExpression|pysssss", expression="a+1", a=["dice", 0]),
                       sampler=sampler(seed=["more", 0])), PLAIN),
    case("set and get: a value under a name",
         text_to_image(put=node("SetNode", value=["good", 0]),
                       sampler=sampler(positive=["put", 0])), PLAIN),
    case("two savers of one picture",
         text_to_image(more=save(["decode", 0])), PLAIN, output="more"),
    case("the sampler's own notes on text",
         text_to_image(note=node("Note", text="use at most 30 steps")), PLAIN),
]  # fmt: skip
