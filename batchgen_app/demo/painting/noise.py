"""Smooth random fields: coarse grids of random numbers, interpolated with cubic B-splines."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = NDArray[np.float32]

LARGEST_GRID = 400  # cells along one side; finer noise would not be seen and would cost


def field(
    random: np.random.Generator, rows: Field, columns: Field, octaves: int = 4, gain: float = 0.5
) -> Field:
    """Noise at rows x columns, given as 1-D positions in cells; about -1 to 1.

    Each octave is twice as fine and `gain` times as strong. Positions need not be regular: rows
    that crowd together give perspective.
    """
    total = np.zeros((rows.size, columns.size), np.float32)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        scale = np.float32(2.0**octave)
        total += np.float32(weight) * _layer(random, rows * scale, columns * scale)
        norm += weight
        weight *= gain
    total /= np.float32(norm)
    return total


def line(random: np.random.Generator, columns: Field, octaves: int = 5, gain: float = 0.5) -> Field:
    """The same in one dimension."""
    height: Field = field(random, np.zeros(1, np.float32), columns, octaves, gain)[0]
    return height


def ridges(
    random: np.random.Generator, columns: Field, octaves: int = 6, gain: float = 0.55
) -> Field:
    """A line with sharp peaks, about 0 to 1: folded noise, added up."""
    total = np.zeros(columns.size, np.float32)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        wave = _layer(random, np.zeros(1, np.float32), columns * np.float32(2.0**octave))[0]
        folded = 1 - np.abs(wave)
        total += np.float32(weight) * folded**2
        norm += weight
        weight *= gain
    total /= np.float32(norm)
    return total


def _layer(random: np.random.Generator, rows: Field, columns: Field) -> Field:
    own = random.spawn(1)[0]  # so that the size of a picture does not change what follows
    if not rows.size * columns.size:
        return np.zeros((rows.size, columns.size), np.float32)
    down, across = _Spline(rows), _Spline(columns)
    grid = own.uniform(-1.6, 1.6, (down.points, across.points)).astype(np.float32)
    return down.interpolate(across.interpolate(grid.T).T)


class _Spline:
    """Positions in cells of a grid, ready to interpolate along its first axis."""

    def __init__(self, positions: Field) -> None:
        start = positions - positions.min()
        span = float(start.max()) * (1 + 1 / max(1, start.size - 1))
        shrink = min(1.0, LARGEST_GRID / max(span, 1e-6))
        places = start * np.float32(shrink)
        self._cells = np.floor(places).astype(np.intp)
        t = (places - self._cells).astype(np.float32)
        self._weights = (
            (1 - t) ** 3 / 6,
            (3 * t**3 - 6 * t**2 + 4) / 6,
            (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
            t**3 / 6,
        )
        cells = round(span * shrink + 0.499)  # the same at every resolution
        self.points = max(cells, int(self._cells.max())) + 4

    def interpolate(self, grid: Field) -> Field:
        """A row for each position, mixed from the four nearest rows of the grid."""
        grid = np.ascontiguousarray(grid)
        mixed: Field = np.zeros((self._cells.size, grid.shape[1]), np.float32)
        for offset, weight in enumerate(self._weights):
            mixed += grid[self._cells + offset] * weight[:, None]
        return mixed


def smoothstep(low: float, high: float, values: Field) -> Field:
    """0 below low, 1 above high, smooth between; low may be the larger one."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    result: Field = t * t * (3 - 2 * t)
    return result
