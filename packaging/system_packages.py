"""What the tests and the window need of the system itself, and who installs it."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys

from side_by_side import say

SCREEN = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "wmctrl": "wmctrl"}
"""Programs that give the tests a screen with windows on it, and the packages they come in."""
PROXIES = {"nginx": "nginx", "caddy": "caddy"}
"""Those that the README tells how to put before the app."""
QT = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbfile.so.1": "libxkbfile1",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""Libraries that Qt needs besides those that come with Chromium."""
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
"""Any of them will do; the first costs least, and is installed where there is none."""


def install_for_tests() -> None:
    """A browser; on Linux also a second machine, proxies, a screen, and windows on it."""
    if not any(map(shutil.which, CHROMIUM)):
        install(CHROMIUM[0])
    if platform.system() == "Linux":
        install(*_missing_for_linux_tests())


def install_venv_package() -> None:
    """Debian and its kin ship Python without the part that makes virtual environments."""
    install(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")


def install(*packages: str) -> None:
    """Install packages of the system, or say which ones are missing and end here."""
    if not packages:
        return
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise SystemExit(f"Please install {names} first, with this system's own installer.")
    if os.geteuid() != 0:
        raise SystemExit(f"Please install {names} first: sudo apt-get install {names}")
    say(f"Installing {names}")
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=True, stdout=sys.stderr)


def _missing_for_linux_tests() -> list[str]:
    """The system's packages that make a second machine, proxies, a screen, and windows on it."""
    programs = {**SCREEN, **PROXIES, "dbus-daemon": "dbus"}
    if os.geteuid() == 0:
        programs["ip"] = "iproute2"
    missing = [package for program, package in programs.items() if not shutil.which(program)]
    return missing + [package for library, package in QT.items() if not _has_library(library)]


def _has_library(name: str) -> bool:
    """Whether the system has it."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
