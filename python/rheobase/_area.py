# SPDX-License-Identifier: Apache-2.0
"""What builders and edits ask of an area."""

from __future__ import annotations

from typing import Any

from ._arrays import floats_of
from .errors import InvalidArgumentError, OutOfRangeError, WrongTypeError
from .units import items, shown, whole

_MOST_NEURONS = 2**32 - 2


def shape_of(
    shape: Any, neurons_per_voxel: Any, name: str
) -> tuple[tuple[int, int, int], int, int]:
    """(x, y, z), neurons per voxel, and how many neurons that makes."""
    extents = items(shape, "shape") if not isinstance(shape, str) else []
    if len(extents) != 3:
        raise WrongTypeError(f"shape = {shown(shape)} of {name!r} is not (x, y, z).")
    x, y, z = (whole(n, f"shape[{i}]", least=1) for i, n in enumerate(extents))
    per = whole(neurons_per_voxel, "neurons_per_voxel", least=1)
    count = x * y * z * per
    if count > _MOST_NEURONS:
        raise OutOfRangeError(
            f"{name!r} brings the network to more than {_MOST_NEURONS} neurons ({count} in this area). "
            "Make it smaller."
        )
    return (x, y, z), per, count


def gradient_of(gradient: Any, name: str, varied: object) -> list[float]:
    """`varied`: whether the thresholds vary by themselves."""
    steps = floats_of(gradient, 3, "threshold_gradient", "mV")
    if varied and steps.any():
        raise InvalidArgumentError(
            f"{name!r} has both a threshold gradient and thresholds that vary. Use one."
        )
    return [float(g) for g in steps]
