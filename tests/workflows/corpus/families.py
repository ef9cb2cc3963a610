"""The other families: Chroma, Qwen-Image, Z-Image, Lumina, HiDream, and quantized models."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    MODEL_ONLY,
    NO_SIZE,
    TOGETHER,
    encoder,
    model_only,
    node,
    photo,
    put_together,
    sampler,
)

QWEN_CLIP = node("CLIPLoader", clip_name="qwen_2.5_vl_7b.safetensors", type="qwen_image")
FOUR_CLIPS = node(
    "QuadrupleCLIPLoader", clip_name1="clip_l.safetensors", clip_name2="clip_g.safetensors",
    clip_name3="t5xxl.safetensors", clip_name4="llama.safetensors",
)  # fmt: skip

CASES = [
    case(
        "chroma with cfg and a sampler of parts",
        put_together(
            unet=node("UNETLoader", unet_name="chroma-unlocked.safetensors"),
            clip=node("CLIPLoader", clip_name="t5xxl.safetensors", type="chroma"),
            roomy=node("T5TokenizerOptions", clip=["clip", 0], min_padding=1, min_length=0),
            good=encoder("an old harbour, oil on canvas", ["roomy", 0]),
            bad=encoder("low quality, ugly", ["roomy", 0]),
            shift=node("ModelSamplingAuraFlow", model=["unet", 0], shift=1.0),
            guider=node("CFGGuider", model=["shift", 0], positive=["good", 0],
                        negative=["bad", 0], cfg=4.0),
        ),
        TOGETHER,
        guidance=None, negativePrompt="bad.text", cfg="guider.cfg", textEncoder="clip.clip_name",
    ),
    case(
        "qwen image",
        model_only(
            "qwen_image_fp8.safetensors",
            QWEN_CLIP,
            shift=node("ModelSamplingAuraFlow", model=["unet", 0], shift=3.1),
            fast=node("LoraLoaderModelOnly", model=["shift", 0],
                      lora_name="qwen-lightning-8steps.safetensors", strength_model=1.0),
            sampler=sampler(model=["fast", 0], steps=8, cfg=1.0),
        ),
        MODEL_ONLY,
        textEncoder="clip.clip_name", lora="fast.lora_name",
    ),
    case(
        "qwen image edit",
        model_only(
            "qwen_image_edit.safetensors",
            QWEN_CLIP,
            photo=photo(),
            scaled=node("ImageScaleToTotalPixels", image=["photo", 0], upscale_method="lanczos",
                        megapixels=1.0),
            good=node("TextEncodeQwenImageEdit", clip=["clip", 0], prompt="make it winter",
                      vae=["vae", 0], image=["scaled", 0]),
            bad=node("TextEncodeQwenImageEdit", clip=["clip", 0], prompt="", vae=["vae", 0],
                     image=["scaled", 0]),
            latent=node("VAEEncode", pixels=["scaled", 0], vae=["vae", 0]),
        ),
        {**MODEL_ONLY, **NO_SIZE},
        prompt="good.prompt", negativePrompt="bad.prompt", image="photo.image",
        textEncoder="clip.clip_name",
    ),
    case(
        "qwen image edit plus, with two pictures and a size",
        model_only(
            "qwen_image_edit_2509.safetensors",
            QWEN_CLIP,
            photo=photo(),
            hat=photo("hat.png"),
            good=node("TextEncodeQwenImageEditPlus", clip=["clip", 0], prompt="she wears the hat",
                      vae=["vae", 0], image1=["photo", 0], image2=["hat", 0]),
            bad=node("TextEncodeQwenImageEditPlus", clip=["clip", 0], prompt="", vae=["vae", 0],
                     image1=["photo", 0], image2=["hat", 0]),
        ),
        MODEL_ONLY,
        prompt="good.prompt", negativePrompt="bad.prompt", image="photo.image hat.image",
        textEncoder="clip.clip_name",
    ),
    case(
        "z-image turbo, with a zeroed negative",
        model_only(
            "z_image_turbo.safetensors",
            node("CLIPLoader", clip_name="qwen_3_4b.safetensors", type="lumina2"),
            bad=node("ConditioningZeroOut", conditioning=["good", 0]),
            shift=node("ModelSamplingAuraFlow", model=["unet", 0], shift=3.0),
            sampler=sampler(model=["shift", 0], steps=9, cfg=1.0),
        ),
        MODEL_ONLY,
        negativePrompt=None, textEncoder="clip.clip_name",
    ),
    case(
        "lumina, whose encoder has a system prompt beside the person's",
        model_only(
            "lumina2.safetensors",
            node("CLIPLoader", clip_name="gemma.safetensors", type="lumina2"),
            good=node("CLIPTextEncodeLumina2", clip=["clip", 0], system_prompt="superior",
                      user_prompt="a lighthouse"),
        ),
        MODEL_ONLY,
        prompt="good.user_prompt", textEncoder="clip.clip_name",
    ),
    case(
        "hidream",
        model_only(
            "hidream_i1_full.safetensors",
            FOUR_CLIPS,
            shift=node("ModelSamplingSD3", model=["unet", 0], shift=3.0),
            sampler=sampler(model=["shift", 0], steps=50, cfg=5.0),
        ),
        MODEL_ONLY,
        textEncoder="clip.clip_name1 clip.clip_name2 clip.clip_name3 clip.clip_name4",
    ),
    case(
        "hidream with a text for each encoder",
        model_only(
            "hidream_i1_dev.safetensors",
            FOUR_CLIPS,
            good=node("CLIPTextEncodeHiDream", clip=["clip", 0], clip_l="a fox", clip_g="a fox",
                      t5xxl="a fox in the snow", llama="a fox in the snow"),
        ),
        MODEL_ONLY,
        prompt="good.clip_l good.clip_g good.t5xxl good.llama",
        textEncoder="clip.clip_name1 clip.clip_name2 clip.clip_name3 clip.clip_name4",
    ),
    case(
        "gguf: a quantized model and quantized encoders",
        model_only(
            "",
            node("DualCLIPLoaderGGUF", clip_name1="t5-v1_1-xxl-Q5_K_M.gguf",
                 clip_name2="clip_l.safetensors", type="flux"),
            unet=node("UnetLoaderGGUF", unet_name="flux1-dev-Q4_K_S.gguf"),
        ),
        MODEL_ONLY,
        textEncoder="clip.clip_name1 clip.clip_name2",
    ),
    case(
        "gguf: a loader with another name for its file",
        model_only(
            "", QWEN_CLIP, unet=node("LoaderGGUF", gguf_name="qwen-image-edit-Q5_K_M.gguf")
        ),
        MODEL_ONLY, model="unet.gguf_name", textEncoder="clip.clip_name",
    ),
    case(
        "a model packed for a card of its own kind",
        model_only(
            "",
            QWEN_CLIP,
            unet=node("NunchakuFluxDiTLoader", model_path="svdq-int4-flux.1-dev.safetensors",
                      cache_threshold=0.0, attention="nunchaku-fp16", device_id=0),
        ),
        MODEL_ONLY,
        model="unet.model_path", textEncoder="clip.clip_name",
    ),
    case(
        "text encoders of a pack, loaded in one",
        model_only(
            "flux1-dev.safetensors",
            node("NunchakuTextEncoderLoaderV2", model_type="flux.1",
                 text_encoder1="clip_l.safetensors", text_encoder2="t5xxl.safetensors",
                 t5_min_length=512),
        ),
        MODEL_ONLY, model="unet.unet_name", textEncoder="clip.text_encoder1 clip.text_encoder2",
    ),
]  # fmt: skip
