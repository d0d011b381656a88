# SPDX-License-Identifier: Apache-2.0
"""Single synapses as columns, checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import Floats, Ids, floats_of, ids_of
from .distribution import Distribution
from .errors import InvalidArgumentError
from .units import bursts_in, shown, steps_in

_MOST_DELAY = _core.MOST_DELAY
_OTHER_SEED = 0x6A09E667F3BCC909  # so that weights and delays are independent


def synapse_columns(
    pre: npt.ArrayLike,
    post: npt.ArrayLike,
    weight: Any,
    delay: Any,
    psp: Any,
    neurons: int,
    dt: float,
    seed: int | None = None,
) -> tuple[Ids, Ids, Floats, Floats, Ids]:
    """Sources, targets, weights (mV), PSPs and delays in time steps, of one length.

    `weight`, `delay` (ms; None: one step) and `psp` are one value for all or arrays; with a seed,
    weights and delays may be distributions.
    """
    sources, targets = pair_columns(pre, post, neurons)
    n = int(sources.size)
    if seed is not None and isinstance(weight, Distribution):
        weight = weight._core_in("mV", "weight").sample(seed, n)
    if seed is not None and isinstance(delay, Distribution):
        steps = delay._core_in("ms", "delay").times(1.0 / dt).step(1.0)
        delay = steps.sample(seed ^ _OTHER_SEED, n).astype(np.float64) * dt
    weights = floats_of(weight, n, "weight", "mV")
    return sources, targets, weights, floats_of(psp, n, "psp"), delays_in_steps(delay, n, dt)


def pair_columns(pre: npt.ArrayLike, post: npt.ArrayLike, neurons: int) -> tuple[Ids, Ids]:
    """Sources and targets of one length."""
    sources = ids_of(pre, neurons, "pre")
    targets = ids_of(post, neurons, "post")
    if sources.size != targets.size:
        raise InvalidArgumentError(
            f"pre and post differ in length ({sources.size} and {targets.size})."
        )
    return sources, targets


def delay_in_steps(delay: Any, dt: float) -> int:
    """A delay in ms (None: one step) as time steps, 1 to 65,535."""
    if delay is None:
        return 1
    steps = bursts_in(delay, dt, "delay", least=1)
    if steps > _MOST_DELAY:
        raise InvalidArgumentError(
            f"delay = {shown(delay)} is too long ({_MOST_DELAY} time steps at most, "
            f"{_MOST_DELAY * dt:g} ms). Take a longer dt."
        )
    return steps


def delay_or_draws(delay: Any, dt: float) -> int | _core.Distribution:
    """The same, or the distribution of the steps."""
    if isinstance(delay, Distribution):
        return delay._core_in("ms", "delay").times(1.0 / dt)
    return delay_in_steps(delay, dt)


def delays_in_steps(delay: Any, count: int, dt: float) -> Ids:
    """Delays in ms (None: one step), one for all or `count` of them, as time steps, 1 to 65,535."""
    if delay is None:
        return np.ones(count, np.uint32)
    return steps_in(delay, dt, count, "delay", least=1, most=_MOST_DELAY).astype(np.uint32)
