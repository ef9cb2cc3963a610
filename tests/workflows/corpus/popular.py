"""Graphs as they are handed around, with packs beside packs: texts and families."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    MODEL_ONLY,
    PLAIN,
    TOGETHER,
    encoder,
    model_only,
    node,
    photo,
    put_together,
    sampler,
    save,
    settings_of,
    text_to_image,
    without,
)

FLUX_CLIPS = node("DualCLIPLoader", clip_name1="clip_l.safetensors", clip_name2="t5.safetensors")
OF_FLUX = {**MODEL_ONLY, "textEncoder": "clip.clip_name1 clip.clip_name2"}

TEXTS = [
    case(
        "a generator of parameters that everything reads",
        text_to_image(
            all=node("SDParameterGenerator", ckpt_name="dreams.safetensors", seed=3, steps=25,
                     cfg=6.5, sampler_name="euler", scheduler="karras", width=832, height=1216,
                     aspect_ratio="custom", batch_size=1),
            checkpoint=node("CheckpointLoaderSimple", ckpt_name=["all", 0]),
            latent=node("EmptyLatentImage", width=["all", 8], height=["all", 9], batch_size=1),
            sampler=sampler(seed=["all", 2], steps=["all", 3], cfg=["all", 5],
                            sampler_name=["all", 6], scheduler=["all", 7]),
        ),
        PLAIN, model="checkpoint.ckpt_name", otherSeeds="all.seed",
    ),
    case(
        "shapes of sdxl, from a node that makes the latent",
        text_to_image(
            latent=node("CR SDXL Aspect Ratio", width=1024, height=1024,
                        aspect_ratio="3:4 portrait 896x1152", swap_dimensions="Off",
                        upscale_factor=1.0, batch_size=1),
            sampler=sampler(latent_image=["latent", 4]),
        ),
        PLAIN, width=None, height=None,
    ),
    case(
        "wildcards in an encoder of another pack, which keeps what it made",
        text_to_image(
            good=node("WildcardEncode //Inspire", model=["checkpoint", 0], clip=["checkpoint", 1],
                      token_normalization="none", weight_interpretation="comfy",
                      wildcard_text="a __animal__", populated_text="a fox", mode="fixed", seed=2),
            sampler=sampler(model=["good", 0], positive=["good", 2]),
        ),
        PLAIN, prompt="good.populated_text", otherSeeds="good.seed",
    ),
    case(
        "a prompt with a style, both sides from one node",
        text_to_image(
            styled=node("Prompt With Style", positive_prompt="a fox in the snow",
                        negative_prompt="blurry", style="cinematic", ratio_selected="1:1",
                        custom_size="false", fit_custom_size="false", custom_width=1024,
                        custom_height=1024, batch_size=1, seed=4),
            good=encoder(["styled", 1]), bad=encoder(["styled", 2]),
            latent=node("EmptyLatentImage", width=1024, height=1024, batch_size=1),
        ),
        PLAIN, prompt="styled.positive_prompt", negativePrompt="styled.negative_prompt",
        otherSeeds="styled.seed",
    ),
    case(
        "an advanced styler for both texts of sdxl",
        text_to_image(
            styled=node("SDXLPromptStylerAdvanced", text_positive_g="a fox",
                        text_positive_l="a fox", text_negative="blurry", style="sai-anime",
                        negative_prompt_to="Both", copy_to_l="false", log_prompt="No"),
            good=node("CLIPTextEncodeSDXL", clip=["checkpoint", 1], width=1024, height=1024,
                      crop_w=0, crop_h=0, target_width=1024, target_height=1024,
                      text_g=["styled", 0], text_l=["styled", 1]),
            bad=encoder(["styled", 4]),
        ),
        PLAIN, prompt=None, negativePrompt="styled.text_negative",
        asks={"prompt": "styled.text_positive_g styled.text_positive_l"},
    ),
    case(
        "a line that is drawn from many",
        text_to_image(
            lines=node("Text Multiline", text="a fox\na cat\na heron"),
            one=node("Text Random Line", text=["lines", 0], seed=5),
            good=encoder(["one", 0]),
        ),
        PLAIN, prompt="lines.text", otherSeeds="one.seed",
    ),
    case(
        "a picture that is described at length, and shown on the way",
        model_only(
            "flux1-dev.safetensors", FLUX_CLIPS,
            photo=photo(),
            eyes=node("DownloadAndLoadFlorence2Model", model="microsoft/Florence-2-large",
                      precision="fp16", attention="sdpa"),
            seen=node("Florence2Run", image=["photo", 0], florence2_model=["eyes", 0],
                      text_input="", task="more_detailed_caption", fill_mask=True, seed=1,
                      max_new_tokens=1024, num_beams=3, do_sample=True),
            shown=node("ShowText|pysssss", text=["seen", 2], text_0="A fox stands in the snow."),
            good=encoder(["shown", 0], ["clip", 0]),
            sampler=sampler(model=["unet", 0]),
        ),
        OF_FLUX, prompt="good.text", image="photo.image", otherSeeds="seen.seed",
    ),
    case(
        "keyframes of words for a film",
        text_to_image(
            good=node("BatchPromptSchedule", text='"0": "spring", "16": "winter"',
                      clip=["checkpoint", 1], max_frames=32, print_output=False,
                      pre_text="a valley", app_text="", start_frame=0, end_frame=0),
            latent=node("EmptyLatentImage", width=512, height=512, batch_size=32),
            motion=node("ADE_AnimateDiffLoaderGen1", model=["checkpoint", 0],
                        model_name="mm_v3.ckpt", beta_schedule="autoselect"),
            sampler=sampler(model=["motion", 0]),
            save=node("VHS_VideoCombine", images=["decode", 0], frame_rate=12,
                      filename_prefix="film", format="video/h264-mp4"),
        ),
        PLAIN, latentsPerPrompt=None,
    ),
]  # fmt: skip

FAMILIES = [
    case(
        "stable cascade: a small stage first, then the one that paints",
        text_to_image(
            latent=node("StableCascade_EmptyLatentImage", width=1024, height=1024, compression=42,
                        batch_size=1),
            checkpoint=node("CheckpointLoaderSimple", ckpt_name="cascade_stage_c.safetensors"),
            second=node("CheckpointLoaderSimple", ckpt_name="cascade_stage_b.safetensors"),
            prior=node("StableCascade_StageB_Conditioning", conditioning=["zero", 0],
                       stage_c=["sampler", 0]),
            zero=node("ConditioningZeroOut", conditioning=["good", 0]),
            again=sampler(model=["second", 0], positive=["prior", 0], negative=["zero", 0],
                          latent_image=["latent", 1], steps=10, cfg=1.1),
            decode=node("VAEDecode", samples=["again", 0], vae=["second", 2]),
        ),
        {**PLAIN, **{role: f"{slot} {slot.replace('sampler.', 'again.')}"
                     for role, slot in settings_of("sampler").items()}},
        denoise="sampler.denoise",
    ),
    case(
        "four steps with a LoRA for that",
        text_to_image(
            fast=node("LoraLoaderModelOnly", model=["checkpoint", 0], lora_name="lcm.safetensors",
                      strength_model=1.0),
            schedule=node("ModelSamplingDiscrete", model=["fast", 0], sampling="lcm", zsnr=False),
            sampler=sampler(model=["schedule", 0], steps=4, cfg=1.5, sampler_name="lcm"),
        ),
        PLAIN, lora="fast.lora_name",
    ),
    case(
        "pixart with an encoder of its own",
        without(
            text_to_image(
                checkpoint=node("PixArtCheckpointLoader", ckpt_name="PixArt-Sigma.pth",
                                model="PixArtMS_Sigma_XL_2"),
                t5=node("T5v11Loader", t5v11_name="model-00001.safetensors", t5v11_ver="xxl",
                        path_type="folder", device="cpu", dtype="default"),
                good=node("T5TextEncode", text="a fox", T5=["t5", 0]),
                bad=node("T5TextEncode", text="", T5=["t5", 0]),
                vae=node("VAELoader", vae_name="sdxl.safetensors"),
                decode=node("VAEDecode", samples=["sampler", 0], vae=["vae", 0]),
            )
        ),
        PLAIN, vae="vae.vae_name",
    ),
    case(
        "kolors by its wrapper",
        {
            "model": node("DownloadAndLoadKolorsModel", model="Kwai-Kolors/Kolors",
                          precision="fp16"),
            "glm": node("DownloadAndLoadChatGLM3", precision="quant8"),
            "texts": node("KolorsTextEncode", chatglm3_model=["glm", 0], prompt="a fox",
                          negative_prompt="blurry", num_images_per_prompt=1),
            "sampler": node("KolorsSampler", kolors_model=["model", 0],
                            kolors_embeds=["texts", 0], width=1024, height=1024, seed=5, steps=25,
                            cfg=5.0, scheduler="EulerDiscreteScheduler"),
            "vae": node("VAELoader", vae_name="sdxl.safetensors"),
            "decode": node("VAEDecode", samples=["sampler", 0], vae=["vae", 0]),
            "save": save(["decode", 0]),
        },
        prompt="texts.prompt", negativePrompt="texts.negative_prompt", seed="sampler.seed",
        steps="sampler.steps", cfg="sampler.cfg", scheduler="sampler.scheduler",
        width="sampler.width", height="sampler.height", vae="vae.vae_name", output="save",
    ),
    case(
        "hunyuan by its wrapper: a film",
        {
            "model": node("HyVideoModelLoader", model="hunyuan_video_fp8.safetensors",
                          base_precision="bf16", quantization="fp8_e4m3fn"),
            "llm": node("DownloadAndLoadHyVideoTextEncoder", llm_model="Kijai/llava-llama-3",
                        clip_model="openai/clip-vit-large", precision="fp16"),
            "text": node("HyVideoTextEncode", text_encoders=["llm", 0], prompt="waves at night",
                         force_offload=True, prompt_template="video"),
            "sampler": node("HyVideoSampler", model=["model", 0], hyvid_embeds=["text", 0],
                            width=848, height=480, num_frames=73, steps=30,
                            embedded_guidance_scale=6.0, flow_shift=9.0, seed=6),
            "vae": node("HyVideoVAELoader", model_name="hunyuan_vae.safetensors"),
            "decode": node("HyVideoDecode", vae=["vae", 0], samples=["sampler", 0]),
            "save": node("VHS_VideoCombine", images=["decode", 0], frame_rate=24,
                         filename_prefix="hy", format="video/h264-mp4"),
        },
        prompt="text.prompt", seed="sampler.seed", steps="sampler.steps", model="model.model",
        width="sampler.width", height="sampler.height", output="save",
    ),
    case(
        "ltx: a film of words with a schedule of its own",
        text_to_image(
            rate=node("LTXVConditioning", positive=["good", 0], negative=["bad", 0],
                      frame_rate=25.0),
            latent=node("EmptyLTXVLatentVideo", width=768, height=512, length=97, batch_size=1),
            sigmas=node("LTXVScheduler", steps=30, max_shift=2.05, base_shift=0.95, stretch=True,
                        terminal=0.1, latent=["latent", 0]),
            solver=node("KSamplerSelect", sampler_name="euler"),
            sampler=node("SamplerCustom", model=["checkpoint", 0], add_noise=True, noise_seed=7,
                         cfg=3.0, positive=["rate", 0], negative=["rate", 1],
                         sampler=["solver", 0], sigmas=["sigmas", 0], latent_image=["latent", 0]),
            save=node("SaveAnimatedWEBP", images=["decode", 0], filename_prefix="ltx", fps=24.0,
                      lossless=False, quality=90, method="default"),
        ),
        PLAIN, latentsPerPrompt=None, seed="sampler.noise_seed", steps="sigmas.steps",
        denoise=None, scheduler=None, samplerName="solver.sampler_name",
    ),
    case(
        "a sampler that refines what another one of the parts is (detail daemon)",
        put_together(
            fine=node("DetailDaemonSamplerNode", sampler=["solver", 0], detail_amount=0.4,
                      start=0.2, end=0.8),
            sampler=node("SamplerCustomAdvanced", noise=["noise", 0], guider=["guider", 0],
                         sampler=["fine", 0], sigmas=["sigmas", 0], latent_image=["latent", 0]),
        ),
        TOGETHER,
    ),
    case(
        "many samplers in one node, whose numbers are texts",
        model_only(
            "flux1-dev.safetensors", FLUX_CLIPS,
            sampler=node("FluxSamplerParams+", model=["unet", 0], conditioning=["good", 0],
                         latent_image=["latent", 0], seed="?", sampler="euler",
                         scheduler="simple", steps="20, 30", guidance="3.5", max_shift="",
                         base_shift="", denoise="1.0"),
        ),
        OF_FLUX, negativePrompt=None, seed=None, steps=None, cfg=None, denoise=None,
        samplerName=None,  scheduler="sampler.scheduler",
    ),
]  # fmt: skip

CASES = [*TEXTS, *FAMILIES]
