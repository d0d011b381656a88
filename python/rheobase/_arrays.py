# SPDX-License-Identifier: Apache-2.0
"""What callers hand in, as arrays of exactly the type that the compiled module takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgumentError

Ids = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]


def ids_of(values: Any, limit: int, what: str) -> Ids:
    """Whole numbers 0 .. limit - 1, as one axis."""
    array = np.atleast_1d(np.asarray(values))
    if array.size == 0:
        return np.empty(0, np.uint32)
    if array.dtype.kind not in "iu":
        raise InvalidArgumentError(
            f"{what} are of type {array.dtype} (whole numbers are expected)."
        )
    if array.ndim != 1:
        raise InvalidArgumentError(f"{what} have {array.ndim} axes (one is expected).")
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= limit:
        wrong = low if low < 0 else high
        raise InvalidArgumentError(f"{what}: {wrong} does not exist (0 to {limit - 1} do).")
    return np.ascontiguousarray(array, np.uint32)


def floats_of(values: Any, count: int, what: str) -> Floats:
    """Finite numbers: one for all, or `count` of them."""
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError(f"{what} are not numbers.") from None
    if array.ndim == 0:
        array = np.full(count, array)
    if array.ndim != 1 or array.size != count:
        raise InvalidArgumentError(
            f"{what} have the shape {array.shape} (one number or {count} are expected)."
        )
    wrong = ~np.isfinite(array)
    if wrong.any():
        raise InvalidArgumentError(f"{what}: number {int(np.argmax(wrong))} is not finite.")
    return array.astype(np.float32)


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
