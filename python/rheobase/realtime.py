# SPDX-License-Identifier: Apache-2.0
"""Brains that run at a steady frequency."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._arrays import Ids, merged
from ._copying import NotCopied
from ._engine_options import plan_of
from ._input import input_of
from ._recording_of import recording_of
from .edit import Edit
from .errors import InvalidArgumentError, WrongTypeError
from .network import Network
from .population import Population, Selection, Selectors
from .recording import Recording
from .units import array_in, flag, path_of, shown, text

if TYPE_CHECKING:
    from . import _core
    from .engine import Engine


@dataclass(frozen=True)
class RealtimeStats:
    """How a loop has kept its time. Times in microseconds, as {"p50", "p99", "p99.9", "max"}."""

    bursts: int
    late: int  #: steps that ended after the time of the next
    skipped: int  #: steps that did not happen for that (late="skip")
    frames: int  #: inputs sent
    frames_dropped: (
        int  #: inputs that a newer one of their channel replaced before a step took them
    )
    unread: int  #: steps that were told as one with the next, since nobody had read them
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


class Outputs:
    """Whose spikes a loop hands out."""

    def __init__(self, network: Network, selectors: Selectors) -> None:
        self._known = set(network)  # populations that come later are outputs, too
        wanted = network.parts(selectors, "outputs")
        self._chosen: dict[str, npt.NDArray[np.bool_]] | None = None  # None: all
        self.ranges = merged([r for s in wanted for r in s.ranges()])
        if wanted:
            self.ranges = self.ranges or [(0, 0)]
            self._chosen = {}
            for part in wanted:
                chosen = network.part(part)
                population = chosen.population
                mask = self._chosen.setdefault(population.name, np.zeros(population.size, np.bool_))
                mask[chosen.local] = True

    def require(self, part: Selection, entirely: bool) -> None:
        """Raises unless some of these neurons, or all of them, are outputs."""
        name = part.population.name
        if self._chosen is None or name not in self._known:
            return
        if name not in self._chosen:
            raise InvalidArgumentError(
                f"{name!r} is not an output of this loop (its outputs: "
                f"{', '.join(map(repr, self._chosen))}). Name it in realtime(outputs=...)."
            )
        if entirely and not self._chosen[name][part.local].all():
            raise InvalidArgumentError(
                f"only some neurons of {name!r} are outputs of this loop. Name those, such as E[:10]."
            )


class Burst:
    """Time steps that have ended since the last one was read: what fired in them, and the door for the
    input of the next. Mostly it is one step; `bursts` says how many."""

    def __init__(
        self,
        loop: RealtimeLoop,
        number: int,
        bursts: int,
        ids: Ids,
        counts: npt.NDArray[np.uint64],
        spikes: int,
        late: bool,
    ) -> None:
        self._loop = loop
        self.number = number  #: of the last time step
        self.bursts = bursts  #: how many steps, with consecutive numbers
        self.spikes = spikes  #: of all neurons, wanted or not
        self.late = late  #: a step ended after the time of the next
        self._ids = ids
        self._counts = counts

    def _part(self, which: Population | str) -> tuple[Population, slice]:
        """Where in `_ids` those of a population are."""
        p = self._loop.population(which)
        self._loop._outputs.require(p[:], entirely=False)
        begin, end = np.searchsorted(self._ids, (p.first, p.first + p.size))
        return p, slice(int(begin), int(end))

    def ids(self, population: Population | str) -> npt.NDArray[np.uint32]:
        """Neurons of a population that fired, numbered within it, ascending: one entry for each spike, so
        that `len` is the number of spikes and a neuron that fired in two steps stands twice. Where a part
        of a population is an output, those of that part. Raises InvalidArgumentError if it is not an
        output."""
        p, at = self._part(population)
        local: npt.NDArray[np.uint32] = self._ids[at] - np.uint32(p.first)
        return local if self.bursts == 1 else np.repeat(local, self._counts[at].astype(np.int64))

    def fired(self, population: Population | str) -> npt.NDArray[np.uint32]:
        """Their voxels x, y, z: an (n, 3) array, one row for each spike."""
        p = self._loop.population(population)
        return p.voxels(self.ids(p))

    def counts(self, which: Population | Selection | str) -> npt.NDArray[np.uint64]:
        """How often each neuron of a population, or of a part of one, fired: one number for each. Raises
        InvalidArgumentError if one of them is not an output."""
        part = self._loop.network.part(which)
        self._loop._outputs.require(part, entirely=True)
        p, at = self._part(part.population)
        counts = np.zeros(p.size, np.uint64)
        counts[self._ids[at] - np.uint32(p.first)] = self._counts[at]
        return counts[part.local]

    def inject(
        self,
        target: Any,
        potential: Any = 1.0,
        *,
        voxels: npt.ArrayLike | None = None,
        port: str | int | None = None,
        channel: str | None = None,
    ) -> None:
        """As `RealtimeLoop.inject`."""
        self._loop.inject(target, potential, voxels=voxels, port=port, channel=channel)

    def __repr__(self) -> str:
        more = "" if self.bursts == 1 else f", with {self.bursts - 1:,} before it"
        return f"<Burst {self.number}{more}: {self.spikes:,} spikes>"


class RealtimeLoop(NotCopied):
    """Made by `Engine.realtime`; runs in a `with` block, or from `start` to `stop`.

    Iterating waits for the next step and gives all that have ended since the last one was read; `async
    for` does the same in asyncio and leaves the other tasks alone. What goes wrong in a call is its
    caller's alone: the brain goes on."""

    _instead = "Ask the engine for another."

    def __init__(
        self,
        network: Network,
        start: Callable[[], _core.Realtime],
        outputs: Outputs,
        engine: Engine,
    ) -> None:
        self._network = network
        self._start = start
        self._outputs = outputs
        self._engine = engine
        self._core: _core.Realtime | None = None
        self._backend = ""
        self._editing = threading.Lock()

    def start(self) -> RealtimeLoop:
        """Begins without a `with` block, in a notebook for instance; `stop` ends it. Gives the loop."""
        if self._core is not None:
            raise InvalidArgumentError("this loop has run. Ask the engine for another.")
        self._backend = self._engine.backend  # while it can be asked
        self._core = self._start()
        return self

    def __enter__(self) -> RealtimeLoop:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.stop()
        except Exception:
            if error is None:  # else the one that is under way is told, not this
                raise

    def __iter__(self) -> Iterator[Burst]:
        while True:
            burst = self.next()
            if burst is None:
                return
            yield burst

    def __aiter__(self) -> AsyncIterator[Burst]:
        return self._bursts()

    async def _bursts(self) -> AsyncIterator[Burst]:
        while True:
            # a thread waits and takes nothing, so that no step is lost if this task is cancelled
            while not await asyncio.to_thread(self._running().wait, 0.1):
                pass
            burst = self.next(0)
            if burst is not None:
                yield burst
            elif not self.running:
                return

    def next(self, timeout: Any = float("inf")) -> Burst | None:
        """All steps that have ended since the last call, as one (see `queue` of `Engine.realtime`); waits
        for one up to `timeout` seconds, and with 0 not at all. None after that, or if the loop has
        ended."""
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
        channel: str | None = None,
    ) -> None:
        """Adds `potential` mV to neurons in the next step; the arguments are those of `Engine.inject`.

        All that is injected between two steps adds up, as two sensors of one population should. With a
        `channel`, a name for a sensor, only the newest input of that channel counts, as of a camera that
        is faster than the brain. Any thread may call this."""
        _, ids, values, number = input_of(self._network, target, potential, voxels, port)
        name = "" if channel is None else text(channel, "channel")
        self._running().send(ids, values, number, name)

    # the network

    @property
    def network(self) -> Network:
        """The network as it is now, with all edits."""
        return self._network

    def edit(self, edit: Edit) -> None:
        """Applies changes before the next step, and returns when that is done: what was added can be used
        at once, and is an output. What the edit costs is spent beside the steps. If it cannot be applied
        it raises here, and the brain goes on as it was."""
        if not isinstance(edit, Edit):
            raise WrongTypeError(f"{shown(edit)} is not an Edit (see RealtimeLoop.editing).")
        core = self._running()
        with self._editing:
            core.edit(edit._core)
            self._network = self._engine._network = self._network._as(core.network())

    def editing(self) -> Edit:
        """An empty Edit for this network; in a `with` block it is applied at the end."""
        return Edit(self._network, self.edit)

    # what is kept

    def record(
        self,
        which: Selectors | None = None,
        *states: str,
        spikes: Selectors = (),
        v: Selectors = (),
        refractory_countdown: Selectors = (),
        fire_count: Selectors = (),
        snooze_countdown: Selectors = (),
        every: Any = None,
        branches: bool = False,
    ) -> None:
        """What is kept from the next step on, as `Engine.record`, for `recording`; what was kept before and
        not taken is dropped."""
        given = (v, refractory_countdown, fire_count, snooze_countdown)
        counted = flag(branches, "branches")
        plan = plan_of(self._network, spikes, given, every, counted, which, states)
        self._running().record(list(plan.spikes), plan.core_probes(), plan.branches)
        self._engine._plan = plan

    def recording(self) -> Recording:
        """What was recorded since the loop began, or since the last call: of an engine whose `record` was
        called, or after `record` of the loop. It is kept in memory, so long sessions take it now and
        then. Also when the loop has ended."""
        core, plan = self._running(), self._engine._plan
        if not plan.asked:
            raise InvalidArgumentError(
                "nothing is recorded in this loop. Call Engine.record before it, or record of the loop."
            )
        facts: Any = core.recording()
        return recording_of(facts, self._network, plan, self._engine.seed, self._backend)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Network and state of this moment as one file, as `Engine.save`; the steps wait only while the
        state is copied. Raises FileError."""
        self._running().save(path_of(path))

    # its end

    def stop(self) -> None:
        """Ends after the step at hand; the engine is free then. Raises what ended the loop, and FileError
        if checkpoint or session could not be written, which ends neither loop nor brain."""
        self._running().stop()

    @property
    def running(self) -> bool:
        """False before it begins, and when it has ended."""
        return self._core is not None and self._core.running()

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
            raise InvalidArgumentError(
                "the loop has not begun. Use it in a `with` block, or call start()."
            )
        return self._core
