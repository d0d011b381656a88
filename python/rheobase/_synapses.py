# SPDX-License-Identifier: Apache-2.0
"""Single synapses as columns, checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ._arrays import Floats, Ids, floats_of, ids_of
from .errors import InvalidArgumentError
from .units import bursts_in

_MOST_DELAY = 255


def synapse_columns(
    pre: npt.ArrayLike,
    post: npt.ArrayLike,
    weight: Any,
    delay: Any,
    psp: Any,
    neurons: int,
    dt: float,
) -> tuple[Ids, Ids, Floats, Floats, Ids]:
    """Sources, targets, weights (mV), PSPs and delays in time steps, of one length.

    `weight`, `delay` (ms; None: one step) and `psp` are one value for all or arrays.
    """
    sources = ids_of(pre, neurons, "pre")
    targets = ids_of(post, neurons, "post")
    if sources.size != targets.size:
        raise InvalidArgumentError(
            f"pre and post differ in length ({sources.size} and {targets.size})."
        )
    n = int(sources.size)
    if np.ndim(delay) == 0:
        steps = np.full(n, delay_in_steps(delay, dt), np.uint32)
    else:
        steps = delays_in_steps(delay, n, dt)
    return sources, targets, floats_of(weight, n, "weight"), floats_of(psp, n, "psp"), steps


def delay_in_steps(delay: Any, dt: float) -> int:
    """A delay in ms (None: one step) as time steps, 1 to 255."""
    if delay is None:
        return 1
    steps = bursts_in(delay, dt, "delay", least=1)
    if steps > _MOST_DELAY:
        raise InvalidArgumentError(
            f"delay = {delay} is too long ({_MOST_DELAY} time steps at most, "
            f"{_MOST_DELAY * dt:g} ms). Take a longer dt."
        )
    return steps


def delays_in_steps(delay: Any, count: int, dt: float) -> npt.NDArray[np.uint32]:
    """Delays in ms as time steps, 1 to 255."""
    if hasattr(delay, "rescale"):
        delay = delay.rescale("ms").magnitude
    times = floats_of(delay, count, "delay").astype(np.float64)
    steps = np.rint(times / dt)
    off = np.abs(times / dt - steps) > 1e-4
    if off.any():
        bursts_in(times[int(np.argmax(off))], dt, "delay")
    wrong = (steps < 1) | (steps > _MOST_DELAY)
    if wrong.any():
        raise InvalidArgumentError(
            f"delay = {times[int(np.argmax(wrong))]:g} ms is out of range "
            f"({dt:g} to {_MOST_DELAY * dt:g} ms)."
        )
    return steps.astype(np.uint32)
