# SPDX-License-Identifier: Apache-2.0
"""What encoders and decoders are given, as arrays that the compiled module takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgumentError, WrongTypeError
from .units import array_in, shown, whole

Floats = npt.NDArray[np.float32]
Shape = tuple[int, ...]


def numbers(values: Any, what: str, axes: int = 0) -> tuple[Floats, Shape]:
    """(numbers as one axis, the shape that they had), at least so many axes. True counts as 1."""
    if isinstance(values, np.ndarray) and values.dtype == np.bool_:
        values = values.view(np.uint8)
    with np.errstate(over="ignore"):
        array = np.asarray(array_in(values, "dimensionless", what), np.float32)
    if array.ndim < axes:
        raise InvalidArgumentError(
            f"{what} have the shape {array.shape} (at least {axes} axes are expected)."
        )
    return np.ascontiguousarray(array).reshape(-1), array.shape


def spike_rows(spikes: Any, what: str = "spikes") -> tuple[npt.NDArray[Any], Shape]:
    """(spikes as one axis of 8 or 16 bits, the shape without the first axis, that of bursts)."""
    array = np.asarray(spikes)
    if array.dtype.kind not in "biu":
        raise WrongTypeError(f"{what} are of type {array.dtype} (True and False, or counts, do).")
    if array.ndim < 1:
        raise InvalidArgumentError(f"{what} = {shown(spikes)} have no axis of bursts.")
    small = array.dtype == np.bool_ or array.dtype == np.uint8
    if not small and array.size and (int(array.min()) < 0 or int(array.max()) > 65535):
        raise InvalidArgumentError(f"{what} hold counts outside 0 to 65535.")
    flat = np.ascontiguousarray(array, np.uint8 if small else np.uint16).reshape(-1)
    return flat, array.shape[1:]


def first_spikes(spikes: Any) -> tuple[npt.NDArray[np.uint8], Shape, int]:
    """(spikes as True and False on one axis, shape of the values, how many values)."""
    flat, shape = spike_rows(spikes)
    return (flat > 0).view(np.uint8), shape, values_in(shape)


def values_in(shape: Shape) -> int:
    """How many values an array of that shape has, which must not be none."""
    count = math.prod(shape)
    if count == 0:
        raise InvalidArgumentError(f"there are no values in an array of the shape {shape}.")
    return count


def fractional(positioning: Any) -> bool:
    """FEAGI's percentage_neuron_positioning."""
    if not isinstance(positioning, str) or positioning.lower() not in ("linear", "fractional"):
        raise InvalidArgumentError(
            f"positioning = {shown(positioning)} is not known (possible: 'linear', 'fractional')."
        )
    return positioning.lower() == "fractional"


def draws(seed: Any, first_id: Any, first_burst: Any) -> tuple[int, int, int]:
    """Whom a draw is for."""
    return (
        whole(seed, "seed", most=2**64 - 1),
        whole(first_id, "first_id", most=2**32 - 1),
        whole(first_burst, "first_burst", least=1, most=2**63),
    )
