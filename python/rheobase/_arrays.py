# SPDX-License-Identifier: Apache-2.0
"""What callers hand in, as arrays of exactly the type that the compiled module takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgumentError, OutOfBoundsError, WrongTypeError
from .units import has_unit, holds_units, shown, values_in

Ids = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]


def ids_of(values: Any, limit: int, what: str) -> Ids:
    """Whole numbers 0 .. limit - 1, as one axis."""
    if has_unit(values) or holds_units(values):
        raise WrongTypeError(f"{what} = {shown(values)} are not whole numbers.")
    try:
        array = np.atleast_1d(np.asarray(values))
    except Exception:  # ragged lists, or whatever a stranger's class raises
        raise WrongTypeError(f"{what} = {shown(values)} are not whole numbers.") from None
    if array.size == 0 and array.ndim == 1 and array.dtype.kind in "iufO":
        return np.empty(0, np.uint32)
    if array.dtype.kind not in "iu":
        raise WrongTypeError(f"{what} are of type {array.dtype} (whole numbers are expected).")
    if array.ndim != 1:
        raise InvalidArgumentError(f"{what} have {array.ndim} axes (one is expected).")
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= limit:
        wrong = low if low < 0 else high
        there = f"0 to {limit - 1} do" if limit > 0 else "there are none"
        raise OutOfBoundsError(f"{what}: {wrong} does not exist ({there}).")
    return np.ascontiguousarray(array, np.uint32)


def floats_of(values: Any, count: int, what: str, unit: str = "dimensionless") -> Floats:
    """Finite numbers in `unit`, of a size that 32-bit floats have: one for all, or `count` of them."""
    array = values_in(values, unit, count, what)
    with np.errstate(over="ignore"):
        small = array.astype(np.float32)
    wrong = ~np.isfinite(small)
    if wrong.any():
        i = int(np.argmax(wrong))
        raise InvalidArgumentError(
            f"{what}: number {i}, {array[i]:g}, is too large (3.4e38 at most)."
        )
    return small


def merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges (first, count) without overlap, ascending."""
    found: list[tuple[int, int]] = []
    for first, count in sorted(ranges):
        if found and first <= found[-1][0] + found[-1][1]:
            begin, length = found[-1]
            found[-1] = (begin, max(length, first + count - begin))
        elif count:
            found.append((first, count))
    return found


def ranges_of(ids: Ids) -> list[tuple[int, int]]:
    """Runs (first, count) of ascending ids."""
    if ids.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(ids.astype(np.int64)) != 1) + 1
    starts = np.concatenate(([0], breaks))
    ends = np.concatenate((breaks, [ids.size]))
    return [(int(ids[a]), int(b - a)) for a, b in zip(starts, ends, strict=True)]
