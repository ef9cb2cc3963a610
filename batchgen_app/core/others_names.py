"""What AUTOMATIC1111 calls the samplers and schedulers that ComfyUI has, too.

What it does not have keeps ComfyUI's name. Source: stable-diffusion-webui 1.10,
``modules/sd_samplers_*.py`` and ``modules/sd_schedulers.py``.
"""

from collections.abc import Mapping
from types import MappingProxyType

SAMPLERS: Mapping[str, str] = MappingProxyType(
    {
        "euler": "Euler",
        "euler_ancestral": "Euler a",
        "heun": "Heun",
        "dpm_2": "DPM2",
        "dpm_2_ancestral": "DPM2 a",
        "lms": "LMS",
        "dpm_fast": "DPM fast",
        "dpm_adaptive": "DPM adaptive",
        "dpmpp_2s_ancestral": "DPM++ 2S a",
        "dpmpp_sde": "DPM++ SDE",
        "dpmpp_2m": "DPM++ 2M",
        "dpmpp_2m_sde": "DPM++ 2M SDE",
        "dpmpp_2m_sde_heun": "DPM++ 2M SDE Heun",
        "dpmpp_3m_sde": "DPM++ 3M SDE",
        "lcm": "LCM",
        "ddim": "DDIM",
        "uni_pc": "UniPC",
    }
)
SCHEDULERS: Mapping[str, str] = MappingProxyType(
    {
        "normal": "Normal",
        "karras": "Karras",
        "exponential": "Exponential",
        "sgm_uniform": "SGM Uniform",
        "simple": "Simple",
        "ddim_uniform": "DDIM",
        "beta": "Beta",
        "kl_optimal": "KL Optimal",
    }
)
_SAMPLERS_HERE = {name: here for here, name in SAMPLERS.items()}
_SCHEDULERS_HERE = {name: here for here, name in SCHEDULERS.items()}


def sampler_there(name: str | None) -> str | None:
    """What others call a sampler of ComfyUI's."""
    return SAMPLERS.get(name, name) if name else name


def scheduler_there(name: str | None) -> str | None:
    """What others call a scheduler of ComfyUI's."""
    return SCHEDULERS.get(name, name) if name else name


def sampler_here(name: str | None) -> str | None:
    """What ComfyUI calls a sampler of others."""
    return _SAMPLERS_HERE.get(name, name) if name else name


def scheduler_here(name: str | None) -> str | None:
    """What ComfyUI calls a scheduler of others."""
    return _SCHEDULERS_HERE.get(name, name) if name else name
