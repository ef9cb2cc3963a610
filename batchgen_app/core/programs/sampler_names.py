"""What programs call samplers and schedulers, as ComfyUI calls them.

Sources: the lists that AUTOMATIC1111's ``sd_samplers_kdiffusion.py`` and ``sd_schedulers.py``,
InvokeAI's ``schedulers.py`` and NovelAI's settings show to people.
"""

from collections.abc import Mapping

SCHEDULERS: Mapping[str, str] = {
    "karras": "karras", "exponential": "exponential", "sgm uniform": "sgm_uniform",
    "normal": "normal", "uniform": "normal", "simple": "simple", "ddim": "ddim_uniform",
    "ddim uniform": "ddim_uniform", "beta": "beta", "kl optimal": "kl_optimal",
    "linear quadratic": "linear_quadratic", "native": "normal",
}  # fmt: skip
SAMPLERS: Mapping[str, str] = {
    "euler": "euler", "euler a": "euler_ancestral", "euler ancestral": "euler_ancestral",
    "euler cfg++": "euler_cfg_pp", "euler a cfg++": "euler_ancestral_cfg_pp",
    "heun": "heun", "heun++2": "heunpp2", "lms": "lms",
    "dpm2": "dpm_2", "dpm2 a": "dpm_2_ancestral",
    "dpm fast": "dpm_fast", "dpm adaptive": "dpm_adaptive",
    "dpm++ 2s a": "dpmpp_2s_ancestral", "dpm++ 2m": "dpmpp_2m", "dpm++ sde": "dpmpp_sde",
    "dpm++ 2m sde": "dpmpp_2m_sde", "dpm++ 2m sde heun": "dpmpp_2m_sde_heun",
    "dpm++ 3m sde": "dpmpp_3m_sde", "ddim": "ddim", "ddpm": "ddpm", "deis": "deis",
    "ipndm": "ipndm", "ipndm_v": "ipndm_v", "unipc": "uni_pc", "lcm": "lcm",
    # InvokeAI
    "euler_a": "euler_ancestral", "kdpm_2": "dpm_2", "kdpm_2_a": "dpm_2_ancestral",
    "dpm_2_a": "dpm_2_ancestral", "dpmpp_2": "dpmpp_2m", "dpmpp_2_a": "dpmpp_2s_ancestral",
    # NovelAI
    "ddim_v3": "ddim",
}  # fmt: skip
USUAL: Mapping[str, str] = {
    "dpm_2": "karras", "dpm_2_ancestral": "karras", "dpmpp_2s_ancestral": "karras",
    "dpmpp_2m": "karras", "dpmpp_sde": "karras", "dpmpp_2m_sde": "exponential",
    "dpmpp_2m_sde_heun": "exponential", "dpmpp_3m_sde": "exponential",
}  # fmt: skip
"""What AUTOMATIC1111 means with "Automatic"; of the others, the model's own schedule."""
AUTOMATIC = "automatic"
UNTOLD = frozenset({"dpmpp_2s", "dpmpp_3m"})
"""Names in ComfyUI's way for samplers that it does not have."""


def sampler_of(called: str) -> tuple[str | None, str | None]:
    """Sampler and scheduler that a name stands for, which may have both in it ("DPM++ 2M Karras");
    None for what ComfyUI has not.
    """
    name = _plain(called)
    if sampler := _sampler(name):
        return sampler, None
    for ending, scheduler in (*SCHEDULERS.items(), ("_k", "karras")):
        if name.endswith(ending) and (sampler := _sampler(name.removesuffix(ending).strip())):
            return sampler, scheduler
    return None, None


def scheduler_of(called: str, sampler: str | None) -> str | None:
    """The scheduler of that name; the one that is usual for the ``sampler`` where it is chosen
    automatically. None for what ComfyUI has not.
    """
    name = _plain(called)
    if name == AUTOMATIC:
        return USUAL.get(sampler or "", "normal")
    return SCHEDULERS.get(name) or (name if _is_of_comfyui(name) else None)


def _sampler(name: str) -> str | None:
    if found := SAMPLERS.get(name):
        return found
    if found := SAMPLERS.get(without_k := name.removeprefix("k_")):
        return found
    is_plain = _is_of_comfyui(without_k) and without_k not in UNTOLD
    return without_k if is_plain and not without_k.endswith("_k") else None


def _is_of_comfyui(name: str) -> bool:
    """Whether it is written as ComfyUI writes them; whether a server has it, that tells."""
    return "_" in name and name.isascii() and name.replace("_", "").isalnum()


def _plain(called: str) -> str:
    return " ".join(called.split()).casefold()
