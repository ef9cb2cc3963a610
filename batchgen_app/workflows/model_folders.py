"""In which folder of ComfyUI a model file goes, by the input that names it."""

import re

_BY_NODE = {
    "CLIPVisionLoader": "clip_vision",
    "GLIGENLoader": "gligen",
    "HypernetworkLoader": "hypernetworks",
    "LatentUpscaleModelLoader": "latent_upscale_models",
    "PhotoMakerLoader": "photomaker",
    "UpscaleModelLoader": "upscale_models",
}
_BY_INPUT = {
    "ckpt_name": "checkpoints",
    "clip_name": "text_encoders",
    "control_net_name": "controlnet",
    "lora": "loras",
    "lora_name": "loras",
    "style_model_name": "style_models",
    "text_encoder_name": "text_encoders",
    "unet_name": "diffusion_models",
    "vae_name": "vae",
}
_NUMBER = re.compile(r"_?\d+$")


def folder_for(class_type: str, name: str) -> str:
    """With the folder of all models before it; empty where a node may have one of its own."""
    plain = _NUMBER.sub("", name.rpartition(".")[2])
    folder = _BY_NODE.get(class_type) or _BY_INPUT.get(plain)
    return f"models/{folder}" if folder else ""
