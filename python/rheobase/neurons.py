# SPDX-License-Identifier: Apache-2.0
"""Kinds of neurons, and external input that needs no list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import numpy as np

from . import _core
from .distribution import Distribution
from .errors import InvalidArgumentError, WrongTypeError
from .units import array_in, bursts_in, flag, shown, steps_in, time_step, values_in, whole

_MOST = float(np.finfo(np.float32).max)


def _plain(value: Any, unit: str, what: str) -> Any:
    """One number, a read-only array with one for each neuron, or a distribution, in `unit`."""
    if isinstance(value, Distribution):
        return value._in_unit(unit, what)
    array = array_in(value, unit, what)
    if array.ndim > 1:
        raise InvalidArgumentError(
            f"{what} has the shape {array.shape} (one number or one for each neuron is expected)."
        )
    wrong = ~np.isfinite(array) | (np.abs(array.astype(np.float64)) > _MOST)
    if wrong.any():
        raise InvalidArgumentError(f"{what} = {shown(value)} is not finite, or is too large.")
    if array.ndim == 0:
        return array.item()
    kept = array.copy()
    kept.flags.writeable = False
    return kept


@dataclass(frozen=True, eq=False)
class _Neuron:
    #: of each parameter: its unit; "steps" and "flag" are none
    units: ClassVar[dict[str, str]] = {}

    def __post_init__(self) -> None:
        """Everything in plain numbers of the documented units, and what can be said of them now, said."""
        for name, unit in self.units.items():
            value = getattr(self, name)
            if unit == "flag":
                value = _flags(value, name)
            elif unit == "steps":
                value = _steps(value, name)
            elif not (value is None and name == "threshold_limit"):
                value = _plain(value, unit, name)
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)
        )

    def __hash__(self) -> int:
        values = (getattr(self, f.name) for f in fields(self))
        plain = (tuple(v.tolist()) if isinstance(v, np.ndarray) else v for v in values)
        return hash((type(self).__name__, *plain))

    def arrays(self, count: int) -> dict[str, Any]:
        """Parameters that differ from neuron to neuron. Raises if a length is not `count`."""
        count = whole(count, "count")
        found = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                if value.shape != (count,):
                    raise InvalidArgumentError(
                        f"{f.name} has the shape {value.shape} "
                        f"(one number or {count} are expected)."
                    )
                found[f.name] = value
        return found

    def _varied(self) -> dict[str, Any]:
        """Parameters that are arrays or distributions."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v for k, v in found.items() if isinstance(v, (np.ndarray, Distribution))}

    def _even(self, dt: float) -> _core.NeuronParams:
        """What all neurons have in common, in time steps of `dt` ms; defaults in place of the rest."""
        defaults = {f.name: f.default for f in fields(self)}
        return replace(self, **{name: defaults[name] for name in self._varied()}).core(dt)

    def _values(
        self, dt: float, count: int, which: list[str] | None = None
    ) -> list[tuple[str, Any]]:
        """Parameters of `count` neurons as the compiled module names them, each an array with one number
        or one for each neuron, or a distribution: those of the names in `which`, or what varies."""
        self.arrays(count)
        names = list(self._varied()) if which is None else which
        return [self._value(name, getattr(self, name), dt) for name in names]

    def _all_values(self, dt: float, count: int) -> list[tuple[str, Any]]:
        """Every parameter."""
        names = [f.name for f in fields(self) if getattr(self, f.name) is not None]
        return [*self._values(dt, count, names), *self._others()]

    def _value(self, name: str, value: Any, dt: float) -> tuple[str, Any]:
        """One of `values`."""
        unit = self.units[name]
        if isinstance(value, Distribution):
            return name, value._core_in(unit, name)
        return name, np.atleast_1d(np.asarray(value, np.float64)).copy()

    def _others(self) -> list[tuple[str, Any]]:
        """What neurons have, but this kind has no name for."""
        return []

    def core(self, dt: float, i: int | None = None) -> _core.NeuronParams:
        """Parameters of neuron `i` (or of all) in time steps of `dt` ms."""
        raise NotImplementedError

    def _of(self, i: int | None) -> dict[str, Any]:
        """Every parameter of the i-th neuron, or of all."""
        at = None if i is None else whole(i, "i")
        found = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Distribution):
                raise InvalidArgumentError(f"{f.name} is drawn for each neuron ({value!r}).")
            if isinstance(value, np.ndarray):
                if at is None or at >= value.size:
                    raise InvalidArgumentError(
                        f"{f.name} differs from neuron to neuron (i = {shown(i)}, "
                        f"0 to {value.size - 1} do)."
                    )
                value = value[at]
            found[f.name] = value
        return found


