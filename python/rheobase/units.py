# SPDX-License-Identifier: Apache-2.0
"""Values with and without units. Plain numbers are ms, mV and Hz; `quantities` values are converted."""

from __future__ import annotations

import math
from typing import Any

from .errors import InvalidArgumentError


def value_in(value: Any, unit: str, what: str) -> float:
    """`value` as a finite number in `unit`.

    Raises InvalidArgumentError for another dimension, text, NaN or infinity.
    """
    if hasattr(value, "rescale"):
        try:
            value = value.rescale(unit).magnitude
        except ValueError:
            raise InvalidArgumentError(
                f"{what} = {value} has another dimension (it is a value in {unit}). "
                f"Give a plain number in {unit} or a quantity that converts to it."
            ) from None
    if isinstance(value, (str, bytes, bool)):
        raise InvalidArgumentError(f"{what} = {value!r} is not a number (expected {unit}).")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"{what} = {value!r} is not a number (expected {unit})."
        ) from None
    if not math.isfinite(number):
        raise InvalidArgumentError(f"{what} = {number} is not finite.")
    return number


def bursts_in(value: Any, dt: float, what: str, least: int = 0) -> int:
    """A time as a whole number of time steps of `dt` ms.

    Raises InvalidArgumentError that names the nearest times if it is off the grid.
    """
    time = value_in(value, "ms", what)
    steps = time / dt
    nearest = round(steps)
    if abs(steps - nearest) > 1e-6 * max(1.0, abs(steps)):
        low = math.floor(steps)
        raise InvalidArgumentError(
            f"{what} = {time:.10g} ms is off the grid (the time step is {dt:.10g} ms). "
            f"Nearest: {low * dt:.10g} and {(low + 1) * dt:.10g} ms."
        )
    if nearest < least:
        raise InvalidArgumentError(
            f"{what} = {time:.10g} ms is too short (at least {least * dt:.10g} ms)."
        )
    return nearest


def whole(value: Any, what: str, least: int = 0, most: int = 2**32 - 2) -> int:
    """A whole number in least .. most."""
    try:
        number = value.__index__()
    except AttributeError:
        raise InvalidArgumentError(f"{what} = {value!r} is not a whole number.") from None
    if not least <= number <= most:
        raise InvalidArgumentError(f"{what} = {number} is out of range ({least} to {most}).")
    return int(number)


def thread_count(threads: int | None) -> int:
    """0 where as many threads as cores are meant."""
    return 0 if threads is None else whole(threads, "threads", least=1, most=1024)
