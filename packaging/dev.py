"""Everything a developer needs, on a fresh machine with Python 3.11+ and nothing else.

    python3 packaging/dev.py run [arguments of batchgen]
    python3 packaging/dev.py check
    python3 packaging/dev.py test [arguments of pytest]
    python3 packaging/dev.py bench
    python3 packaging/dev.py soak [SEED]
    python3 packaging/dev.py screenshots FOLDER
    python3 packaging/dev.py texts
    python3 packaging/dev.py package
    python3 packaging/dev.py lock

Only the standard library is used. What is installed goes into ``.venv`` (and ``.venv-clients``,
for the foreign ComfyUI clients that the tests try); the second time nothing is installed.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import packages
import system_packages
from side_by_side import run_all, say

ROOT = Path(__file__).resolve().parent.parent
MIN_PYTHON = (3, 11)
INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended."""
RUN_LOCK = Path("packaging/requirements.lock")
TEST_LOCK = Path("packaging/requirements-test.lock")
NATIVE_LOCK = Path("packaging/requirements-native.lock")
PACKAGE_LOCK = Path("packaging/requirements-package.lock")
CLIENTS_LOCK = Path("packaging/requirements-clients.lock")
PIP_INSTALL = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
UV = "uv==0.13.9"
AT_ONCE = max(2, os.cpu_count() or 2)
"""Steps that are run side by side: each waits about half of its time."""
TWO_PROCESSES, FOUR_PROCESSES = ("--numprocesses", "2"), ("--numprocesses", "4")
"""Four for what waits for half of its time; those that are quick are told sooner by two, for each
process has to read all of them.
"""
BY_FILE, BY_STORY = ("--dist", "loadfile"), ("--dist", "worksteal")
APART = {"e2e": BY_STORY, "ui": BY_FILE, "window": BY_FILE}
"""Folders of tests/ that NiceGUI, Playwright and the screen want processes of their own for. The
stories of a browser share what is costly to start whatever their file is.
"""
CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("lint-imports",), ("mypy",))
WITHOUT_SCREEN = ("pytest", *BY_FILE, *(f"--ignore=tests/{name}" for name in APART))
E2E, UI, WINDOW = (("pytest", *TWO_PROCESSES, *by, f"tests/{name}") for name, by in APART.items())
ROUNDS = ((*CHECKS, E2E), ((*WITHOUT_SCREEN, *FOUR_PROCESSES), UI), (WINDOW,))
"""One after another, the steps of each side by side. Some stories without a screen bring up
networks of their own, at which Chromium breaks off what every page is loading; the window wants all
for itself.
"""


def main() -> int:
    """Run the command that the arguments name; gives its exit code."""
    command, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    commands = {
        "run": run,
        "check": check,
        "test": test,
        "bench": bench,
        "soak": soak,
        "screenshots": screenshots,
        "texts": texts,
        "package": package,
        "lock": lock,
    }
    if sys.version_info < MIN_PYTHON:
        say(f"Python 3.11 or newer is needed, this is {platform.python_version()}.")
        return 2
    if command not in commands:
        print(__doc__)
        return 0 if command in {"help", "--help", "-h"} else 2
    try:
        return commands[command](arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: list[str]) -> int:
    """Start batchgen with these arguments."""
    environment = Environment(ROOT / ".venv")
    environment.install(RUN_LOCK, instead_of=TEST_LOCK)
    if "--browser" not in arguments and (not arguments or arguments[0].startswith("-")):
        environment.install_if_possible(NATIVE_LOCK, instead_of=TEST_LOCK)
    return environment.become("-m", "batchgen_app", *arguments)


def check(_: list[str]) -> int:
    """Style, types, layers, and the stories that are quickly told: for between two commits."""
    return all_of([*CHECKS, (*WITHOUT_SCREEN, *TWO_PROCESSES, "--quick")])


def test(arguments: list[str]) -> int:
    """Style, types, layers, and all stories; with arguments, only pytest with them."""
    if arguments:
        return test_environment().step("pytest", *arguments)
    return all_of(*ROUNDS)


def all_of(*rounds: Sequence[Sequence[str]]) -> int:
    """Every one of them, whatever becomes of the others; gives an exit code."""
    environment = test_environment()
    failed = [step for steps in rounds for step in environment.steps(steps)]
    for step in failed:
        say(f"FAILED: {' '.join(step)}")
    return 1 if failed else 0


def test_environment() -> "Environment":
    """All that the tests need, from Python and from the system."""
    environment = Environment(ROOT / ".venv")
    environment.install(TEST_LOCK)
    Environment(ROOT / ".venv-clients").install(CLIENTS_LOCK, project=False)
    system_packages.install_for_tests()
    return environment


def bench(arguments: list[str]) -> int:
    """Measure; prints tables."""
    return test_environment().python("-m", "tests.bench", *arguments)


def soak(arguments: list[str]) -> int:
    """Kill the app 200 times at any moment, harm its database and its folders in 500 ways each,
    forge 20,000 messages, let it make 200 batches; takes most of an hour. The seed decides when and
    how.
    """
    return test_environment().python("-m", "tests.soak", *arguments)


