"""What the engine offers to choose from: model files, samplers, schedulers, uploaded pictures."""

from collections.abc import Mapping, Sequence

from batchgen_app.demo.files import Folders


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SAMPLERS = _names(
    "euler euler_cfg_pp euler_ancestral euler_ancestral_cfg_pp heun heunpp2 exp_heun_2_x0 "
    "exp_heun_2_x0_sde dpm_2 dpm_2_ancestral lms dpm_fast dpm_adaptive "
    "dpmpp_2s_ancestral dpmpp_2s_ancestral_cfg_pp dpmpp_sde "
    "dpmpp_sde_gpu dpmpp_2m dpmpp_2m_cfg_pp dpmpp_2m_sde dpmpp_2m_sde_gpu dpmpp_2m_sde_heun "
    "dpmpp_2m_sde_heun_gpu dpmpp_3m_sde dpmpp_3m_sde_gpu ddpm lcm ipndm ipndm_v deis "
    "res_multistep res_multistep_cfg_pp res_multistep_ancestral res_multistep_ancestral_cfg_pp "
    "gradient_estimation gradient_estimation_cfg_pp er_sde seeds_2 seeds_3 sa_solver "
    "sa_solver_pece ddim uni_pc uni_pc_bh2"
)
SCHEDULERS = _names(
    "simple sgm_uniform karras exponential ddim_uniform beta normal linear_quadratic kl_optimal"
)
MODEL_FOLDERS = _names(
    "checkpoints configs loras vae text_encoders diffusion_models clip_vision style_models "
    "embeddings diffusers vae_approx controlnet gligen upscale_models latent_upscale_models "
    "custom_nodes datasets hypernetworks photomaker classifiers model_patches audio_encoders "
    "background_removal frame_interpolation geometry_estimation optical_flow detection"
)


class Catalogue:
    """Lists of names; a name added to `models` or a file put in the input folder shows at once."""

    def __init__(self, models: Mapping[str, Sequence[str]], folders: Folders) -> None:
        self._models = models
        self._folders = folders

    def model_folders(self) -> list[str]:
        return [*MODEL_FOLDERS, *(name for name in self._models if name not in MODEL_FOLDERS)]

    def models(self, folder: str) -> list[str]:
        return sorted(self._models.get(folder, ()))

    def folders(self, folder: str) -> list[str]:
        """Where the files of a folder would lie, were there any."""
        return [f"models/{folder}"]

    def samplers(self) -> list[str]:
        return list(SAMPLERS)

    def schedulers(self) -> list[str]:
        return list(SCHEDULERS)

    def input_pictures(self) -> list[str]:
        """Files at the top of the input folder."""
        return sorted(path.name for path in self._folders.input.iterdir() if path.is_file())
