"""What may become of a batch's folder on the way: links, pipes, junk, and what anybody wrote into
its ``batch.json``. Each damage follows from its random numbers alone.
"""

import json
import os
import random
import shutil
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HOSTILE: tuple[Any, ...] = (
    "\ud800",
    "a\udcff",
    "\0",
    "\x1b[31m",
    "",
    " ",
    "x" * 100_000,
    "../../../elsewhere/secret",
    "/etc/passwd",
    "001_101.png",
    "20261122-000000-000000-0001",
    "complete",
    "2026-11-22T14:15:00",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999999-23:59",
    -1,
    0,
    2**31,
    2**63,
    2**70,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    True,
    None,
    [],
    {},
    [[]] * 1000,
    {"extra": {"deeper": "\udfff"}},
)


def damage(batch: Path, outside: Path, rng: random.Random) -> str:
    """Do something to the folder of a batch; says what."""
    done = rng.choice(DAMAGES)
    try:
        return f"{done.__name__.strip('_')}: {done(batch, outside, rng)}"
    except (OSError, ValueError, IndexError, RecursionError) as error:  # of an earlier damage
        return f"{done.__name__.strip('_')} was not possible: {error}"


def _any(batch: Path, rng: random.Random) -> Path:
    """Something in the folder, or the folder itself."""
    return rng.choice(sorted([batch, *_inside(batch)]))


def _inside(batch: Path) -> Iterable[Path]:
    """Nothing, where an earlier damage made a link of it: other batches may lie behind that."""
    return () if batch.is_symlink() else batch.rglob("*")


def _away(path: Path) -> Path:
    """Its place is free."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    return path


def _link(batch: Path, outside: Path, rng: random.Random) -> str:
    path = _any(batch, rng)
    inside = [path.parent, path, batch.parent, batch / "001_101.png"]
    target = rng.choice([outside, outside / "secret", outside / "new", Path("/dev/zero"), *inside])
    _away(path).symlink_to(target)
    return f"{path.name} -> {target}"


def _pipe(batch: Path, _: Path, rng: random.Random) -> str:
    path = _away(_any(batch, rng))
    os.mkfifo(path)
    return path.name


def _socket(batch: Path, _: Path, rng: random.Random) -> str:
    path, here = _away(_any(batch, rng)), Path.cwd()
    with socket.socket(socket.AF_UNIX) as plug:
        os.chdir(path.parent)  # a socket's path has at most a hundred letters
        try:
            plug.bind(path.name)
        finally:
            os.chdir(here)
    return path.name


def _swap(batch: Path, _: Path, rng: random.Random) -> str:
    """A folder where a file belongs, or the other way round."""
    path = _any(batch, rng)
    if path.is_dir():
        _away(path).write_bytes(b"no folder")
    else:
        (_away(path) / "deeper").mkdir(parents=True)
    return path.name


def _gone(batch: Path, _: Path, rng: random.Random) -> str:
    return _away(_any(batch, rng)).name


def _shut(batch: Path, _: Path, rng: random.Random) -> str:
    path = _any(batch, rng)
    path.chmod(0)
    return path.name


def _file(batch: Path, rng: random.Random) -> Path:
    return rng.choice(sorted(filter(_is_plain, _inside(batch))))


def _is_plain(path: Path) -> bool:
    """Whether a damage may open it: it is no damage itself."""
    return path.is_file() and not path.is_symlink() and path.stat().st_size < 10**6


def _huge(batch: Path, _: Path, rng: random.Random) -> str:
    path = _file(batch, rng)
    with path.open("r+b") as file:
        file.truncate(2**40)
    return path.name


def _bytes(batch: Path, _: Path, rng: random.Random) -> str:
    path = _file(batch, rng)
    content = bytearray(path.read_bytes())
    for _turn in range(rng.choice((1, 4, 100))):
        if content:
            content[rng.randrange(len(content))] = rng.randrange(256)
    path.write_bytes(content[: rng.choice((len(content), rng.randint(0, len(content))))])
    return path.name


def _record(batch: Path, _: Path, rng: random.Random) -> str:
    """Something hostile at some place of ``batch.json``."""
    path = batch / "batch.json"
    if not _is_plain(path):
        raise FileNotFoundError(path)
    document = json.loads(path.read_text())
    holder, key = rng.choice(list(_places(document)))
    what = rng.choice(HOSTILE)
    if rng.random() < 0.1:
        del holder[key]
    else:
        holder[key] = what
    path.write_text(json.dumps(document))
    return f"{key} = {str(what)[:40]!r}"


def _places(value: Any) -> Any:
    """Every place in a document that something stands at: what holds it, and its key."""
    keys = list(value) if isinstance(value, dict) else range(len(value or ()))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _text(batch: Path, _: Path, rng: random.Random) -> str:
    """Another ``batch.json`` altogether."""
    texts = (b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe{\0}\0")
    _away(batch / "batch.json").write_bytes(rng.choice(texts))
    return "batch.json"


def _junk(batch: Path, _: Path, rng: random.Random) -> str:
    """Things that nobody needs: names that are no text, folders without end."""
    names = (b"\xff\xfe.png", b"a\nb.webp", b"001_101_2.png", b"x" * 255, b".hidden.partial")
    for name in rng.sample(names, 3):
        (batch / os.fsdecode(name)).write_bytes(b"junk")
    deepest = batch / "thumbnails"
    for _turn in range(rng.choice((1, 200))):
        deepest /= "d"
    deepest.mkdir(parents=True, exist_ok=True)
    return "junk"


def _twin(batch: Path, outside: Path, rng: random.Random) -> str:
    """A folder beside it that is a link, or a copy under another name."""
    twin = batch.with_name(f"{batch.name}-b")
    if rng.random() < 0.5:
        twin.symlink_to(rng.choice([batch, outside, batch.parent]))
    elif all(map(_is_plain, filter(Path.is_file, batch.rglob("*")))):
        shutil.copytree(batch, twin, symlinks=True)
    return twin.name


DAMAGES: tuple[Callable[[Path, Path, random.Random], str], ...] = (
    _link,
    _link,
    _pipe,
    _socket,
    _swap,
    _gone,
    _shut,
    _huge,
    _bytes,
    _record,
    _record,
    _record,
    _text,
    _junk,
    _twin,
)
