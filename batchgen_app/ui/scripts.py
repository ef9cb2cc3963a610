"""Where the browser scripts of our own elements lie."""

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def script(name: str) -> Path:
    """A file of ``assets``: inside the installed package, or beside it in a working copy."""
    installed = PACKAGE / "assets"
    return (installed if installed.is_dir() else PACKAGE.parent / "assets") / name
