"""Samplers that are put together from parts, and those of packs."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    MODEL_ONLY,
    NO_SIZE,
    PLAIN,
    TOGETHER,
    encoder,
    model_only,
    node,
    photo,
    put_together,
    settings_of,
    text_to_image,
)

SAMPLED = {
    "noise": ["noise", 0], "guider": ["guider", 0], "sampler": ["solver", 0],
    "sigmas": ["sigmas", 0], "latent_image": ["latent", 0],
}  # fmt: skip
FLUX_CLIPS = node("DualCLIPLoader", clip_name1="clip_l.safetensors", clip_name2="t5.safetensors")

CASES = [
    case(
        "a guider with cfg",
        put_together(
            bad=encoder("watermark", ["clip", 0]),
            guider=node("CFGGuider", model=["unet", 0], positive=["guidance", 0],
                        negative=["bad", 0], cfg=4.0),
        ),
        TOGETHER, negativePrompt="bad.text", cfg="guider.cfg",
    ),
    case(
        "a guider with two conditionings, of which the second has no words",
        put_together(
            bad=encoder("", ["clip", 0]), photo=photo(),
            seen=node("VAEEncode", pixels=["photo", 0], vae=["vae", 0]),
            like=node("ReferenceLatent", conditioning=["good", 0], latent=["seen", 0]),
            look=node("ReferenceLatent", conditioning=["bad", 0], latent=["seen", 0]),
            guider=node("DualCFGGuider", model=["unet", 0], cond1=["like", 0], cond2=["look", 0],
                        negative=["bad", 0], cfg_conds=5.0, cfg_cond2_negative=2.0),
        ),
        TOGETHER, guidance=None, negativePrompt="bad.text", image="photo.image",
    ),
    case(
        "a guider with two texts",
        put_together(
            more=encoder("in the style of a woodcut", ["clip", 0]),
            bad=encoder("blurry", ["clip", 0]),
            guider=node("DualCFGGuider", model=["unet", 0], cond1=["good", 0], cond2=["more", 0],
                        negative=["bad", 0], cfg_conds=5.0, cfg_cond2_negative=2.0),
        ),
        TOGETHER, guidance=None, negativePrompt="bad.text", prompt=None,
        asks={"prompt": "good.text more.text"},
    ),
    case(
        "a guider with an empty text beside the negative",
        put_together(
            bad=encoder("blurry", ["clip", 0]), none=encoder("", ["clip", 0]),
            guider=node("PerpNegGuider", model=["unet", 0], positive=["good", 0],
                        negative=["bad", 0], empty_conditioning=["none", 0], cfg=7.0,
                        neg_scale=1.0),
        ),
        TOGETHER, guidance=None, negativePrompt="bad.text", cfg="guider.cfg",
    ),
    case(
        "a schedule in two halves, each with a sampler",
        put_together(
            split=node("SplitSigmas", sigmas=["sigmas", 0], step=10),
            sampler=node("SamplerCustomAdvanced", **{**SAMPLED, "sigmas": ["split", 0]}),
            calm=node("DisableNoise"),
            second=node("SamplerCustomAdvanced", **{
                **SAMPLED, "sigmas": ["split", 1], "noise": ["calm", 0],
                "latent_image": ["sampler", 0],
            }),
            decode=node("VAEDecode", samples=["second", 0], vae=["vae", 0]),
        ),
        TOGETHER,
    ),
    case(
        "a schedule without a name",
        put_together(
            sigmas=node("KarrasScheduler", steps=20, sigma_max=14.6, sigma_min=0.03, rho=7.0)
        ),
        TOGETHER, scheduler=None, denoise=None,
    ),
    case(
        "steps that suit a model (AYS)",
        put_together(
            sigmas=node("AlignYourStepsScheduler", model_type="SD1", steps=10, denoise=1.0)
        ),
        TOGETHER, scheduler=None,
    ),
    case(
        "a noise seed from a primitive",
        put_together(
            dice=node("PrimitiveInt", value=1234), noise=node("RandomNoise", noise_seed=["dice", 0])
        ),
        TOGETHER, seed="dice.value",
    ),
    case(
        "flux in two passes, each a sampler of parts",
        put_together(
            larger=node("LatentUpscaleBy", samples=["sampler", 0], upscale_method="bislerp",
                        scale_by=1.5),
            sigmas2=node("BasicScheduler", model=["unet", 0], scheduler="simple", steps=12,
                         denoise=0.5),
            noise2=node("RandomNoise", noise_seed=8),
            second=node("SamplerCustomAdvanced", **{
                **SAMPLED, "noise": ["noise2", 0], "sigmas": ["sigmas2", 0],
                "latent_image": ["larger", 0],
            }),
            decode=node("VAEDecode", samples=["second", 0], vae=["vae", 0]),
        ),
        TOGETHER, seed="noise.noise_seed noise2.noise_seed", steps="sigmas.steps sigmas2.steps",
        scheduler="sigmas.scheduler sigmas2.scheduler", denoise="sigmas2.denoise",
    ),
    case(
        "the sampler of x-flux, with a guidance and a latent of its own",
        model_only(
            "flux1-dev.safetensors",
            FLUX_CLIPS,
            sampler=node("XlabsSampler", model=["unet", 0], conditioning=["good", 0],
                         neg_conditioning=["bad", 0], noise_seed=7, steps=20,
                         timestep_to_start_cfg=1, true_gs=3.5, image_to_image_strength=0.0,
                         denoise_strength=1.0, latent_image=["latent", 0]),
        ),
        {**MODEL_ONLY, **dict.fromkeys(settings_of(""), "")},
        seed="sampler.noise_seed", steps="sampler.steps", cfg=None, samplerName=None,
        scheduler=None, denoise=None, textEncoder="clip.clip_name1 clip.clip_name2",
    ),
    case(
        "a sampler with an eta (ClownsharK)",
        model_only(
            "flux1-dev.safetensors",
            FLUX_CLIPS,
            sampler=node("ClownsharKSampler_Beta", model=["unet", 0], positive=["good", 0],
                         negative=["bad", 0], latent_image=["latent", 0], eta=0.5,
                         sampler_name="multistep/res_2m", scheduler="beta57", steps=30,
                         steps_to_run=-1, denoise=1.0, cfg=5.5, seed=0, sampler_mode="standard",
                         bongmath=True),
        ),
        MODEL_ONLY, textEncoder="clip.clip_name1 clip.clip_name2",
    ),
    case(
        "a sampler with a chain behind it, and no latent of its own",
        model_only(
            "flux1-dev.safetensors",
            FLUX_CLIPS,
            photo=photo(), latent=node("VAEEncode", pixels=["photo", 0], vae=["vae", 0]),
            sampler=node("ClownsharKSampler_Beta", model=["unet", 0], positive=["good", 0],
                         negative=["bad", 0], latent_image=["latent", 0], eta=0.5,
                         sampler_name="multistep/res_2m", scheduler="beta57", steps=30,
                         steps_to_run=10, denoise=1.0, cfg=5.5, seed=0, sampler_mode="standard",
                         bongmath=True),
            chain=node("ClownsharkChainsampler_Beta", latent_image=["sampler", 0], eta=0.5,
                       sampler_name="multistep/res_2m", steps_to_run=-1, cfg=5.5,
                       sampler_mode="resample", bongmath=True),
            decode=node("VAEDecode", samples=["chain", 0], vae=["vae", 0]),
        ),
        {**MODEL_ONLY, **NO_SIZE}, image="photo.image",
        cfg="sampler.cfg chain.cfg", samplerName="sampler.sampler_name chain.sampler_name",
        textEncoder="clip.clip_name1 clip.clip_name2",
    ),
    case(
        "a sampler with variations of its noise",
        text_to_image(
            sampler=node("KSampler //Inspire", model=["checkpoint", 0], seed=5, steps=20, cfg=7.0,
                         sampler_name="euler", scheduler="normal", positive=["good", 0],
                         negative=["bad", 0], latent_image=["latent", 0], denoise=1.0,
                         noise_mode="GPU(=A1111)", batch_seed_mode="incremental",
                         variation_seed=9, variation_strength=0.1),
        ),
        PLAIN, otherSeeds="sampler.variation_seed",
    ),
    case(
        "a sampler that upscales tile by tile",
        text_to_image(
            esrgan=node("UpscaleModelLoader", model_name="4x-UltraSharp.pth"),
            tiles=node("UltimateSDUpscale", image=["decode", 0], model=["checkpoint", 0],
                       positive=["good", 0], negative=["bad", 0], vae=["checkpoint", 2],
                       upscale_by=2.0, seed=9, steps=20, cfg=8.0, sampler_name="euler",
                       scheduler="normal", denoise=0.2, upscale_model=["esrgan", 0],
                       mode_type="Linear", tile_width=512, tile_height=512, mask_blur=8),
            save=node("SaveImage", images=["tiles", 0], filename_prefix="big"),
        ),
        {**PLAIN, **{r: f"{s} {s.replace('sampler.', 'tiles.')}"
                     for r, s in settings_of("sampler").items()}},
        denoise="tiles.denoise",
    ),
]  # fmt: skip