def _flags(value: Any, what: str) -> Any:
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
        try:
            array = np.array(value)
        except ValueError:
            raise WrongTypeError(f"{what} = {shown(value)} is not True or False.") from None
        if array.dtype != np.bool_ or array.ndim != 1:
            raise WrongTypeError(f"{what} = {shown(value)} is not True or False.")
        array.flags.writeable = False
        return array
    return flag(value, what)


def _steps(value: Any, what: str) -> Any:
    """Whole numbers 0 .. 65535, or a distribution that is rounded to them."""
    if isinstance(value, Distribution):
        return value._in_unit("dimensionless", what)
    if isinstance(value, (list, tuple, range)) or (isinstance(value, np.ndarray) and value.ndim):
        array = _plain(value, "dimensionless", what)
        if array.dtype.kind not in "iu":
            raise WrongTypeError(f"{what} = {shown(value)} are not whole numbers.")
        if array.size:
            whole(int(array.min()), what, most=65535)
            whole(int(array.max()), what, most=65535)
        return array
    return whole(value, what, most=65535)


def _all(value: Any) -> Iterator[float]:
    """The one value, or the least and the largest of many; what is drawn is looked at later."""
    if isinstance(value, Distribution):
        return
    if isinstance(value, np.ndarray):
        if value.size:
            yield float(value.min())
            yield float(value.max())
    else:
        yield value


