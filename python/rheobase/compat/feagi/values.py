# SPDX-License-Identifier: Apache-2.0
"""What FEAGI's calls take, checked: OverflowError for integers out of range, as its binding raised."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def number(value: Any, what: str) -> float:
    """A finite number."""
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(f"{what} = {number} is not finite.")
    return number


def whole(value: Any, what: str, most: int) -> int:
    """A whole number in 0 .. most."""
    number = int(value.__index__())
    if not 0 <= number <= most:
        raise OverflowError(f"{what} = {number} is out of range (0 to {most}).")
    return number


def u8(value: Any, what: str) -> int:
    """0 to 255."""
    return whole(value, what, 255)


def u16(value: Any, what: str) -> int:
    """0 to 65535."""
    return whole(value, what, 65535)


def u32(value: Any, what: str) -> int:
    """0 to 2**32 - 1."""
    return whole(value, what, 2**32 - 1)


def size(value: Any, what: str) -> int:
    """A size or capacity."""
    return whole(value, what, 2**40)


def column(values: npt.NDArray[Any], most: int, what: str) -> npt.NDArray[Any]:
    """Whole numbers in 0 .. most."""
    if values.size and values.dtype.kind not in "iu":
        raise TypeError(f"{what} are of type {values.dtype} (whole numbers are expected).")
    if values.size and (values.min() < 0 or values.max() > most):
        raise OverflowError(f"{what} are out of range (0 to {most}).")
    return values
