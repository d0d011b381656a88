# SPDX-License-Identifier: Apache-2.0
"""Values with and without units: the one door for every number that users give.

Plain numbers are ms, mV, Hz and s, as each parameter says. Values of `quantities`, pint, astropy, unyt and
Brian2, and times of NumPy and the standard library, are converted, alone, in arrays and in lists; another
dimension is refused.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgumentError, WrongTypeError

#: beyond so many steps, a time in double precision cannot be told from its neighbours on the grid
MOST_STEPS = 2**48
_MOST_F32 = float(np.finfo(np.float32).max)
_OFF_GRID = 1e-6  # of a time step

#: how units are called elsewhere, their size in SI units, and the exponents of second, metre, kg and ampere
_UNITS: dict[str, tuple[str, float, tuple[int, int, int, int]]] = {
    "ms": ("ms", 1e-3, (1, 0, 0, 0)),
    "s": ("s", 1.0, (1, 0, 0, 0)),
    "Hz": ("Hz", 1.0, (-1, 0, 0, 0)),
    "mV": ("mV", 1e-3, (-3, 2, 1, -1)),
    "um": ("um", 1e-6, (0, 1, 0, 0)),
    # of models
    "us": ("us", 1e-6, (1, 0, 0, 0)),
    "kHz": ("kHz", 1e3, (-1, 0, 0, 0)),
    "V": ("V", 1.0, (-3, 2, 1, -1)),
    "uV": ("uV", 1e-6, (-3, 2, 1, -1)),
    "nA": ("nA", 1e-9, (0, 0, 0, 1)),
    "uA": ("uA", 1e-6, (0, 0, 0, 1)),
    "uS": ("uS", 1e-6, (3, -2, -1, 2)),
    "nF": ("nF", 1e-9, (4, -2, -1, 2)),
    "MOhm": ("Mohm", 1e6, (-3, 2, 1, -2)),
    "pA": ("pA", 1e-12, (0, 0, 0, 1)),
    "nS": ("nS", 1e-9, (3, -2, -1, 2)),
    "pF": ("pF", 1e-12, (4, -2, -1, 2)),
    "GOhm": ("Gohm", 1e9, (-3, 2, 1, -2)),
    "dimensionless": ("", 1.0, (0, 0, 0, 0)),
}
_BASES = ("time", "length", "mass", "current", "temperature", "substance", "luminosity")


def shown(value: Any) -> str:
    """A value for a message: on one line, and short."""
    try:
        text = str(value) if has_unit(value) else repr(value)
    except Exception:  # of a stranger's class
        text = f"<{type(value).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."


def has_unit(value: Any) -> bool:
    """Whether it is a value of a package of units."""
    return (
        hasattr(value, "rescale")  # quantities
        or (hasattr(value, "dim") and hasattr(value, "has_same_dimensions"))  # Brian2
        or (hasattr(value, "to_value") and (hasattr(value, "unit") or hasattr(value, "units")))
        or (hasattr(value, "magnitude") and hasattr(value, "units"))  # pint
        or isinstance(value, (datetime.timedelta, np.timedelta64))
        or (isinstance(value, np.ndarray) and value.dtype.kind in "mM")
    )


def _neat(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Numbers as they were meant: a conversion of 0.1 ms may give its neighbour 0.09999999999999999."""
    flat = values.ravel()
    rounded = np.array([float(f"{v:.15g}") for v in flat.tolist()], np.float64)
    near = np.abs(rounded - flat) <= 3 * np.spacing(np.abs(flat))
    out: npt.NDArray[np.float64] = np.where(near, rounded, flat).reshape(values.shape)
    return out


def _converted(value: Any, unit: str, what: str) -> npt.NDArray[Any]:
    """A value with a unit as a plain array in `unit`."""
    name, size, exponents = _UNITS[unit]
    plain: Any
    try:
        if hasattr(value, "rescale"):
            plain = value.rescale(unit).magnitude
        elif hasattr(value, "dim") and hasattr(value, "has_same_dimensions"):
            wanted = (*exponents, 0, 0, 0)
            found = tuple(value.dim.get_dimension(base) for base in _BASES)
            if any(abs(a - b) > 1e-9 for a, b in zip(found, wanted, strict=True)):
                raise ValueError
            # Brian2 keeps SI units
            plain = np.asarray(value, np.float64) / size
        elif hasattr(value, "to_value"):
            plain = value.to_value(name or "dimensionless" if hasattr(value, "units") else name)
        elif hasattr(value, "magnitude"):
            plain = value.to(unit).magnitude
        elif exponents[:2] != (1, 0):
            raise ValueError
        else:
            ns = np.asarray(value, "timedelta64[ns]")
            plain = np.where(np.isnat(ns), np.nan, ns.astype(np.int64) * (1e-9 / size))
        return _neat(np.asarray(plain, np.float64))
    except Exception:  # each package has errors of its own
        raise InvalidArgumentError(
            f"{what} = {shown(value)} has another dimension (it is a value in {unit}). "
            f"Give a plain number in {unit} or a quantity that converts to it."
        ) from None


