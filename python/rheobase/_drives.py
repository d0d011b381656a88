# SPDX-License-Identifier: Apache-2.0
"""Drives whose rate or weight differs from neuron to neuron, as drives of runs of equal neurons."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arrays import floats_of
from .errors import InvalidArgumentError
from .neurons import DriveRule
from .population import Population, Selection
from .units import float32_in

#: each run is a drive of its own, which takes time in every step
MOST_RUNS = 1000

#: first, count, weight, rate
Run = tuple[int, int, float, float]


def drive_runs(part: Population | Selection, rule: DriveRule, weight: Any, unit: str) -> list[Run]:
    """Runs of neurons of a part that are driven alike; `weight` in `unit`, one number or one for each."""
    varied = isinstance(rule.rate, np.ndarray) or _is_array(weight)
    if not varied:
        amplitude = float32_in(weight, unit, "weight")
        return [(first, count, amplitude, rule.rate) for first, count in part.ranges()]
    ids = part.ids.astype(np.int64)
    weights = floats_of(weight, ids.size, "weight", unit)
    rates = np.asarray(rule.rate, np.float64)
    if rates.ndim and rates.shape != ids.shape:
        raise InvalidArgumentError(
            f"rate has the shape {rates.shape} (one number or {ids.size} are expected: one for each of "
            f"{part!r})."
        )
    rates = np.broadcast_to(rates, ids.shape)
    order = np.argsort(ids, kind="stable")
    ids, weights, rates = ids[order], weights[order], rates[order]
    if (np.diff(ids) == 0).any():
        raise InvalidArgumentError(
            f"{part!r} names a neuron twice (each has one rate and one weight). Drive it twice instead."
        )
    differs = (np.diff(ids) != 1) | (np.diff(weights) != 0) | (np.diff(rates) != 0)
    starts = np.flatnonzero(np.concatenate(([True], differs)))[: ids.size]
    if starts.size > MOST_RUNS:
        hint = (
            "Let a population of rheobase.models.poisson_source with rate=array drive it one to one."
            if rule.kind == "poisson"
            else "Use a parameter of a model, such as I_e, which may be an array."
        )
        raise InvalidArgumentError(
            f"{part!r} would get {starts.size} drives (each run of neurons with one rate and weight is "
            f"one, {MOST_RUNS} at most). {hint}"
        )
    ends = np.append(starts[1:], ids.size)
    return [
        (int(ids[a]), int(b - a), float(weights[a]), float(rates[a]))
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _is_array(value: Any) -> bool:
    return getattr(value, "ndim", 0) != 0 or isinstance(value, (list, tuple, range))
