"""What a demo engine is made with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batchgen_app.demo.hooks import Hooks
from batchgen_app.demo.painting.painter import Easel


def demo_models() -> dict[str, list[str]]:
    """Folder name to file names of the models that a demo engine pretends to have."""
    return {
        "checkpoints": [
            "demo-dreams-xl.safetensors",
            "demo-landscapes.safetensors",
            "painters/demo-ink.safetensors",
        ],
        "loras": ["demo-fine-lines.safetensors", "demo-soft-light.safetensors"],
        "vae": ["demo-vae.safetensors"],
        "text_encoders": ["demo-clip-l.safetensors", "demo-t5xxl.safetensors"],
        "diffusion_models": ["demo-flow.safetensors"],
        "embeddings": ["demo-soft.safetensors"],
    }


@dataclass(frozen=True)
class DemoSettings:
    """How fast the engine works, what it offers and who may step in.

    With the default `step_delay` a picture of 1024x1024 in 20 steps takes between two and three
    seconds. `output_dir` None means a temporary folder that goes away with the engine.
    """

    step_delay: float = 0.08
    """Seconds per sampling step, painting not counted."""
    load_delay: float = 0.25
    """Seconds to load a checkpoint."""
    previews: bool = True
    """False is a server started without --preview-method."""
    models: Mapping[str, Sequence[str]] = field(default_factory=demo_models)
    """Folder name to file names; what is added while the engine runs shows at once."""
    architecture: str = "stable-diffusion-xl-v1-base"
    """What the files of its checkpoints say that they are; empty where they say nothing."""
    file_hashes: Mapping[str, str] = field(default_factory=dict)
    """What files of models say of their own content, by their names."""
    output_dir: Path | None = None
    comfyui_version: str = "0.33.0"
    jobs_api: bool = True
    """False is a server from before GET /api/jobs and the cancel routes beside it."""
    max_upload_size: int = 100 * 1024 * 1024
    """Bytes; a request body that announces more is answered 413."""
    hooks: Hooks = field(default_factory=Hooks)
    easel: Easel = field(default_factory=Easel)
