"""Graphs whose pictures are the frames of a film: how many there are is not for a request."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    MODEL_ONLY,
    PLAIN,
    model_only,
    node,
    photo,
    sampler,
    text_to_image,
    without,
)

FRAMES = node("EmptyLatentImage", width=512, height=512, batch_size=16)
UMT5 = node("CLIPLoader", clip_name="umt5_xxl.safetensors", type="wan")
JOINED = node(
    "VHS_VideoCombine", images=["decode", 0], frame_rate=8, loop_count=0, filename_prefix="film",
    format="video/h264-mp4", pingpong=False, save_output=True,
)  # fmt: skip


CASES = [
    case(
        "animatediff",
        text_to_image(
            latent=FRAMES,
            motion=node("ADE_AnimateDiffLoaderWithContext", model=["checkpoint", 0],
                        model_name="mm_sd_v15_v2.ckpt", beta_schedule="sqrt_linear"),
            sampler=sampler(model=["motion", 0]),
            save=JOINED,
        ),
        PLAIN, latentsPerPrompt=None,
    ),
    case(
        "animatediff whose frames are saved one by one",
        text_to_image(
            latent=FRAMES,
            motion=node("ADE_AnimateDiffLoaderGen1", model=["checkpoint", 0],
                        model_name="mm_sd_v15_v2.ckpt", beta_schedule="autoselect"),
            sampler=sampler(model=["motion", 0]),
        ),
        PLAIN, latentsPerPrompt=None,
    ),
    case(
        "a moving webp",
        text_to_image(
            latent=node("EmptyLatentImage", width=512, height=512, batch_size=4),
            save=node("SaveAnimatedWEBP", images=["decode", 0], filename_prefix="x", fps=6.0,
                      lossless=False, quality=80, method="default"),
        ),
        PLAIN, latentsPerPrompt=None,
    ),
    case(
        "frames that are joined by a node and saved as a film",
        text_to_image(
            latent=FRAMES,
            film=node("CreateVideo", images=["decode", 0], fps=24.0),
            save=node("SaveVideo", video=["film", 0], filename_prefix="film", format="auto",
                      codec="auto"),
        ),
        PLAIN, latentsPerPrompt=None,
    ),
    case(
        "svd: a picture that moves",
        without(
            text_to_image(
                checkpoint=node("ImageOnlyCheckpointLoader", ckpt_name="svd_xt.safetensors"),
                photo=photo(),
                frames=node("SVD_img2vid_Conditioning", clip_vision=["checkpoint", 1],
                            init_image=["photo", 0], vae=["checkpoint", 2], width=1024, height=576,
                            video_frames=25, motion_bucket_id=127, fps=6, augmentation_level=0.0),
                calm=node("VideoLinearCFGGuidance", model=["checkpoint", 0], min_cfg=1.0),
                sampler=sampler(model=["calm", 0], positive=["frames", 0], negative=["frames", 1],
                                latent_image=["frames", 2]),
                save=JOINED,
            ),
            "good", "bad", "latent",
        ),
        PLAIN, width="frames.width", height="frames.height", latentsPerPrompt=None, prompt=None,
        negativePrompt=None, image="photo.image",
    ),
    case(
        "wan: a film of words",
        model_only(
            "wan2.1_t2v_1.3B.safetensors",
            UMT5,
            latent=node("EmptyHunyuanLatentVideo", width=832, height=480, length=33, batch_size=1),
            shift=node("ModelSamplingSD3", model=["unet", 0], shift=8.0),
            sampler=sampler(model=["shift", 0]),
            film=node("CreateVideo", images=["decode", 0], fps=16.0),
            save=node("SaveVideo", video=["film", 0], filename_prefix="wan", format="auto",
                      codec="auto"),
        ),
        MODEL_ONLY, latentsPerPrompt=None, textEncoder="clip.clip_name",
    ),
    case(
        "wan: a single frame, as a picture",
        model_only(
            "wan2.1_t2v_14B.safetensors",
            UMT5,
            latent=node("EmptyHunyuanLatentVideo", width=1280, height=720, length=1, batch_size=1),
        ),
        MODEL_ONLY, textEncoder="clip.clip_name",
    ),
    case(
        "wan: a picture that moves, in two models for the noise",
        model_only(
            "wan2.2_i2v_high_noise.safetensors",
            UMT5,
            low=node("UNETLoader", unet_name="wan2.2_i2v_low_noise.safetensors",
                     weight_dtype="default"),
            photo=photo(),
            begin=node("WanImageToVideo", positive=["good", 0], negative=["bad", 0],
                       vae=["vae", 0], width=640, height=640, length=81, batch_size=1,
                       start_image=["photo", 0]),
            sampler=node("KSamplerAdvanced", model=["unet", 0], add_noise="enable", noise_seed=3,
                         steps=20, cfg=3.5, sampler_name="euler", scheduler="simple",
                         positive=["begin", 0], negative=["begin", 1], latent_image=["begin", 2],
                         start_at_step=0, end_at_step=10, return_with_leftover_noise="enable"),
            second=node("KSamplerAdvanced", model=["low", 0], add_noise="disable", noise_seed=0,
                        steps=20, cfg=3.5, sampler_name="euler", scheduler="simple",
                        positive=["begin", 0], negative=["begin", 1], latent_image=["sampler", 0],
                        start_at_step=10, end_at_step=10000, return_with_leftover_noise="disable"),
            decode=node("VAEDecode", samples=["second", 0], vae=["vae", 0]),
            save=JOINED,
        ),
        {**MODEL_ONLY, **{r: f"sampler.{n} second.{n}" for r, n in {
            "seed": "noise_seed", "steps": "steps", "cfg": "cfg", "samplerName": "sampler_name",
            "scheduler": "scheduler"}.items()}},
        denoise=None, width="begin.width", height="begin.height", latentsPerPrompt=None,
        image="photo.image", textEncoder="clip.clip_name",
    ),
    case(
        "the wrapper of wan, with everything in its own nodes",
        {
            "model": node("WanVideoModelLoader", model="Wan2_1-T2V-14B_fp8.safetensors",
                          base_precision="fp16", quantization="disabled"),
            "t5": node("LoadWanVideoT5TextEncoder", model_name="umt5-xxl-enc.safetensors",
                       precision="bf16"),
            "texts": node("WanVideoTextEncode", positive_prompt="waves at night",
                          negative_prompt="static", t5=["t5", 0], force_offload=True),
            "embeds": node("WanVideoEmptyEmbeds", width=832, height=480, num_frames=81),
            "sampler": node("WanVideoSampler", model=["model", 0], image_embeds=["embeds", 0],
                            text_embeds=["texts", 0], steps=30, cfg=6.0, shift=5.0, seed=4,
                            scheduler="unipc", force_offload=True),
            "vae": node("WanVideoVAELoader", model_name="wan_vae.safetensors"),
            "decode": node("WanVideoDecode", vae=["vae", 0], samples=["sampler", 0]),
            "save": JOINED,
        },
        prompt="texts.positive_prompt", negativePrompt="texts.negative_prompt",
        seed="sampler.seed", steps="sampler.steps", cfg="sampler.cfg",
        scheduler="sampler.scheduler", model="model.model", width="embeds.width",
        height="embeds.height", output="save",
    ),
    case(
        "a song, whose words are sung",
        text_to_image(
            good=node("TextEncodeAceStepAudio", clip=["checkpoint", 1], tags="folk, soft guitar",
                      lyrics="[verse]\nThe fox went out", lyrics_strength=0.99),
            bad=node("ConditioningZeroOut", conditioning=["good", 0]),
            latent=node("EmptyAceStepLatentAudio", seconds=60, batch_size=1),
            decode=node("VAEDecodeAudio", samples=["sampler", 0], vae=["checkpoint", 2]),
            save=node("SaveAudio", audio=["decode", 0], filename_prefix="song")),
        PLAIN, prompt="good.tags", negativePrompt=None, width=None, height=None,
        latentsPerPrompt="latent.batch_size",
    ),
    case(
        "an upscaler of films, without words",
        {
            "film": node("VHS_LoadVideo", video="in.mp4", force_rate=0, frame_load_cap=0),
            "better": node("FlashVSR", images=["film", 0], model_name="FlashVSR", seed=3, scale=2),
            "save": node("VHS_VideoCombine", images=["better", 0], frame_rate=24,
                         filename_prefix="up", format="video/h264-mp4"),
        },
        seed="better.seed", output="save",
    ),
]  # fmt: skip
