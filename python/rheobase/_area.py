# SPDX-License-Identifier: Apache-2.0
"""What builders and edits ask of an area."""

from __future__ import annotations

from collections.abc import Sequence

from ._arrays import floats_of
from .errors import InvalidArgumentError
from .units import whole


def size_of(shape: Sequence[int], name: str) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise InvalidArgumentError(f"shape = {shape} of {name!r} is not (x, y, z).")
    return (
        whole(shape[0], "shape[0]", least=1),
        whole(shape[1], "shape[1]", least=1),
        whole(shape[2], "shape[2]", least=1),
    )


def gradient_of(gradient: Sequence[float], name: str, varied: object) -> list[float]:
    """`varied`: parameters that are arrays, if any."""
    steps = floats_of(gradient, 3, "threshold_gradient")
    if varied and steps.any():
        raise InvalidArgumentError(
            f"{name!r} has both a threshold gradient and arrays of parameters. Use one."
        )
    return [float(g) for g in steps]
