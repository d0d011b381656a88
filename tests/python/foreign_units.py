# SPDX-License-Identifier: Apache-2.0
"""Values of other packages, each as a function from a number in ms, mV, Hz, s, a share or nA to a value of
that package; and stand-ins for packages that the tests do not install."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: the SI size of each unit, and exponents of length, mass, time, current
UNITS: dict[str, tuple[float, tuple[int, int, int, int]]] = {
    "ms": (1e-3, (0, 0, 1, 0)),
    "s": (1.0, (0, 0, 1, 0)),
    "mV": (1e-3, (2, 1, -3, -1)),
    "Hz": (1.0, (0, 0, -1, 0)),
    "dimensionless": (1.0, (0, 0, 0, 0)),
    "nA": (1e-9, (0, 0, 0, 1)),
}


class Dimension:
    """Of Brian2."""

    def __init__(self, exponents: tuple[int, int, int, int]) -> None:
        names = ("length", "mass", "time", "current")
        self._exponents = dict(zip(names, exponents, strict=True))

    def get_dimension(self, name: str) -> float:
        return float(self._exponents.get(name, 0))


class BrianLike(np.ndarray):
    """Keeps SI values, as Brian2's Quantity does: float(20 * ms) is 0.02."""

    dim: Dimension

    def has_same_dimensions(self, other: Any) -> bool:
        raise NotImplementedError


def brian_like(value: Any, unit: str) -> Any:
    size, exponents = UNITS[unit]
    made = np.array(np.asarray(value, float) * size).view(BrianLike)
    made.dim = Dimension(exponents)
    return made


class AstropyLike:
    """A value with `unit` and `to_value`; float() of it is refused, as astropy does."""

    def __init__(self, value: Any, unit: str) -> None:
        self.value, self.unit = np.asarray(value, float), unit

    def to_value(self, unit: str) -> Any:
        size, exponents = UNITS[self.unit]
        wanted, other = UNITS[unit or "dimensionless"]
        if exponents != other:
            raise TypeError(f"{self.unit} and {unit} are not convertible")
        return self.value * size / wanted

    def __float__(self) -> float:
        raise TypeError("only dimensionless scalar quantities can be converted")


def _quantities() -> Callable[[Any, str], Any]:
    import quantities

    return lambda value, unit: quantities.Quantity(value, unit)


def _pint() -> Callable[[Any, str], Any]:
    import pint

    registry = pint.UnitRegistry()
    return lambda value, unit: registry.Quantity(np.asarray(value)[()], unit)


def _astropy() -> Callable[[Any, str], Any]:
    from astropy import units

    return lambda value, unit: units.Quantity(value, "" if unit == "dimensionless" else unit)


def _brian2() -> Callable[[Any, str], Any]:
    import brian2

    def made(value: Any, unit: str) -> Any:
        if unit == "dimensionless":
            return brian2.Quantity(value)
        return value * getattr(brian2, {"Hz": "hertz", "s": "second", "nA": "namp"}.get(unit, unit))

    return lambda value, unit: made(np.asarray(value)[()], unit)


#: name -> function that imports the package and gives the maker of its values
PACKAGES: dict[str, Callable[[], Callable[[Any, str], Any]]] = {
    "quantities": _quantities,
    "pint": _pint,
    "astropy": _astropy,
    "brian2": _brian2,
    "like astropy": lambda: AstropyLike,
    "like brian2": lambda: brian_like,
}
