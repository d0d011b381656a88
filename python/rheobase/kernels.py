# SPDX-License-Identifier: Apache-2.0
"""How the probability of a connection falls with distance, for `rheobase.distance_probability`.

Lengths are in the unit of the positions, or in voxels times the pitch; quantities are converted to um.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import InvalidArgumentError, UnknownNameError
from .units import shown, text, value_in

__all__ = ["Kernel", "exponential", "gaussian", "linear", "within"]

_SCALES = {"gaussian": "sigma", "exponential": "length", "linear": "reach", "within": "radius"}


@dataclass(frozen=True)
class Kernel:
    """1 at distance 0, falling with a `shape` ("gaussian", "exponential", "linear", "within") and its
    `scale`, a length above 0. Made by the functions of this module."""

    shape: str
    scale: float

    def __post_init__(self) -> None:
        if text(self.shape, "shape") not in _SCALES:
            raise UnknownNameError(
                f"there is no kernel {shown(self.shape)} (there are {', '.join(_SCALES)})."
            )
        name = _SCALES[self.shape]
        length = value_in(self.scale, "um", name)
        if not 0.0 < length <= 1e12:
            raise InvalidArgumentError(
                f"{name} = {length:g} is no length (it must be above 0 and at most 1e12)."
            )
        object.__setattr__(self, "scale", length)


def gaussian(sigma: Any) -> Kernel:
    """exp(-d**2 / (2 * sigma**2))"""
    return Kernel("gaussian", sigma)


def exponential(length: Any) -> Kernel:
    """exp(-d / length)"""
    return Kernel("exponential", length)


def linear(reach: Any) -> Kernel:
    """1 - d / reach, 0 from there on"""
    return Kernel("linear", reach)


def within(radius: Any) -> Kernel:
    """1 up to the radius, 0 beyond"""
    return Kernel("within", radius)
