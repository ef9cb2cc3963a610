"""Pictures that are changed, and several samplers or pictures side by side."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    NO_SIZE,
    PLAIN,
    decoded,
    encoded,
    encoder,
    node,
    photo,
    preview,
    sampler,
    save,
    text_to_image,
)
from tests.workflows.corpus.stages import both

PICTURES = [
    case(
        "img2img",
        text_to_image(photo=photo(), latent=encoded(), sampler=sampler(denoise=0.6)),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
    case(
        "img2img side by side, each changing more of it",
        text_to_image(
            photo=photo(), latent=encoded(), sampler=sampler(denoise=0.3),
            other=sampler(latent_image=["latent", 0], denoise=0.6),
            seen=decoded(["other", 0]), more=save(["seen", 0]),
        ),
        {**PLAIN, **both("sampler", "other"), **NO_SIZE}, image="photo.image", output="more",
        denoise=None, asks={"denoise": "other.denoise sampler.denoise"},
    ),
    case(
        "img2img of a picture that is brought to a size first",
        text_to_image(
            photo=photo(),
            fitting=node("ImageScale", image=["photo", 0], upscale_method="lanczos", width=768,
                         height=512, crop="center"),
            latent=encoded(["fitting", 0]), sampler=sampler(denoise=0.6),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
    case(
        "img2img, several of one",
        text_to_image(
            photo=photo(), one=encoded(),
            latent=node("RepeatLatentBatch", samples=["one", 0], amount=4),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
    case(
        "inpaint with a mask for the noise",
        text_to_image(
            photo=photo(), one=encoded(),
            latent=node("SetLatentNoiseMask", samples=["one", 0], mask=["photo", 1]),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
    case(
        "inpaint with a model made for it, and a mask from another file",
        text_to_image(
            photo=photo(), mask=node("LoadImageMask", image="mask.png", channel="red"),
            latent=node("VAEEncodeForInpaint", pixels=["photo", 0], vae=["checkpoint", 2],
                        mask=["mask", 0], grow_mask_by=6),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image mask.image",
    ),
    case(
        "inpaint that conditions, with soft borders",
        text_to_image(
            photo=photo(), soft=node("DifferentialDiffusion", model=["checkpoint", 0]),
            paint=node("InpaintModelConditioning", positive=["good", 0], negative=["bad", 0],
                       vae=["checkpoint", 2], pixels=["photo", 0], mask=["photo", 1],
                       noise_mask=True),
            sampler=sampler(model=["soft", 0], positive=["paint", 0], negative=["paint", 1],
                            latent_image=["paint", 2]),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
    case(
        "outpaint",
        text_to_image(
            photo=photo(),
            wider=node("ImagePadForOutpaint", image=["photo", 0], left=400, top=0, right=400,
                       bottom=0, feathering=40),
            latent=node("VAEEncodeForInpaint", pixels=["wider", 0], vae=["checkpoint", 2],
                        mask=["wider", 1], grow_mask_by=8),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
]  # fmt: skip

SEVERAL = [
    case(
        "two samplers side by side, each with a picture",
        text_to_image(
            sampler=sampler(cfg=4.0),
            other=sampler(cfg=9.0),
            seen=decoded(["other", 0]),
            more=save(["seen", 0]),
        ),
        {
            **PLAIN,
            **both("sampler", "other"),
            "denoise": "sampler.denoise other.denoise",
            "output": "more",
        },
    ),
    case(
        "one prompt on two models, to compare",
        text_to_image(
            second=node("CheckpointLoaderSimple", ckpt_name="photo.safetensors"),
            fine=encoder("a cat", ["second", 1]), poor=encoder("blurry", ["second", 1]),
            other=sampler(model=["second", 0], positive=["fine", 0], negative=["poor", 0]),
            seen=decoded(["other", 0]),
            more=save(["seen", 0]),
        ),
        {
            **PLAIN,
            **both("sampler", "other"),
            "denoise": "sampler.denoise other.denoise",
            "prompt": "good.text fine.text",
            "negativePrompt": "bad.text poor.text",
            "output": "more",
        },
        model=None, asks={"model": "checkpoint.ckpt_name second.ckpt_name"},
    ),
    case(
        "two different prompts side by side",
        text_to_image(
            dog=encoder("a dog on the moon"),
            other=sampler(positive=["dog", 0]),
            seen=decoded(["other", 0]),
            pair=node("ImageBatch", image1=["decode", 0], image2=["seen", 0]),
            save=save(["pair", 0]),
        ),
        {
            **PLAIN,
            **both("sampler", "other"),
            "denoise": "sampler.denoise other.denoise",
        },
        prompt=None, asks={"prompt": "good.text dog.text"},
    ),
    case(
        "two latents put into one",
        text_to_image(
            sky=encoder("a stormy sky"),
            wide=node("EmptyLatentImage", width=1024, height=512, batch_size=1),
            second=sampler(positive=["sky", 0], latent_image=["wide", 0]),
            mixed=node("LatentComposite", samples_to=["second", 0], samples_from=["sampler", 0],
                       x=0, y=128, feather=32),
            last=sampler(latent_image=["mixed", 0], denoise=0.5),
            decode=decoded(["last", 0]),
        ),
        {**PLAIN, **both("sampler", "second", "last")},
        width="latent.width wide.width", height="latent.height wide.height",
        latentsPerPrompt="latent.batch_size wide.batch_size",
        prompt=None, asks={"prompt": "good.text sky.text"},
    ),
    case(
        "a preview beside the picture, later in the file",
        text_to_image(seen=preview(["decode", 0])),
        PLAIN,
    ),
    case(
        "a preview only",
        {**text_to_image(), "save": preview(["decode", 0])},
        PLAIN,
    ),
    case(
        "the input is saved beside what is made of it",
        text_to_image(
            photo=photo(), latent=encoded(), before=save(["photo", 0]),
        ),
        {**PLAIN, **NO_SIZE}, image="photo.image",
    ),
    case(
        "a picture that is finished by grain with a seed of its own",
        text_to_image(
            grain=node("FilmGrain", image=["decode", 0], seed=8, strength=0.2, scale=1.0),
            save=save(["grain", 0]),
        ),
        PLAIN, otherSeeds="grain.seed",
    ),
]  # fmt: skip

CASES = [*PICTURES, *SEVERAL]
