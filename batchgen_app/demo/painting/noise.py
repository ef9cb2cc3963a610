"""Smooth random fields, fast: a coarse grid of random numbers, interpolated by matrix products."""

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
    down, across = _weights(rows), _weights(columns)
    grid = own.uniform(-1.6, 1.6, (down.shape[1], across.shape[1])).astype(np.float32)
    mixed: Field = down @ grid @ across.T
    return mixed


def _weights(positions: Field) -> Field:
    """For each position the weights of its four nearest grid points (cubic B-spline)."""
    positions = (positions - positions.min()).astype(np.float32)
    span = float(positions.max()) * (1 + 1 / max(1, positions.size - 1))
    if span > LARGEST_GRID:
        positions *= np.float32(LARGEST_GRID / span)
    cell = np.floor(positions).astype(np.intp)
    t = (positions - cell).astype(np.float32)
    cells = round(min(span, LARGEST_GRID) + 0.499)  # the same at every resolution
    weights = np.zeros((positions.size, max(cells, int(cell.max())) + 4), np.float32)
    at = np.arange(positions.size)
    weights[at, cell] = (1 - t) ** 3 / 6
    weights[at, cell + 1] = (3 * t**3 - 6 * t**2 + 4) / 6
    weights[at, cell + 2] = (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6
    weights[at, cell + 3] = t**3 / 6
    return weights


def smoothstep(low: float, high: float, values: Field) -> Field:
    """0 below low, 1 above high, smooth between; low may be the larger one."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    result: Field = t * t * (3 - 2 * t)
    return result
