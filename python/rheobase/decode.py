# SPDX-License-Identifier: Apache-2.0
"""From spikes to values for actuators, with the same bits on every machine.

`spikes` are arrays whose first axis is that of bursts (time steps), as `rheobase.encode` gives them and
`raster` makes them of a recording; `activity` is an array of numbers of at least 0, such as counts, with a
last axis of neurons or choices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._codes import draws, first_spikes, fractional, numbers, spike_rows, values_in
from ._copying import NotCopied
from .encode import centres_of
from .errors import InvalidArgumentError, WrongTypeError
from .spikes import Spikes
from .units import float32_in, shown, value_in, whole

__all__ = [
    "Actuator",
    "LowPass",
    "counts",
    "first_spike",
    "latency",
    "percentage",
    "population",
    "population_vector",
    "raster",
    "scaled",
    "signed_pair",
    "softmax",
    "softmax_choice",
    "winner",
]

Values = npt.NDArray[np.float32]
Choices = npt.NDArray[np.int32]


def raster(
    spikes: Spikes, neurons: int, bursts: int, first_burst: int = 1
) -> npt.NDArray[np.bool_]:
    """Spikes of one population, `recording.spikes["E"]`, as an array (bursts, neurons): True where neuron
    i of it fired in that burst. Spikes of other bursts are left out."""
    if not isinstance(spikes, Spikes):
        raise WrongTypeError(
            f'{shown(spikes)} are no spikes of a recording (recording.spikes["E"]).'
        )
    count, rows = whole(neurons, "neurons", least=1), whole(bursts, "bursts")
    first = whole(first_burst, "first_burst", least=1, most=2**62)
    ids = spikes.ids
    if ids.size and int(ids.max()) >= count:
        raise InvalidArgumentError(
            f"neuron {int(ids.max())} fired, of {count} neurons. Cut the spikes to one population."
        )
    found = np.zeros((rows, count), np.bool_)
    row = spikes.bursts.astype(np.int64) - first
    kept = (row >= 0) & (row < rows)
    found[row[kept], ids[kept]] = True
    return found


def counts(spikes: Any) -> npt.NDArray[np.uint32]:
    """Spikes of each value: the sum over bursts. uint32, without the axis of bursts."""
    flat, shape = spike_rows(spikes)
    return _core.decode_counts(flat, values_in(shape)).reshape(shape)


def scaled(values: Any, low: float, high: float) -> Values:
    """Shares back to a range: low + share (high - low)."""
    flat, shape = numbers(values, "values")
    low = float32_in(low, "dimensionless", "low")
    return _core.decode_scaled(flat, low, float32_in(high, "dimensionless", "high")).reshape(shape)


def latency(spikes: Any, silent: float = 0.0) -> Values:
    """What `encode.latency` encoded, by the first spike of each value; `silent` where there is none. Off by
    at most 1 / (2 (bursts - 1))."""
    flat, shape, count = first_spikes(spikes)
    quiet = float32_in(silent, "dimensionless", "silent")
    return _core.decode_latency(flat, count, quiet).reshape(shape)


def first_spike(spikes: Any, tau: float, threshold: float = 1.0, silent: float = 0.0) -> Values:
    """What `encode.first_spike` encoded: the least value that fires as early. tau in bursts."""
    flat, shape, count = first_spikes(spikes)
    lag = value_in(tau, "dimensionless", "tau")
    least = float32_in(threshold, "dimensionless", "threshold")
    quiet = float32_in(silent, "dimensionless", "silent")
    return _core.decode_first_spike(flat, count, lag, least, quiet).reshape(shape)


def population(activity: Any, low: float = 0.0, high: float = 1.0, silent: float = 0.0) -> Values:
    """What `encode.population` encoded: the mean of the neurons' centres, evenly from low to high, weighted
    by activity. Values near the ends are drawn inwards, since half of their neurons are missing: let low
    and high lie two widths beyond what is encoded."""
    flat, shape = numbers(activity, "activity", axes=1)
    return population_vector(flat.reshape(shape), centres_of(shape[-1], low, high), silent)


def population_vector(activity: Any, preferred: Any, silent: float = 0.0) -> Values:
    """The mean of the neurons' preferences, weighted by activity.

    activity: (..., neurons). preferred: a number for each neuron, or (neurons, axes), a place or direction
    each. Gives (...) or (..., axes); `silent` where nothing is active.
    """
    flat, shape = numbers(activity, "activity", axes=1)
    places, form = numbers(preferred, "preferred", axes=1)
    values_in(form)
    if len(form) > 2 or form[0] != shape[-1]:
        raise InvalidArgumentError(
            f"preferred of the shape {form} do not fit {shape[-1]} neurons. Give one each."
        )
    axes = form[1] if len(form) == 2 else 1
    quiet = float32_in(silent, "dimensionless", "silent")
    found = _core.decode_population_vector(flat, places, axes, quiet)
    return found.reshape((*shape[:-1], *form[1:]))


def signed_pair(pairs: Any) -> Values:
    """positive - negative of each pair on the last axis."""
    flat, shape = numbers(pairs, "pairs", axes=1)
    if shape[-1] != 2:
        raise InvalidArgumentError(f"pairs of the shape {shape} have no last axis of 2.")
    return _core.decode_signed_pair(flat).reshape(shape[:-1])


def winner(activity: Any) -> Choices:
    """The most active one on the last axis, the first of equal ones; -1 where all are 0."""
    flat, shape = numbers(activity, "activity", axes=1)
    values_in(shape[-1:])
    return _core.decode_winner(flat, shape[-1]).reshape(shape[:-1])


def softmax(activity: Any, temperature: float = 1.0) -> Values:
    """Probabilities exp(a / temperature), divided by their sum, on the last axis."""
    flat, shape = numbers(activity, "activity", axes=1)
    values_in(shape[-1:])
    heat = value_in(temperature, "dimensionless", "temperature")
    return _core.decode_softmax(flat, shape[-1], heat).reshape(shape)


def softmax_choice(
    activity: Any, temperature: float = 1.0, seed: int = 1, first_id: int = 0, burst: int = 1
) -> Choices:
    """One on the last axis, drawn with the probabilities of `softmax`. The draw follows from the seed, the
    number of the set (from first_id on) and the burst."""
    flat, shape = numbers(activity, "activity", axes=1)
    values_in(shape[-1:])
    heat = value_in(temperature, "dimensionless", "temperature")
    who = draws(seed, first_id, burst)
    return _core.decode_softmax_choice(flat, shape[-1], heat, *who).reshape(shape[:-1])


def percentage(
    active: Any, positioning: str = "linear", signed: bool = False, silent: float = 0.0
) -> Values:
    """FEAGI's decoder of a Percentage or, with `signed`, of a SignedPercentage.

    active: (..., depth), with `signed` (..., 2, depth), more than 0 where a neuron fired. "linear": the
    mean over those of 1 - z / depth; "fractional": the sum of 2^-(z + 1). (FEAGI sums 2^-z, twice what its
    encoder means.) `silent` where none fired; a silent column of a pair counts 0.
    """
    flat, shape = numbers(active, "active", axes=2 if signed else 1)
    values_in(shape[-1:])
    if signed and shape[-2] != 2:
        raise InvalidArgumentError(
            f"active of the shape {shape} has no two columns (..., 2, depth)."
        )
    quiet = float32_in(silent, "dimensionless", "silent")
    found = _core.decode_percentage(flat, shape[-1], fractional(positioning), bool(signed), quiet)
    return found.reshape(shape[:-2] if signed else shape[:-1])


class LowPass(NotCopied):
    """Activity that fades: y = y k + x (1 - k) with k = exp(-dt / tau), burst by burst, from 0 on.

    shape: of the values, or how many. tau, dt: ms.
    """

    _instead = "Make another."

    def __init__(self, shape: int | tuple[int, ...], tau: Any, dt: Any = 1.0) -> None:
        self._shape = _shape_of(shape)
        lag, step = value_in(tau, "ms", "tau"), value_in(dt, "ms", "dt")
        self._core = _core.LowPass(int(np.prod(self._shape, dtype=np.int64)), lag, step)

    def step(self, activity: Any) -> Values:
        """One burst with that activity (one number for all, or the shape); gives the values after it."""
        return self._core.step(_fitted(activity, self._shape, "activity")).reshape(self._shape)

    @property
    def value(self) -> Values:
        """The values after the last burst."""
        return self._core.values().reshape(self._shape)

    def reset(self) -> None:
        """Back to 0."""
        self._core.reset()


class Actuator(NotCopied):
    """Values that follow targets smoothly, within limits.

    shape: of the values, or how many. low, high: the targets are cut off there. most_speed: units a second
    (None: no limit). tau: ms by which the values lag (None: none). rest: where they begin (None: 0, or the
    limit next to it). dt: ms of a burst.
    """

    _instead = "Make another."

    def __init__(
        self,
        shape: int | tuple[int, ...],
        low: float = -1.0,
        high: float = 1.0,
        *,
        most_speed: float | None = None,
        tau: Any = None,
        rest: float | None = None,
        dt: Any = 1.0,
    ) -> None:
        self._shape = _shape_of(shape)
        ends = (
            float32_in(low, "dimensionless", "low"),
            float32_in(high, "dimensionless", "high"),
        )
        middle = min(max(0.0, ends[0]), ends[1])
        self._core = _core.Actuator(
            int(np.prod(self._shape, dtype=np.int64)),
            *ends,
            _or_none(most_speed, "dimensionless", "most_speed"),
            _or_none(tau, "ms", "tau"),
            middle if rest is None else float32_in(rest, "dimensionless", "rest"),
            value_in(dt, "ms", "dt"),
        )

    def step(self, targets: Any) -> Values:
        """One burst toward these targets (one for all, or the shape); gives the values after it."""
        return self._core.step(_fitted(targets, self._shape, "targets")).reshape(self._shape)

    @property
    def value(self) -> Values:
        """The values after the last burst."""
        return self._core.values().reshape(self._shape)

    def reset(self) -> None:
        """Back to rest."""
        self._core.reset()


def _or_none(value: Any, unit: str, what: str) -> float:
    """0 where None was given; 0 itself is refused."""
    if value is None:
        return 0.0
    number = value_in(value, unit, what)
    if not number > 0.0:
        raise InvalidArgumentError(
            f"{what} = {number:g} is out of range (above 0; None: no limit)."
        )
    return number


def _shape_of(shape: Any) -> tuple[int, ...]:
    parts = shape if isinstance(shape, tuple) else (shape,)
    return tuple(whole(n, "shape", least=1) for n in parts)


def _fitted(values: Any, shape: tuple[int, ...], what: str) -> npt.NDArray[np.float32]:
    flat, given = numbers(values, what)
    if given not in ((), shape):
        raise InvalidArgumentError(
            f"{what} have the shape {given} (one number or {shape} is expected)."
        )
    return flat if given == shape else np.full(int(np.prod(shape)), flat[0], np.float32)
