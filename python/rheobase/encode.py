# SPDX-License-Identifier: Apache-2.0
"""From values of sensors to spikes and activity, with the same bits on every machine.

`values` are numbers in an array of any shape. Codes in time give an array of spikes whose first axis is
that of bursts (time steps), the others those of the values: `engine.inject(camera, weight * spikes[0])`
puts its first burst onto an area. Codes in space give activity with a last axis of neurons. What is drawn
follows from a seed, the number of the value and of the burst, so a sensor can be encoded burst by burst
(`first_burst`) or in parts (`first_id`) and gives the same spikes. Shares are numbers from 0 to 1;
`scaled` makes them of others. A value out of range is an InvalidArgumentError that names it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._codes import draws, fractional, numbers
from .errors import FileError, InvalidArgumentError, InvalidFileError, WrongTypeError, needs
from .units import float32_in, path_of, shown, value_in, whole

__all__ = [
    "Events",
    "aedat4",
    "bernoulli",
    "events",
    "first_spike",
    "frame_difference",
    "latency",
    "on_off",
    "percentage",
    "poisson",
    "population",
    "rate",
    "scaled",
    "signed_pair",
]

Spikes = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.uint16]
Activity = npt.NDArray[np.float32]

_MOST_BURSTS = 2**32


def scaled(values: Any, low: float, high: float) -> Activity:
    """Shares: (value - low) / (high - low), at least 0 and at most 1. float32, of the shape of `values`."""
    flat, shape = numbers(values, "values")
    low = float32_in(low, "dimensionless", "low")
    return _core.encode_scaled(flat, low, float32_in(high, "dimensionless", "high")).reshape(shape)


def rate(values: Any, bursts: int, first_burst: int = 1) -> Spikes:
    """Evenly spaced spikes: of a share v, the first n bursts have v n spikes, rounded.

    values: shares. bursts: rows of the result. first_burst: number of its first row, from 1 on; a sensor
    that is encoded burst by burst counts it up.
    """
    flat, shape = numbers(values, "values")
    first = whole(first_burst, "first_burst", least=1, most=2**63)
    return _spikes(_core.encode_rate(flat, _bursts(bursts), first), bursts, shape)


def bernoulli(
    values: Any, bursts: int, seed: int = 1, first_id: int = 0, first_burst: int = 1
) -> Spikes:
    """In each burst a spike with the probability that the share is."""
    flat, shape = numbers(values, "values")
    who = draws(seed, first_id, first_burst)
    return _spikes(_core.encode_bernoulli(flat, _bursts(bursts), *who), bursts, shape)


def poisson(
    values: Any, bursts: int, seed: int = 1, first_id: int = 0, first_burst: int = 1
) -> Counts:
    """In each burst a Poisson number of events, of which `values` are the means: 0 to 2000 a burst. A
    rate in Hz is rate * dt / 1000 a burst of dt ms. uint16."""
    flat, shape = numbers(values, "values")
    who = draws(seed, first_id, first_burst)
    return _core.encode_poisson(flat, _bursts(bursts), *who).reshape((bursts, *shape))


def latency(values: Any, bursts: int) -> Spikes:
    """One spike for each share, the sooner the larger it is: in row (1 - v) (bursts - 1), rounded."""
    flat, shape = numbers(values, "values")
    return _spikes(_core.encode_latency(flat, _bursts(bursts, 1)), bursts, shape)


def first_spike(values: Any, bursts: int, tau: float, threshold: float = 1.0) -> Spikes:
    """Time to the first spike: when a leaky neuron that the value drives reaches its threshold, after
    tau ln(v / (v - threshold)) bursts, in the row in which that time ends. None for values up to the
    threshold. tau in bursts."""
    flat, shape = numbers(values, "values")
    lag = value_in(tau, "dimensionless", "tau")
    least = float32_in(threshold, "dimensionless", "threshold")
    return _spikes(_core.encode_first_spike(flat, _bursts(bursts), lag, least), bursts, shape)


def population(
    values: Any, neurons: int, low: float = 0.0, high: float = 1.0, width: Any = None
) -> Activity:
    """How much neurons with bell-shaped tuning prefer each value: exp(-(v - centre)^2 / (2 width^2)).

    neurons: so many centres evenly from low to high. width: one standard deviation (None: the distance of
    the centres), or several, fine and coarse. The result has the axes of `values`, one of widths if several
    were given, and one of neurons.
    """
    flat, shape = numbers(values, "values")
    centres = centres_of(neurons, low, high)
    apart = float(centres[1] - centres[0]) if len(centres) > 1 else 1.0
    widths, given = numbers(apart if width is None else width, "width")
    if len(given) > 1 or widths.size == 0:
        raise InvalidArgumentError(
            f"width = {shown(width)} is neither a number nor a list of them."
        )
    found = _core.encode_population(flat, centres, widths)
    return found.reshape((*shape, *given, len(centres)))


def centres_of(neurons: int, low: float, high: float) -> npt.NDArray[np.float32]:
    """The values that the neurons of `population` prefer."""
    count = whole(neurons, "neurons", least=1)
    ends = value_in(low, "dimensionless", "low"), value_in(high, "dimensionless", "high")
    if not ends[0] < ends[1]:
        raise InvalidArgumentError(f"low = {ends[0]:g} is not below high = {ends[1]:g}.")
    steps = np.arange(count) / max(count - 1, 1)
    return (ends[0] + (ends[1] - ends[0]) * steps).astype(np.float32)


def signed_pair(values: Any) -> Activity:
    """A pair for each value: (value, 0) if it is positive, (0, -value) if it is negative."""
    flat, shape = numbers(values, "values")
    return _core.encode_signed_pair(flat).reshape((*shape, 2))


def percentage(
    values: Any, depth: int, positioning: str = "linear", signed: bool = False
) -> Spikes:
    """FEAGI's code of a Percentage (0 to 1), or with `signed` of a SignedPercentage (-1 to 1), along the
    depth z of an area.

    positioning: FEAGI's percentage_neuron_positioning. "linear": one neuron, z = floor((1 - v) depth), so
    z = 0 is the most; "fractional": the neurons of the binary digits of v, neuron z for 2^-(z + 1) (depth
    up to 24). The result has the axes of `values`, with `signed` one of two columns (positive, negative),
    and one of `depth`. 0 fires the last neuron, of both columns. For an area of n x 1 x depth voxels:
    `engine.inject(area, weight * spikes.reshape(1, n, depth))`.
    """
    flat, shape = numbers(values, "values")
    count = whole(depth, "depth", least=1)
    found = _core.encode_percentage(flat, count, fractional(positioning), bool(signed))
    return found.view(np.bool_).reshape((*shape, 2, count) if signed else (*shape, count))


# pictures


def on_off(picture: Any, radius: int = 1) -> Activity:
    """A picture's contrast: how much each pixel is brighter (channel 0, on) or darker (channel 1, off) than
    the mean of the square of 2 radius + 1 pixels around it. (height, width) in, (height, width, 2) out."""
    flat, shape = _picture(picture, "picture")
    height, width = shape
    found = _core.encode_on_off(flat, height, width, whole(radius, "radius"))
    return found.reshape((height, width, 2))


def frame_difference(picture: Any, former: Any, threshold: float = 0.0) -> Activity:
    """How much each pixel became brighter (channel 0) or darker (channel 1) since the former picture; 0 for
    changes below `threshold` in size. (height, width) in, (height, width, 2) out."""
    flat, shape = _picture(picture, "picture")
    before, other = _picture(former, "former")
    if other != shape:
        raise InvalidArgumentError(f"pictures of the shapes {shape} and {other} do not match.")
    least = float32_in(threshold, "dimensionless", "threshold")
    return _core.encode_frame_difference(flat, before, least).reshape((*shape, 2))


def _picture(picture: Any, what: str) -> tuple[Activity, tuple[int, int]]:
    flat, shape = numbers(picture, what)
    if len(shape) != 2:
        raise InvalidArgumentError(
            f"{what} has the shape {shape} ((height, width) is expected). Average its channels first."
        )
    return flat, (shape[0], shape[1])


@dataclass(frozen=True)
class Events:
    """What an event camera saw, in the order of its file: address events (AER)."""

    shape: tuple[int, int]  #: height, width
    microseconds: npt.NDArray[np.int64]
    x: npt.NDArray[np.uint16]
    y: npt.NDArray[np.uint16]
    on: npt.NDArray[np.bool_]  #: brighter, else darker

    def __len__(self) -> int:
        return int(self.microseconds.size)


def events(seen: Events, bursts: int, dt: float = 1.0, begin: int | None = None) -> Counts:
    """Events as counts: (bursts, height, width, 2), polarity on in channel 0, off in channel 1.

    dt: ms of a burst. begin: microseconds where the first burst begins (None: the earliest event). Events
    of other times are left out; counts stop at 65535.
    """
    if not isinstance(seen, Events):
        raise WrongTypeError(f"{shown(seen)} are not Events (rb.encode.Events, rb.encode.aedat4).")
    height, width = (whole(n, "shape", least=1, most=65536) for n in seen.shape)
    times = _column(seen.microseconds, np.int64, "microseconds")
    start = int(times.min(initial=0)) if begin is None and times.size == 0 else begin
    start = int(times.min()) if start is None else whole(start, "begin", -(2**62), 2**62)
    length = value_in(dt, "ms", "dt") * 1000.0
    columns = (
        _column(seen.x, np.uint16, "x"),
        _column(seen.y, np.uint16, "y"),
        _column(seen.on, np.uint8, "on"),
    )
    rows = _bursts(bursts)
    found = _core.encode_events(times, *columns, height, width, start, length, rows)
    return found.reshape((rows, height, width, 2))


def _column(values: Any, kind: Any, what: str) -> npt.NDArray[Any]:
    array = np.asarray(values)
    limits = np.iinfo(kind)
    if array.ndim != 1 or array.dtype.kind not in "biu":
        raise WrongTypeError(f"{what} of events are not whole numbers on one axis.")
    if array.size and not limits.min <= int(array.min()) <= int(array.max()) <= limits.max:
        raise InvalidArgumentError(f"{what} of events leave the range of {np.dtype(kind)}.")
    return np.ascontiguousarray(array, kind)


def aedat4(path: str | os.PathLike[str], stream: int | None = None) -> Events:
    """The events of an AEDAT4 file (iniVation's cameras, DV), read by the package `aedat`
    (`pip install rheobase[events]`).

    stream: its number in the file (None: the first one with events). Raises FileError, InvalidFileError.
    """
    try:
        import aedat
    except ImportError:
        raise needs("aedat", "events") from None
    name = path_of(path)
    try:
        with open(name, "rb"):
            pass
        decoder = aedat.Decoder(name)
        streams = {n: s for n, s in decoder.id_to_stream().items() if s["type"] == "events"}
        if stream is not None:
            number = whole(stream, "stream")
        elif streams:
            number = min(streams)
        else:
            raise InvalidFileError(f"{name} has no stream of events.")
        if number not in streams:
            raise InvalidArgumentError(
                f"{name} has no stream of events {number} (it has {sorted(streams)})."
            )
        packets = [p["events"] for p in decoder if "events" in p and p["stream_id"] == number]
    except OSError as e:
        raise FileError(f"{name} cannot be read ({e.strerror or e}).") from None
    except (RuntimeError, ValueError, KeyError) as e:
        if isinstance(e, (InvalidFileError, InvalidArgumentError)):
            raise
        raise InvalidFileError(f"{name} is no AEDAT4 file, or damaged ({e}).") from None
    shape = streams[number]["height"], streams[number]["width"]
    return Events(
        shape,
        *(
            np.concatenate([p[field].astype(kind) for p in packets] or [np.empty(0, kind)])
            for field, kind in (
                ("t", np.int64),
                ("x", np.uint16),
                ("y", np.uint16),
                ("on", np.bool_),
            )
        ),
    )


def _bursts(bursts: Any, least: int = 0) -> int:
    return whole(bursts, "bursts", least=least, most=_MOST_BURSTS)


def _spikes(found: npt.NDArray[np.uint8], bursts: int, shape: tuple[int, ...]) -> Spikes:
    return found.view(np.bool_).reshape((bursts, *shape))