def holds_units(values: Any, depth: int = 0) -> bool:
    """Whether a list holds values with units, at any depth."""
    if depth > 3 or not isinstance(values, (list, tuple)):
        return False
    kinds: set[type] = set(map(type, values))
    plain = (int, float, bool, np.floating, np.integer, np.bool_)
    if all(issubclass(k, plain) and not issubclass(k, np.timedelta64) for k in kinds):
        return False
    return any(has_unit(v) or holds_units(v, depth + 1) for v in values)


def array_in(value: Any, unit: str, what: str) -> npt.NDArray[Any]:
    """`value`, one number or many, in `unit`, as an array of the type that it has (float64 if it was
    converted). Raises InvalidArgumentError for another dimension and for what is no number; NaN and
    infinity pass."""
    if has_unit(value):
        return _converted(value, unit, what)
    if isinstance(value, (str, bytes, dict, set)) or value is None:
        raise WrongTypeError(f"{what} = {shown(value)} is not a number (expected {unit}).")
    if holds_units(value):
        parts = [array_in(v, unit, what) for v in value]
        if len({p.shape for p in parts}) > 1:
            raise InvalidArgumentError(f"{what} = {shown(value)} is ragged.")
        return np.stack(parts) if parts else np.empty(0)
    arrays = ("__len__", "__array__", "__float__", "__index__")
    if isinstance(value, Iterable) and not any(hasattr(value, name) for name in arrays):
        value = items(value, what)  # a generator
    try:
        array = np.asarray(value)
        if np.ma.isMaskedArray(value) and np.ma.is_masked(value):
            raise InvalidArgumentError(f"{what} has masked values. Fill them first.")
        if array.dtype.kind == "O":
            if any(has_unit(v) for v in array.flat):
                array = np.array(
                    [float(array_in(v, unit, what)) for v in array.flat], np.float64
                ).reshape(array.shape)
            elif any(isinstance(v, (str, bytes, bool, complex)) or v is None for v in array.flat):
                raise TypeError
            else:
                array = array.astype(np.float64)  # Decimal, Fraction, whole numbers beyond 64 bits
    except InvalidArgumentError:
        raise
    except Exception:  # whatever a stranger's class raises
        raise WrongTypeError(
            f"{what} = {shown(value)} is not a number (expected {unit})."
        ) from None
    if array.dtype.kind not in "iuf":
        raise WrongTypeError(f"{what} = {shown(value)} is not a number (expected {unit}).")
    return array


def value_in(value: Any, unit: str, what: str) -> float:
    """`value` as a finite number in `unit`.

    Raises InvalidArgumentError for another dimension, text, NaN or infinity.
    """
    if type(value) is float or type(value) is int:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    else:
        array = array_in(value, unit, what)
        if array.ndim != 0:
            raise WrongTypeError(f"{what} = {shown(value)} is not one number (expected {unit}).")
        number = float(array)
    if not math.isfinite(number):
        raise InvalidArgumentError(f"{what} = {number} is not finite.")
    return number


def float32_in(value: Any, unit: str, what: str) -> float:
    """The same, of a size that 32-bit floats have."""
    number = value_in(value, unit, what)
    if abs(number) > _MOST_F32:
        raise InvalidArgumentError(f"{what} = {number:g} is too large (at most {_MOST_F32:.3g}).")
    return number


def values_in(value: Any, unit: str, count: int, what: str) -> npt.NDArray[np.float64]:
    """Finite numbers in `unit`: one for all, or `count` of them."""
    array = array_in(value, unit, what)
    if array.ndim == 0:
        array = np.full(count, array)
    if array.ndim != 1 or array.size != count:
        raise InvalidArgumentError(
            f"{what} have the shape {array.shape} (one number or {count} are expected)."
        )
    array = array.astype(np.float64)
    wrong = ~np.isfinite(array)
    if wrong.any():
        raise InvalidArgumentError(f"{what}: number {int(np.argmax(wrong))} is not finite.")
    return array


