"""Pictures as other programs write them: all words are our own."""

import gzip
import json
from io import BytesIO
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from batchgen_app.core.wire import JsonObject
from tests.storage.making import picture, png

PROMPT = "a lighthouse in a storm, <lora:demo-fine-lines:0.7>, oil painting"
NEGATIVE = "people, text: none"
A1111 = (
    f"{PROMPT}\nNegative prompt: {NEGATIVE}\n"
    "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 4011223344, "
    "Size: 832x1216, Model hash: 31e35c80fc, Model: demo-dreams-xl, VAE: Automatic, Clip skip: 2, "
    "Denoising strength: 0.4, Hires upscale: 1.5, Hires upscaler: 4x-UltraSharp, "
    'Lora hashes: "demo-fine-lines: 0a1b2c3d4e5f", Version: v1.10.1'
)
FORGE = (
    "a paper boat\nSteps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, "
    "Distilled CFG Scale: 3.5, Seed: 7, Size: 896x1152, Model: flux1-dev, "
    'Version: f2.0.1v1.10.1, Module 1: ae, Module 2: "clip_l"'
)
CIVITAI = (
    "a heron at dawn\nNegative prompt: fog\n"
    "Steps: 25, CFG scale: 7, Sampler: Euler a, Seed: 99, Size: 512x768, Clip skip: 1, "
    "Created Date: 2025-03-04T05:06:07.0000000Z, Civitai resources: "
    '[{"type":"checkpoint","modelName":"Demo Landscapes","modelVersionName":"v1, b"},'
    '{"type":"lora","weight":0.5,"modelVersionId":2,"modelName":"demo-fine-lines"}], '
    'Civitai metadata: {"a":{"b":1}}'
)
INVOKE: JsonObject = {
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a mill by a river",
    "negative_prompt": "cars",
    "positive_style_prompt": "a mill by a river",
    "negative_style_prompt": "cars",
    "width": 1024,
    "height": 768,
    "seed": 1234567,
    "rand_device": "cpu",
    "cfg_scale": 5.5,
    "cfg_rescale_multiplier": 0,
    "steps": 30,
    "scheduler": "dpmpp_2m_k",
    "model": {
        "key": "x",
        "hash": "blake3:ff",
        "name": "demo-dreams-xl",
        "base": "sdxl",
        "type": "main",
    },
    "loras": [{"model": {"key": "y", "name": "demo-fine-lines"}, "weight": 0.75}],
    "hrf_method": "ESRGAN",
    "app_version": "5.6.0",
}
SD_METADATA: JsonObject = {
    "model": "stable diffusion",
    "model_weights": "demo-landscapes",
    "model_hash": "abc123",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "2.3.0",
    "image": {
        "prompt": [{"prompt": "a red barn [snow, ice]", "weight": 1.0}],
        "steps": 50,
        "cfg_scale": 7.5,
        "threshold": 0,
        "height": 512,
        "width": 640,
        "seed": 42,
        "seamless": False,
        "type": "txt2img",
        "sampler": "k_euler_a",
        "variations": [],
    },
}
SWARM: JsonObject = {
    "sui_image_params": {
        "prompt": "a glass of tea",
        "negativeprompt": "plastic",
        "model": "folder/demo-dreams-xl",
        "images": 1,
        "seed": 77,
        "steps": 22,
        "cfgscale": 6,
        "aspectratio": "1:1",
        "width": 1024,
        "height": 1024,
        "sampler": "dpmpp_2m",
        "scheduler": "karras",
        "automaticvae": True,
        "loras": ["demo-fine-lines"],
        "loraweights": ["0.6"],
        "colordepth": "8bit",
        "swarm_version": "0.9.5.0",
    },
    "sui_extra_data": {"date": "2025-02-03", "generation_time": "0.1 (prep) and 4 (gen) seconds"},
    "sui_models": [{"name": "demo-dreams-xl.safetensors", "param": "model", "hash": "0xaa"}],
}
FOOOCUS: JsonObject = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "demo-dreams-xl",
    "base_model_hash": "aeb7e9e689",
    "clip_skip": 2,
    "full_prompt": ["a clock tower", "cinematic"],
    "guidance_scale": 4,
    "loras": [["demo-fine-lines", 0.1, "4852686128"]],
    "metadata_scheme": "fooocus",
    "negative_prompt": "crowd",
    "performance": "Speed",
    "prompt": "a clock tower",
    "refiner_model": "None",
    "resolution": "(1152, 896)",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "618",
    "sharpness": 2,
    "steps": 30,
    "styles": "['Fooocus V2']",
    "vae": "Default (model)",
    "version": "Fooocus v2.5.5",
}
NOVELAI: JsonObject = {
    "prompt": "a fox in a library",
    "steps": 28,
    "height": 1216,
    "width": 832,
    "scale": 5.0,
    "seed": 3344,
    "n_samples": 1,
    "noise_schedule": "karras",
    "sampler": "k_euler_ancestral",
    "uc": "lowres",
    "request_type": "PromptGenerateRequest",
    "sm": True,
}
NOVELAI_TEXTS = {
    "Title": "NovelAI generated image",
    "Description": "a fox in a library",
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V4 37442FCA",
    "Comment": json.dumps(NOVELAI),
}


def with_comment(comment: bytes | str, kind: str = "JPEG", **tags: Any) -> bytes:
    """A JPEG or WebP whose UserComment is this, in the place where AUTOMATIC1111 has it."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    buffer = BytesIO()
    picture().save(buffer, kind, exif=exif)
    return buffer.getvalue()


def fooocus_jpeg(written: str, scheme: str) -> bytes:
    """As Fooocus does: all of it beside the usual tags."""
    exif = Image.Exif()
    exif[ExifTags.Base.UserComment] = written
    exif[0x0131] = "Fooocus v2.5.5"
    exif[0x927C] = scheme
    buffer = BytesIO()
    picture().save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def hiding(written: str, *, packed: bool = True) -> bytes:
    """A PNG with a text in the lowest bits of its alpha channel, column by column."""
    content = gzip.compress(written.encode()) if packed else written.encode()
    mark = b"stealth_pngcomp" if packed else b"stealth_pnginfo"
    stream = mark + (len(content) * 8).to_bytes(4) + content
    bits = np.unpackbits(np.frombuffer(stream, np.uint8))
    image = picture(128, "RGB").convert("RGBA")
    pixels = np.array(image)
    alpha = np.full((128, 128), 254, np.uint8).T.ravel()
    alpha[: len(bits)] |= bits
    pixels[..., 3] = alpha.reshape(128, 128).T
    return png(Image.fromarray(pixels, "RGBA"))


def ihdr_first(content: bytes, *chunks: bytes) -> bytes:
    """With these chunks behind the first one."""
    return content[:33] + b"".join(chunks) + content[33:]
