# SPDX-License-Identifier: Apache-2.0
"""Brains that run at a steady frequency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._arrays import Ids
from ._copying import NotCopied
from ._input import input_of
from .edit import Edit
from .errors import InvalidArgumentError, WrongTypeError
from .network import Network
from .population import Population, Selection
from .units import array_in, shown

if TYPE_CHECKING:
    from . import _core


@dataclass(frozen=True)
class RealtimeStats:
    """How a loop has kept its time. Times in microseconds, as {"p50", "p99", "p99.9", "max"}."""

    bursts: int
    late: int  #: steps that ended after the time of the next
    skipped: int  #: steps that did not happen for that (late="skip")
    frames: int  #: inputs sent
    frames_dropped: (
        int  #: inputs that a newer one for the same population replaced before a step took them
    )
    unread: int  #: steps that ended while nobody had asked for the one before
    jitter: dict[str, float]  #: from the time at which a step was due to its begin
    work: dict[str, float]  #: from its begin to its outputs
    latency: dict[str, float]  #: from sending an input to the outputs of the step that took it

    def __str__(self) -> str:
        def times(name: str, t: dict[str, float]) -> str:
            return f"{name} " + ", ".join(f"{key} {value:.0f}" for key, value in t.items()) + " us"

        return (
            f"{self.bursts:,} bursts, {self.late:,} late, {self.skipped:,} skipped; "
            f"{self.frames:,} frames, {self.frames_dropped:,} dropped; {self.unread:,} bursts unread\n"
            f"{times('jitter', self.jitter)}\n{times('work', self.work)}\n{times('latency', self.latency)}"
        )


class Burst:
    """A time step that has ended: what fired in it, and the door for the input of the next."""

    def __init__(self, loop: RealtimeLoop, number: int, ids: Ids, spikes: int, late: bool) -> None:
        self._loop = loop
        self.number = number  #: of the time step
        self.spikes = spikes  #: neurons that fired, wanted or not
        self.late = late  #: it ended after the time of the next
        self._ids = ids

    def ids(self, population: Population | str) -> npt.NDArray[np.uint32]:
        """Neurons of a population that fired, numbered within it."""
        p = self._loop.population(population)
        begin, end = np.searchsorted(self._ids, (p.first, p.first + p.size))
        local: npt.NDArray[np.uint32] = self._ids[begin:end] - np.uint32(p.first)
        return local

    def fired(self, population: Population | str) -> npt.NDArray[np.uint32]:
        """Their voxels x, y, z: an (n, 3) array."""
        p = self._loop.population(population)
        return p.voxels(self.ids(p))

    def inject(
        self,
        target: Any,
        potential: Any = 1.0,
        *,
        voxels: npt.ArrayLike | None = None,
        port: str | int | None = None,
    ) -> None:
        """As `RealtimeLoop.inject`."""
        self._loop.inject(target, potential, voxels=voxels, port=port)

    def __repr__(self) -> str:
        return f"<Burst {self.number}: {self.spikes:,} spikes>"


class RealtimeLoop(NotCopied):
    """Made by `Engine.realtime`. Iterating gives the latest time step that has ended, each once;
    steps go on meanwhile, so one who comes late misses some (`stats.unread`)."""

    _instead = "Ask the engine for another."

    def __init__(
        self, network: Network, start: Callable[[], _core.Realtime], edited: Callable[[], None]
    ) -> None:
        self._network = network
        self._start = start
        self._edited = edited
        self._core: _core.Realtime | None = None
        self._channels = {name: i for i, name in enumerate(network.populations)}

    def __enter__(self) -> RealtimeLoop:
        if self._core is not None:
            raise InvalidArgumentError("this loop has run. Ask the engine for another.")
        self._core = self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._running().stop()
        except Exception:
            if error is None:  # else the one that is under way is told, not this
                raise
        self._edited()

    def __iter__(self) -> Iterator[Burst]:
        while True:
            burst = self.next()
            if burst is None:
                return
            yield burst

    def next(self, timeout: Any = float("inf")) -> Burst | None:
        """The latest step that was not handed out yet; waits for one up to `timeout` seconds. None
        after that, or if the loop has ended."""
        seconds = array_in(timeout, "s", "timeout")
        if seconds.ndim != 0 or not float(seconds) >= 0:
            raise InvalidArgumentError(f"timeout = {shown(timeout)} is no time (at least 0 s).")
        found: Any = self._running().next(min(float(seconds), 1e8))
        return None if found is None else Burst(self, *found)

    def inject(
        self,
        target: Population | Selection | str | npt.ArrayLike,
        potential: Any = 1.0,
        *,
        voxels: npt.ArrayLike | None = None,
        port: str | int | None = None,
    ) -> None:
        """Adds `potential` mV to neurons in the next step; the arguments are those of `Engine.inject`.

        Of several inputs for one population and port between two steps only the newest counts. Any thread
        may call this."""
        population, ids, values, number = input_of(self._network, target, potential, voxels, port)
        place = len(self._channels) if population is None else self._channels[population.name]
        channel = number * (len(self._channels) + 1) + place
        self._running().send(channel, ids, values, number)

    def edit(self, edit: Edit) -> None:
        """Applies changes before the next step."""
        if not isinstance(edit, Edit):
            raise WrongTypeError(f"{shown(edit)} is not an Edit (see Engine.editing).")
        self._running().edit(edit._core)

    def stop(self) -> None:
        """Ends after the step at hand."""
        self._running().stop()

    @property
    def stats(self) -> RealtimeStats:
        """So far."""
        facts = dict(self._running().stats())
        facts["jitter"], facts["work"], facts["latency"] = (
            dict(facts[name]) for name in ("jitter", "work", "latency")
        )
        return RealtimeStats(**facts)

    def population(self, which: Population | str) -> Population:
        """By name, or as it is."""
        found = self._network.own(which)
        if not isinstance(found, Population):
            raise WrongTypeError(f"{which!r} is a part. Name a population.")
        return found

    def _running(self) -> _core.Realtime:
        if self._core is None:
            raise InvalidArgumentError("the loop has not begun. Use it in a `with` block.")
        return self._core