def time_step(value: Any) -> float:
    """dt: ms, above 0."""
    dt = value_in(value, "ms", "dt")
    if not 0.0 < dt <= 1e6:
        raise InvalidArgumentError(f"dt = {dt:g} ms is out of range (above 0, at most 1000000 ms).")
    return dt


def _tolerance(steps: Any, eps: float) -> Any:
    """How far a time may be from the grid: what its arithmetic loses, however long it is."""
    return _OFF_GRID + 4 * eps * np.abs(steps)


def bursts_in(value: Any, dt: float, what: str, least: int = 0, most: int = MOST_STEPS) -> int:
    """A time as a whole number of time steps of `dt` ms.

    Raises InvalidArgumentError that names the nearest times if it is off the grid.
    """
    time = value_in(value, "ms", what)
    steps = time / dt
    if steps > most:
        raise InvalidArgumentError(
            f"{what} = {time:g} ms is too long (at most {most * dt:.10g} ms, {most} time steps)."
        )
    eps = np.finfo(value.dtype).eps if isinstance(value, np.floating) else np.finfo(float).eps
    nearest = round(steps)
    if abs(steps - nearest) > min(_tolerance(steps, float(eps)), 0.25):
        low = math.floor(steps)
        raise InvalidArgumentError(
            f"{what} = {time:.15g} ms is off the grid (the time step is {dt:.10g} ms). "
            f"Nearest: {low * dt:.15g} and {(low + 1) * dt:.15g} ms."
        )
    if nearest < least:
        raise InvalidArgumentError(
            f"{what} = {time:.10g} ms is too short (at least {least * dt:.10g} ms)."
        )
    return int(nearest)


def steps_in(
    value: Any, dt: float, count: int | None, what: str, least: int = 0, most: int = MOST_STEPS
) -> npt.NDArray[np.uint64]:
    """Times as whole numbers of time steps, as `bursts_in`: one for all, or `count` of them (None: as many
    as there are)."""
    given = array_in(value, "ms", what)
    eps = float(np.finfo(given.dtype).eps) if given.dtype.kind == "f" else np.finfo(float).eps
    times = values_in(given, "ms", int(given.size) if count is None else count, what)
    steps = times / dt
    nearest = np.rint(steps)
    off = np.abs(steps - nearest) > np.minimum(_tolerance(steps, float(eps)), 0.25)
    wrong = off | (nearest < least) | (nearest > most)
    if wrong.any():
        i = int(np.argmax(wrong))
        bursts_in(
            given.dtype.type(times[i]) if given.dtype.kind == "f" else times[i],
            dt,
            what,
            least,
            most,
        )
        raise InvalidArgumentError(f"{what}: {times[i]:.15g} ms is off the grid.")
    return nearest.astype(np.uint64)


def whole(value: Any, what: str, least: int = 0, most: int = 2**32 - 2) -> int:
    """A whole number in least .. most."""
    if isinstance(value, (bool, np.bool_)) or has_unit(value):
        raise WrongTypeError(f"{what} = {shown(value)} is not a whole number.")
    try:
        number = int(value.__index__())
    except (AttributeError, TypeError, ValueError):
        raise WrongTypeError(f"{what} = {shown(value)} is not a whole number.") from None
    if not least <= number <= most:
        raise InvalidArgumentError(f"{what} = {shown(number)} is out of range ({least} to {most}).")
    return number


def flag(value: Any, what: str) -> bool:
    """True or False."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise WrongTypeError(f"{what} = {shown(value)} is neither True nor False.")


def text(value: Any, what: str) -> str:
    """Text that can be handed on as UTF-8."""
    if not isinstance(value, str):
        raise WrongTypeError(f"{what} = {shown(value)} is not text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(
            f"{what} = {shown(value)} is not valid text (a surrogate stands alone)."
        ) from None
    return str(value)


def path_of(value: Any, what: str = "path") -> str:
    """The path of a file."""
    import os

    try:
        found = os.fspath(value)
        found = os.fsdecode(found)
    except (TypeError, UnicodeError):
        raise WrongTypeError(f"{what} = {shown(value)} is not a path.") from None
    if not found or "\0" in found:
        raise InvalidArgumentError(f"{what} = {shown(value)} is not a path.")
    return text(found, what)


def items(values: Any, what: str) -> list[Any]:
    """What can be iterated, as a list."""
    try:
        return list(values)
    except TypeError:
        raise WrongTypeError(f"{what} = {shown(values)} is not a list.") from None


def thread_count(threads: int | None) -> int:
    """0 where as many threads as cores are meant."""
    return 0 if threads is None else whole(threads, "threads", least=1, most=1024)
