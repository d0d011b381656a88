# SPDX-License-Identifier: Apache-2.0
"""Kinds of neurons, and external input that needs no list."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from . import _core
from .errors import InvalidArgumentError
from .units import bursts_in, value_in, whole


def _scalar(value: Any, i: int | None) -> Any:
    """The i-th of an array, or the one value for all."""
    if i is None or np.ndim(value) == 0:
        return value
    return value[i]


@dataclass(frozen=True)
class _Neuron:
    units: ClassVar[dict[str, str]] = {}

    def arrays(self, count: int) -> dict[str, Any]:
        """Parameters that differ from neuron to neuron. Raises if a length is not `count`."""
        found = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if np.ndim(value) != 0:
                if np.shape(value) != (count,):
                    raise InvalidArgumentError(
                        f"{field.name} has the shape {np.shape(value)} "
                        f"(one number or {count} are expected)."
                    )
                found[field.name] = value
        return found

    def core(self, dt: float, i: int | None = None) -> _core.NeuronParams:
        """Parameters of neuron `i` (or of all) in time steps of `dt` ms."""
        raise NotImplementedError


@dataclass(frozen=True)
class LIF(_Neuron):
    """A leaky integrate-and-fire neuron, integrated exactly over a time step:
    `v(t + dt) = v_rest + (v(t) - v_rest) * exp(-dt / tau_m) + input` (NEST: iaf_psc_delta).

    Each parameter is a number (ms, mV), a quantity, or an array with one value per neuron.

    tau_m: membrane time constant, ms, > 0.
    v_rest: potential toward which the neuron leaks, mV.
    v_reset: potential after a spike, mV.
    v_threshold: the neuron fires when its potential reaches it, mV.
    t_ref: time after a spike in which nothing happens, ms, a multiple of dt.
    """

    tau_m: Any = 20.0
    v_rest: Any = 0.0
    v_reset: Any = 0.0
    v_threshold: Any = 20.0
    t_ref: Any = 0.0

    def core(self, dt: float, i: int | None = None) -> _core.NeuronParams:
        """Parameters of neuron `i` (or of all) in time steps of `dt` ms."""
        t_ref = bursts_in(_scalar(self.t_ref, i), dt, "t_ref") * dt
        return _core.lif(
            value_in(_scalar(self.tau_m, i), "ms", "tau_m"),
            value_in(_scalar(self.v_rest, i), "mV", "v_rest"),
            value_in(_scalar(self.v_reset, i), "mV", "v_reset"),
            value_in(_scalar(self.v_threshold, i), "mV", "v_threshold"),
            t_ref,
            dt,
        )


@dataclass(frozen=True)
class Neuron(_Neuron):
    """A neuron in the engine's own terms, times in time steps (docs/state.md lists all).

    Each parameter is a number or an array with one value per neuron.

    v_rest, v_reset: potential toward which it leaks; after a spike.
    threshold, threshold_limit: it fires at threshold <= potential <= threshold_limit (None: no limit).
    leak: share of (potential - v_rest) lost per step, 0 to 1.
    excitability: probability that a neuron in its window fires, 0 to 1.
    refractory_period: steps blocked after a spike.
    fire_limit: consecutive spikes after which it pauses (0: no limit).
    snooze_period: extra blocked steps then.
    accumulates: keeps its potential from step to step.
    """

    v_rest: Any = 0.0
    v_reset: Any = 0.0
    threshold: Any = 1.0
    threshold_limit: Any = None
    leak: Any = 0.0
    excitability: Any = 1.0
    refractory_period: Any = 0
    fire_limit: Any = 0
    snooze_period: Any = 0
    accumulates: Any = True

    def core(self, dt: float, i: int | None = None) -> _core.NeuronParams:
        """Parameters of neuron `i` (or of all)."""
        p = _core.NeuronParams()
        for name in ("v_rest", "v_reset", "threshold"):
            setattr(p, name, value_in(_scalar(getattr(self, name), i), "mV", name))
        limit = _scalar(self.threshold_limit, i)
        if limit is not None:
            p.threshold_limit = value_in(limit, "mV", "threshold_limit")
        for name in ("leak", "excitability"):
            share = value_in(_scalar(getattr(self, name), i), "dimensionless", name)
            if not 0.0 <= share <= 1.0:
                raise InvalidArgumentError(f"{name} = {share:g} is out of range (0 to 1).")
            setattr(p, name, share)
        for name in ("refractory_period", "fire_limit", "snooze_period"):
            setattr(p, name, whole(_scalar(getattr(self, name), i), name, most=65535))
        p.accumulates = bool(_scalar(self.accumulates, i))
        return p


@dataclass(frozen=True)
class DriveRule:
    """When the neurons of a population get external input. Made by `poisson`, `regular`, `constant`."""

    kind: str
    rate: float = 0.0


def poisson(rate: Any) -> DriveRule:
    """Independent Poisson trains of `rate` Hz into each neuron; several events of one step add up."""
    return DriveRule("poisson", _rate(rate))


def regular(rate: Any) -> DriveRule:
    """All neurons together, `rate` times a second, evenly."""
    return DriveRule("regular", _rate(rate))


def constant() -> DriveRule:
    """The same input in every time step."""
    return DriveRule("constant")


def _rate(rate: Any) -> float:
    hz = value_in(rate, "Hz", "rate")
    if not 0.0 <= hz <= 1e9:
        raise InvalidArgumentError(f"rate = {hz:g} Hz is out of range (0 to 1e9).")
    return hz
