# SPDX-License-Identifier: Apache-2.0
"""Random numbers as values: from which distribution parameters and first states are drawn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from .errors import InvalidArgumentError, UnknownNameError, WrongTypeError
from .units import _UNITS, has_unit, shown, text, value_in, whole

#: how many numbers each takes
_KINDS = {"normal": 2, "lognormal": 2, "uniform": 2, "exponential": 1}


class Distribution:
    """A distribution from which each neuron draws a number of its own. Made by `normal`, `lognormal`,
    `uniform` and `exponential`; given wherever an array with one number for each neuron could be.

    What is drawn follows from the builder's seed, the names of population and parameter, and the neuron's
    index within the population: it is the same on every machine, whatever else there is in the network.
    """

    def __init__(
        self,
        kind: str,
        arguments: tuple[Any, ...],
        limits: tuple[tuple[Any, Any], ...] = (),
        grid: Any = None,
    ) -> None:
        """kind: name of the function that makes it; arguments: what that takes; limits: of each call of
        `within`; grid: of `step`."""
        if text(kind, "kind") not in _KINDS:
            raise UnknownNameError(
                f"there is no distribution {shown(kind)} (there are {', '.join(_KINDS)})."
            )
        if len(arguments) != _KINDS[kind]:
            raise WrongTypeError(f"{kind} takes {_KINDS[kind]} numbers, not {len(arguments)}.")
        self._kind = kind
        self._arguments = tuple(_number(a, kind) for a in arguments)
        self._limits = tuple(
            (_limit(low, -math.inf), _limit(high, math.inf)) for low, high in limits
        )
        self._grid = None if grid is None else _number(grid, "step")
        self._core: _core.Distribution | None = None
        if not self._has_units():
            self._core = self._made("dimensionless", kind)

    def within(self, low: Any = None, high: Any = None) -> Distribution:
        """Cut off outside low .. high, as if a draw were repeated until it lies within (NEST: `redraw`);
        None is no limit. A second call narrows the first. Raises InvalidArgumentError if next to nothing
        would lie within (a share below 1e-9)."""
        return Distribution(self._kind, self._arguments, (*self._limits, (low, high)), self._grid)

    def step(self, size: Any) -> Distribution:
        """Rounded to the nearest multiple of `size` > 0, among those that lie within the limits."""
        return Distribution(self._kind, self._arguments, self._limits, size)

    def sample(self, n: int, seed: int = 1, unit: str | None = None) -> npt.NDArray[np.float32]:
        """`n` draws to look at; those of a network have seeds of their own. unit: in which numbers are
        wanted, needed only if the distribution was given quantities ("mV")."""
        if unit is not None and unit not in _UNITS:
            raise UnknownNameError(
                f"there is no unit {shown(unit)} (there are {', '.join(_UNITS)})."
            )
        if unit is None and self._core is None:
            raise InvalidArgumentError(
                f"{self!r} has quantities. Say in which unit, such as unit='mV'."
            )
        core = self._core or self._made(unit or "", "sample")
        return core.sample(whole(seed, "seed", most=2**64 - 1), whole(n, "n"))

    def _in_unit(self, unit: str, what: str) -> Distribution:
        """The same of plain numbers in `unit`. `what` names it in errors."""
        if self._core is not None:
            return self
        made = Distribution.__new__(Distribution)
        made._kind = self._kind
        made._arguments = tuple(value_in(a, self._unit(unit), what) for a in self._arguments)
        made._limits = tuple(
            (_limit_in(a, unit, what), _limit_in(b, unit, what)) for a, b in self._limits
        )
        made._grid = None if self._grid is None else value_in(self._grid, unit, what)
        made._core = self._made(unit, what)
        return made

    def _core_in(self, unit: str, what: str) -> _core.Distribution:
        """As the compiled module takes it, in plain numbers of `unit`."""
        return self._core or self._made(unit, what)

    def _unit(self, unit: str) -> str:
        """Of the arguments; logarithms have none."""
        return "dimensionless" if self._kind == "lognormal" else unit

    def _has_units(self) -> bool:
        limits = [x for pair in self._limits for x in pair]
        return any(has_unit(x) for x in (*self._arguments, *limits, self._grid))

    def _made(self, unit: str, what: str) -> _core.Distribution:
        numbers = [value_in(a, self._unit(unit), what) for a in self._arguments]
        made = _core.Distribution(self._kind, numbers[0], numbers[-1])
        for low, high in self._limits:
            made = made.within(_limit_in(low, unit, what), _limit_in(high, unit, what))
        return made if self._grid is None else made.step(value_in(self._grid, unit, what))

    def _parts(self) -> tuple[Any, ...]:
        return self._kind, self._arguments, self._limits, self._grid

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Distribution):
            return NotImplemented
        if self._core is not None and other._core is not None:
            return self._core.equals(other._core)
        return repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        if self._core is not None:
            return self._core.describe()
        made = f"{self._kind}({', '.join(map(shown, self._arguments))})"
        for low, high in self._limits:
            made += f".within({shown(low)}, {shown(high)})"
        return made if self._grid is None else f"{made}.step({shown(self._grid)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Distribution, self._parts()


def _number(value: Any, what: str) -> Any:
    """A quantity as it is, anything else as a finite number."""
    return value if has_unit(value) else value_in(value, "dimensionless", what)


def _limit(value: Any, none: float) -> Any:
    if value is None or (isinstance(value, float) and value == none):
        return none
    return _number(value, "within")


def _limit_in(value: Any, unit: str, what: str) -> float:
    return value if isinstance(value, float) and math.isinf(value) else value_in(value, unit, what)


def normal(mean: Any, sd: Any) -> Distribution:
    """Of that mean and standard deviation, sd >= 0."""
    return Distribution("normal", (mean, sd))


def lognormal(mu: float, sigma: float) -> Distribution:
    """Its logarithm is normal with mean `mu` and standard deviation `sigma` >= 0 (as in NEST and NumPy):
    the median is e**mu in the parameter's unit, the mean e**(mu + sigma**2 / 2)."""
    return Distribution("lognormal", (mu, sigma))


def uniform(low: Any, high: Any) -> Distribution:
    """Evenly from low to high."""
    return Distribution("uniform", (low, high))


def exponential(mean: Any) -> Distribution:
    """Of that mean > 0 (NEST's beta, NumPy's scale), from 0 on."""
    return Distribution("exponential", (mean,))