def screenshots(arguments: list[str]) -> int:
    """Make pictures of every moment of the app, in the folder that the argument names."""
    return test_environment().python("-m", "tests.e2e.screenshots", *arguments)


def texts(_: list[str]) -> int:
    """Bring the catalogs of translated texts to what the code says, and name what they lack."""
    return test_environment().python("-m", "tests.language")


def package(_: list[str]) -> int:
    """Make all packages of this system, in the folder dist."""
    environment = Environment(ROOT / ".venv-package")
    environment.install(PACKAGE_LOCK)
    return packages.make(environment.interpreter)


def lock(_: list[str]) -> int:
    """Write the lock files anew from pyproject.toml: exact versions and hashes, no addresses."""
    environment = Environment(ROOT / ".venv-lock")
    environment.create()
    environment.must("-m", "pip", "install", "--quiet", UV)
    extras = {name: ("--extra", name) for name in ("dev", "test", "native")}
    as_tested = ("--constraint", str(TEST_LOCK))
    package_tools = ("packaging/requirements-package.in", *extras["dev"], *extras["native"])
    for source, target, options in (
        ("pyproject.toml", TEST_LOCK, (*extras["dev"], *extras["test"], *extras["native"])),
        ("pyproject.toml", RUN_LOCK, (*extras["dev"], *as_tested)),
        ("pyproject.toml", NATIVE_LOCK, (*extras["native"], *as_tested)),
        ("pyproject.toml", PACKAGE_LOCK, (*package_tools, *as_tested)),
        ("packaging/requirements-clients.in", CLIENTS_LOCK, ()),
    ):
        compiling = ("-m", "uv", "pip", "compile", "--universal", "--generate-hashes", "--quiet")
        common = ("--no-header", "--python-version", "3.11", "--output-file", str(target))
        environment.must(*compiling, *common, *options, source)
    return 0


class Environment:
    """A virtual environment of the project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bin = folder / ("Scripts" if os.name == "nt" else "bin")
        self.interpreter = self._bin / ("python.exe" if os.name == "nt" else "python")

    def python(self, *arguments: str) -> int:
        """Run its Python in the project's folder; gives the exit code."""
        return subprocess.run([self.interpreter, *arguments], cwd=ROOT, check=False).returncode

    def become(self, *arguments: str) -> int:
        """Go on as its Python, where the caller stands: signals and exit code are its own."""
        command = [str(self.interpreter), *arguments]
        if os.name != "nt":
            os.execv(command[0], command)
        child = subprocess.Popen(command)
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # Windows: the child hears Ctrl-C, too, and answers it
                continue

    def step(self, script: str, *arguments: str) -> int:
        """One of its installed commands, announced; gives the exit code."""
        say(" ".join([script, *arguments]))
        command = [str(self._bin / script), *arguments]
        return subprocess.run(command, cwd=ROOT, env=remembering(), check=False).returncode

    def steps(self, steps: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """The same with several of them, side by side; gives those that failed."""
        commands = [[str(self._bin / script), *arguments] for script, *arguments in steps]
        codes = run_all(commands, at_once=AT_ONCE, folder=ROOT, environment=remembering())
        return [step for step, code in zip(steps, codes, strict=True) if code]

    def must(self, *arguments: str) -> None:
        """Run its Python, or end here."""
        if code := self.python(*arguments):
            raise SystemExit(code)

    def create(self) -> None:
        """Make it unless it is there."""
        if self.interpreter.exists():
            return
        say(f"Making {self._folder.name}")
        try:
            venv.create(self._folder, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(self._folder, ignore_errors=True)
            system_packages.install_venv_package()
            venv.create(self._folder, with_pip=True)

    def install(self, lock: Path, *, instead_of: Path | None = None, project: bool = True) -> None:
        """Bring it to what ``lock`` says, or leave it at ``instead_of``, which holds more."""
        self.create()
        if self._has(lock) or (instead_of and self._has(instead_of)):
            return
        say(f"Installing {lock.name} (once; about a minute)")
        self.must(*PIP_INSTALL, "--require-hashes", "--requirement", str(lock))
        if project:
            self.must(*PIP_INSTALL, "--no-deps", "--no-build-isolation", "--editable", ".")
        self._remember(lock)

    def install_if_possible(self, lock: Path, *, instead_of: Path) -> None:
        """The same for what is not needed everywhere: some systems have no such packages."""
        if self._has(lock) or self._has(instead_of):
            return
        say("Installing what the window needs (once; 300 MB)")
        if self.python(*PIP_INSTALL, "--require-hashes", "--requirement", str(lock)):
            say("It cannot be installed here: the browser is used instead of a window.")
        self._remember(lock)

    def _remember(self, lock: Path) -> None:
        self._stamp(lock).write_text(_fingerprint(lock), encoding="utf-8")

    def _has(self, lock: Path) -> bool:
        stamp = self._stamp(lock)
        return stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(lock)

    def _stamp(self, lock: Path) -> Path:
        return self._folder / f".{lock.name}.installed"


def remembering() -> dict[str, str]:
    """The environment, in which Python keeps what it has compiled: many processes need it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _fingerprint(lock: Path) -> str:
    project = (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256((ROOT / lock).read_bytes() + project).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
