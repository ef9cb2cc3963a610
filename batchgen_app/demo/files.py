"""The engine's folders: where pictures are saved, uploaded and looked up; and what it offers to
choose from: model files, samplers, schedulers, uploaded pictures.
"""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER_KINDS = ("output", "input", "temp")


class OutsideFolderError(Exception):
    """A path leads out of the folder it is said to be in."""

    told_as = Exception
    """What a client reads: ComfyUI has no name of its own for it."""


@dataclass(frozen=True)
class SaveTarget:
    """Where the next pictures of one node go: `<folder>/<stem>_<counter>_.png`."""

    folder: Path
    subfolder: str
    stem: str
    counter: int

    def file_name(self, position: int, ending: str = "png") -> str:
        stem = self.stem.replace("%batch_num%", str(position))
        return f"{stem}_{self.counter + position:05}_.{ending}"


class Folders:
    """Output, input and temp folder; all but a given output folder vanish with `close`."""

    def __init__(self, output_dir: Path | None = None) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="batchgen-demo-"))
        self.output = output_dir or self._home / "output"
        self.input = self._home / "input"
        self.temp = self._home / "temp"
        self._user = self._home / "user"
        self._user.mkdir()
        for kind in FOLDER_KINDS:
            self.of(kind).mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)

    def of(self, kind: str) -> Path:
        """The folder of this kind. Raises KeyError for an unknown kind."""
        return {"output": self.output, "input": self.input, "temp": self.temp}[kind]

    def inside(self, kind: str, subfolder: str) -> Path:
        """The subfolder of a kind's folder. Raises KeyError and OutsideFolderError."""
        return _inside(self.of(kind), subfolder)

    def of_user(self, path: str) -> Path:
        """A place in the folder of the page's user. Raises OutsideFolderError."""
        return _inside(self._user, path)

    def newest(self, kind: str) -> list[str]:
        """The files at the top of a kind's folder as nodes call them, the newest first."""
        files = [path for path in self.of(kind).iterdir() if path.is_file()]
        return [f"{path.name} [{kind}]" for path in sorted(files, key=lambda p: -p.stat().st_mtime)]

    def empty_temp(self) -> None:
        """Forgets temporary pictures, as a server does when it starts and stops."""
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir(parents=True)

    def save_target(self, kind: str, prefix: str, size: tuple[int, int]) -> SaveTarget:
        """Where a node with this filename_prefix saves; makes the folder.

        Raises OutsideFolderError for a prefix that leaves the folder.
        """
        named = Path(os.path.normpath(_expand(prefix, size)))
        subfolder = "" if named.parent == Path() else named.parent.as_posix()
        try:
            folder = self.inside(kind, subfolder)
        except OutsideFolderError:
            raise OutsideFolderError(_complaint(self.of(kind), subfolder)) from None
        folder.mkdir(parents=True, exist_ok=True)
        return SaveTarget(folder, subfolder, named.name, _next_counter(folder, named.name))


def _inside(root: Path, below: str) -> Path:
    root = root.resolve()
    folder = Path(os.path.normpath(root / below))
    if not folder.is_relative_to(root):
        raise OutsideFolderError(below)
    return folder


def _expand(prefix: str, size: tuple[int, int]) -> str:
    now = time.localtime()
    values = {
        "width": str(size[0]),
        "height": str(size[1]),
        "year": f"{now.tm_year}",
        "month": f"{now.tm_mon:02}",
        "day": f"{now.tm_mday:02}",
        "hour": f"{now.tm_hour:02}",
        "minute": f"{now.tm_min:02}",
        "second": f"{now.tm_sec:02}",
    }
    for name, value in values.items():
        prefix = prefix.replace(f"%{name}%", value)
    return prefix


def _next_counter(folder: Path, stem: str) -> int:
    """One more than the highest number on disk, so that numbering goes on after a restart."""
    numbered = re.compile(re.escape(stem) + r"_(\d+)_", re.IGNORECASE)
    found = (numbered.match(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in found if match), default=0) + 1


def _complaint(root: Path, subfolder: str) -> str:
    folder = os.path.normpath(root / subfolder)
    return (
        "**** ERROR: Saving image outside the output folder is not allowed.\n"
        f" full_output_folder: {folder}\n"
        f"         output_dir: {root}\n"
        f"         commonpath: {os.path.commonpath([root, folder])}"
    )


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
