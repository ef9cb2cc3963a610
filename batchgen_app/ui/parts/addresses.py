"""Addresses of ours, as browsers ask for them: behind a proxy, all of them may lie below a path."""

from batchgen_app import __version__

_root = ""


def lie_below(root: str) -> None:
    """From now on, in this process; ``root`` is empty or begins with a slash."""
    global _root  # noqa: PLW0603 - what is shown is made in many places, some of no page's
    _root = root


def at(path: str) -> str:
    """Where a path of ours is. NiceGUI's own links know by themselves."""
    return f"{_root}{path}"


def asset(name: str) -> str:
    """Where a file of ``assets`` is."""
    return at(f"/assets/{name}?v={__version__}")