@dataclass(frozen=True, eq=False)
class LIF(_Neuron):
    """A leaky integrate-and-fire neuron, integrated exactly over a time step:
    `v(t + dt) = v_rest + (v(t) - v_rest) * exp(-dt / tau_m) + input` (NEST: iaf_psc_delta).

    Each parameter is a number (ms, mV), a quantity, an array with one value per neuron, or a distribution
    from which each neuron draws (`rb.normal(20, 1)`); it is kept in ms and mV.

    tau_m: membrane time constant, ms, > 0.
    v_rest: potential toward which the neuron leaks, mV.
    v_reset: potential after a spike, mV.
    v_threshold: the neuron fires when its potential reaches it, mV.
    t_ref: time after a spike in which nothing happens, ms, a multiple of dt; draws are rounded to one.
    """

    tau_m: Any = 20.0
    v_rest: Any = 0.0
    v_reset: Any = 0.0
    v_threshold: Any = 20.0
    t_ref: Any = 0.0

    units: ClassVar[dict[str, str]] = {
        "tau_m": "ms",
        "v_rest": "mV",
        "v_reset": "mV",
        "v_threshold": "mV",
        "t_ref": "ms",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for value in _all(self.tau_m):
            if not value > 0:
                raise InvalidArgumentError(
                    f"tau_m of {value:g} ms is not a time constant (it must be above 0)."
                )
        for value in _all(self.t_ref):
            if value < 0:
                raise InvalidArgumentError(f"t_ref = {value:g} ms is too short (at least 0 ms).")

    def _value(self, name: str, value: Any, dt: float) -> tuple[str, Any]:
        if name == "t_ref" and not isinstance(value, Distribution):
            steps = steps_in(value, dt, None, "t_ref", most=65535)
            return "refractory_period", np.atleast_1d(steps.astype(np.float64))
        names = {"tau_m": "tau_m_ms", "t_ref": "t_ref_ms", "v_threshold": "threshold"}
        return names.get(name, name), super()._value(name, value, dt)[1]

    def _others(self) -> list[tuple[str, Any]]:
        plain = {"threshold_limit": _MOST, "excitability": 1.0, "fire_limit": 0.0}
        plain |= {"snooze_period": 0.0, "accumulates": 1.0}
        return [(name, np.array([value])) for name, value in plain.items()]

    def core(self, dt: float, i: int | None = None) -> _core.NeuronParams:
        """Parameters of neuron `i` (or of all) in time steps of `dt` ms."""
        step, p = time_step(dt), self._of(i)
        t_ref = bursts_in(p["t_ref"], step, "t_ref", most=65535) * step
        return _core.lif(
            float(p["tau_m"]),
            float(p["v_rest"]),
            float(p["v_reset"]),
            float(p["v_threshold"]),
            t_ref,
            step,
        )


@dataclass(frozen=True, eq=False)
class Neuron(_Neuron):
    """A neuron in the engine's own terms, times in time steps (docs/state.md lists all).

    Each parameter is a number, an array with one value per neuron, or a distribution from which each neuron
    draws; potentials may be quantities. Draws of steps are rounded to whole ones.

    v_rest, v_reset: potential toward which it leaks; after a spike; mV.
    threshold, threshold_limit: it fires at threshold <= potential <= threshold_limit (None: no limit), mV.
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

    units: ClassVar[dict[str, str]] = {
        "v_rest": "mV",
        "v_reset": "mV",
        "threshold": "mV",
        "threshold_limit": "mV",
        "leak": "dimensionless",
        "excitability": "dimensionless",
        "refractory_period": "steps",
        "fire_limit": "steps",
        "snooze_period": "steps",
        "accumulates": "flag",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("leak", "excitability"):
            for share in _all(getattr(self, name)):
                if not 0.0 <= share <= 1.0:
                    raise InvalidArgumentError(f"{name} = {share:g} is out of range (0 to 1).")

    def _others(self) -> list[tuple[str, Any]]:
        return [("threshold_limit", np.array([_MOST]))] if self.threshold_limit is None else []

    def core(self, dt: float, i: int | None = None) -> _core.NeuronParams:
        """Parameters of neuron `i` (or of all)."""
        time_step(dt)
        made = _core.NeuronParams()
        for name, value in self._of(i).items():
            kind = {"steps": int, "flag": bool}.get(self.units[name], float)
            if name != "threshold_limit" or value is not None:
                setattr(made, name, kind(value))
        return made


def neuron_kind(value: Any) -> LIF | Neuron:
    """What was given, if it is a kind of neuron."""
    if not isinstance(value, (LIF, Neuron)):
        raise WrongTypeError(
            f"{shown(value)} is no kind of neuron. Use rheobase.LIF(...) or Neuron(...)."
        )
    return value


def changed(neuron: LIF | Neuron, values: dict[str, Any]) -> LIF | Neuron:
    """With other parameters, by name."""
    names = [f.name for f in fields(neuron)]
    for name in values:
        if name not in names:
            raise InvalidArgumentError(
                f"{type(neuron).__name__} has no parameter {name!r} (it has {', '.join(names)}; v is the "
                "potential before the first step)."
            )
    return replace(neuron, **values)


def first_potentials(v: Any, count: int) -> list[tuple[str, Any]]:
    """Before the first step, mV, as the compiled module takes them; None: at rest."""
    if v is None:
        return []
    if isinstance(v, Distribution):
        return [("potential", v._core_in("mV", "v"))]
    return [("potential", values_in(v, "mV", count, "v"))]


@dataclass(frozen=True, eq=False)
class DriveRule:
    """When the neurons of a population get external input. Made by `poisson`, `regular`, `constant`.

    rate: Hz, one number or one for each neuron.
    """

    kind: str
    rate: Any = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in ("poisson", "regular", "constant"):
            raise InvalidArgumentError(
                f"kind = {shown(self.kind)} is no drive (possible: 'poisson', 'regular', 'constant')."
            )
        hz = _plain(self.rate, "Hz", "rate")
        for rate in _all(hz):
            if not 0.0 <= rate <= 1e9:
                raise InvalidArgumentError(f"rate = {rate:g} Hz is out of range (0 to 1e9).")
        object.__setattr__(self, "rate", hz if isinstance(hz, np.ndarray) else float(hz))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DriveRule):
            return NotImplemented
        return self.kind == other.kind and np.array_equal(self.rate, other.rate)

    def __hash__(self) -> int:
        rate = self.rate
        return hash((self.kind, tuple(rate.tolist()) if isinstance(rate, np.ndarray) else rate))


def poisson(rate: Any) -> DriveRule:
    """Independent Poisson trains of `rate` Hz into each neuron; several events of one step add up. An array
    has a rate for each neuron that is driven."""
    return DriveRule("poisson", rate)


def regular(rate: Any) -> DriveRule:
    """All neurons together, `rate` times a second, evenly. An array has a rate for each neuron that is
    driven."""
    return DriveRule("regular", rate)


def constant() -> DriveRule:
    """The same input in every time step."""
    return DriveRule("constant")


def drive_rule(value: Any) -> DriveRule:
    """What was given, if it is a drive."""
    if not isinstance(value, DriveRule):
        raise WrongTypeError(
            f"{shown(value)} is not a drive. Use rheobase.poisson(rate), regular(rate) or constant()."
        )
    return value
