# SPDX-License-Identifier: Apache-2.0
"""Engines run networks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import floats_of, ids_of
from ._copying import bytes_of, from_bytes
from ._engine_options import (
    Plan,
    drive_ranges,
    for_copies,
    plan_of,
    saving_of,
    survives_loss,
)
from ._input import input_of
from ._progress import progress_bar
from ._recording_of import recording_of
from .edit import Edit
from .errors import InvalidArgumentError, WrongTypeError
from .model import port_of_targets
from .network import Network
from .neurons import DriveRule
from .plasticity import PlasticProjection
from .population import Population, Selection, Selectors, index_of
from .realtime import Outputs, RealtimeLoop
from .recording import Recording
from .report import ImportReport
from .state import State, read_state, write_state
from .units import (
    bursts_in,
    flag,
    float32_in,
    items,
    path_of,
    shown,
    steps_in,
    text,
    thread_count,
    value_in,
    whole,
)
from .why import Why, from_facts


class Engine:
    """Runs a network. One thread at a time may use it; several engines run side by side.

    Args:
        network: What to run.
        backend: "auto", "cpu", "reference", "wgpu" (a GPU), "wgpu:software", or "check:A,B", which
            compares two. A named backend that cannot run here is an UnavailableError.
        seed: Run seed; drives draw from it.
        threads: Of the cpu backend (None: as many as pay off); on a GPU, threads that encode its work.
        on_device_loss: "fail", or "cpu" to go on there with the same spikes if a GPU is lost.
        drives: Input besides the network's own drives: (populations or parts, rule, weight in mV), such
            as `[(brain["Camera"], rb.poisson(20), 1.5)]`; with a port as a fourth, in its unit.
        copies: So many copies of the network run as one (`Network.copies`), each with these drives.
        seeds: Of a joined network, one run seed for each member (None: seed, seed + 1, ...).

    An engine can be copied and pickled: the copy goes on with the same spikes.
    """

    def __init__(
        self,
        network: Network,
        backend: str = "auto",
        seed: int = 1,
        threads: int | None = None,
        on_device_loss: str = "fail",
        drives: Iterable[
            tuple[Selectors, DriveRule, Any] | tuple[Selectors, DriveRule, Any, str | int | None]
        ] = (),
        copies: int | None = None,
        seeds: Iterable[int] | None = None,
    ) -> None:
        if not isinstance(network, Network):
            raise WrongTypeError(
                f"{shown(network)} is not a Network. Call build() of the builder, or rheobase.load(path)."
            )
        ranges = drive_ranges(network, drives)
        if copies is not None:
            number = whole(copies, "copies", least=1)
            joined = network.copies(number)
            ranges = for_copies(ranges, network.neuron_count, number)
            network = joined
        self._begin(
            _core.Engine(
                network._core,
                text(backend, "backend"),
                thread_count(threads),
                whole(seed, "seed", most=2**64 - 1),
                survives_loss(on_device_loss),
                ranges,
                [
                    whole(s, "seeds", most=2**64 - 1)
                    for s in items(() if seeds is None else seeds, "seeds")
                ],
            ),
            network,
            (backend, threads, on_device_loss),
        )

    def _begin(
        self, core: _core.Engine, network: Network, asked: tuple[str, int | None, str]
    ) -> None:
        self._core = core
        self._network = network
        self._asked = asked
        self._plan: Plan
        self.record(spikes=network.populations.values())
        self._plan = replace(self._plan, asked=False)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        backend: str = "auto",
        threads: int | None = None,
        on_device_loss: str = "fail",
    ) -> Engine:
        """Goes on from a checkpoint (`save`, `run(checkpoint=...)`, `rheobase run --checkpoint`), with its
        network, state, seed, drives and schedule: the same spikes as if nothing had happened, on any
        backend. What is recorded is not part of it. Raises InvalidFileError naming what is damaged."""
        engine = cls.__new__(cls)
        core = _core.Engine.load(
            path_of(path),
            text(backend, "backend"),
            thread_count(threads),
            survives_loss(on_device_loss),
        )
        report = ImportReport("rheobase checkpoint 1", "", ())
        engine._begin(core, Network(core.network, report), (backend, threads, on_device_loss))
        return engine

    def __reduce__(self) -> tuple[Any, ...]:
        network = self._network
        about = network.report, network._owner, network._rules
        return _unpickled, (bytes_of(self._core.save), self._asked, self._plan, about)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Network and state as one file, from which `load` goes on. Written beside `path`, then renamed:
        whatever happens, the old file or the new one is there, whole. Raises FileError."""
        self._core.save(path_of(path))

    # what it is

    @property
    def network(self) -> Network:
        """The network as it is now, with all edits."""
        return self._network

    @property
    def backend(self) -> str:
        """The backend that runs, with its parameters."""
        return self._core.backend

    @property
    def backend_reason(self) -> str:
        """Why "auto" chose it, in one line; empty for a named backend."""
        return self._core.backend_reason

    @property
    def burst(self) -> int:
        """Number of the last finished time step; 0 before the first.

        Another thread may ask while the engine runs, to within a tenth of a second.
        """
        return self._core.burst

    @property
    def time(self) -> float:
        """ms since the beginning."""
        return self.burst * self._network.dt

    @property
    def seed(self) -> int:
        """The run seed."""
        return self._core.seed

    @property
    def signature(self) -> str:
        """Over all spikes since the engine was made, 16 hexadecimal digits; equal on every backend."""
        return f"{self._core.signature:016x}"

    def __repr__(self) -> str:
        return f"<Engine of {self._network!r} on {self.backend}, at {self.time:g} ms>"

    # records

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
        """What later runs keep; nothing else. Before the first call, the spikes of all neurons.

        which, states: neurons, and the states of theirs that are kept, by name: `record("E", "v", "ge")`.
        spikes: populations, their names, or parts of them, one or several. v (potential, mV) and the other
        state fields: of which neurons, at the end of every step, or `every` so many ms. branches: count the
        branches of the step, which costs time.
        """
        given = (v, refractory_countdown, fire_count, snooze_countdown)
        counted = flag(branches, "branches")
        self._follow(plan_of(self._network, spikes, given, every, counted, which, states))

    def _follow(self, plan: Plan) -> None:
        self._core.record(list(plan.spikes), plan.core_probes(), plan.branches)
        self._plan = plan

    # input

    def inject(
        self,
        target: Population | Selection | str | npt.ArrayLike,
        potential: Any = 1.0,
        *,
        voxels: npt.ArrayLike | None = None,
        port: str | int | None = None,
    ) -> None:
        """Adds `potential` mV to neurons in the next time step; where they have a model, to the `port` of
        that name (the first one if None), in its unit.

        target: a population, a part of one, or ids in the network; with `potential` one number for all
        or one for each. With `voxels`, an (n, 3) array of x, y, z within the population. A population
        of voxels also takes a picture: `potential` of the shape (height, width) or (height, width,
        channels), whose row, column and channel are y, x and z; zeros inject nothing. It may be of any type
        and stride, and is read where it lies.
        """
        _, ids, values, number = input_of(self._network, target, potential, voxels, port)
        self._core.inject(ids, values, number)

    @property
    def fatigue(self) -> bool:
        """Whether FEAGI's fatigue flag is on."""
        return self._core.fatigue

    def set_fatigue(self, on: bool, amount: Any = 1.0) -> None:
        """FEAGI's fatigue flag: while it is on, every neuron of the area `_fatigue` gets `amount` in every
        time step, behind all other input. FEAGI gives what its power neuron gets."""
        self._core.set_fatigue(flag(on, "on"), float32_in(amount, "mV", "amount"))

    def schedule(
        self,
        times: npt.ArrayLike,
        ids: npt.ArrayLike,
        potentials: Any,
        port: str | int | None = None,
    ) -> None:
        """Input for later steps: at `times` (ms, multiples of dt; one for all or one each), into neurons
        `ids` of the network, `potentials` mV (one number or one each); `port` as in `inject`. Replaces an
        earlier schedule."""
        neurons = ids_of(ids, self._network.neuron_count, "ids")
        populations = self._network.populations.values()
        number = port_of_targets(neurons, populations, self._network._models, port)
        n = int(neurons.size)
        moments = steps_in(times, self._network.dt, n, "times", least=1)
        values = floats_of(potentials, n, "potentials", "mV")
        order = np.argsort(moments, kind="stable")
        self._core.schedule(moments[order], neurons[order], values[order], number)

    # runs

    def run(
        self,
        time: Any = None,
        *,
        bursts: int | None = None,
        progress: bool = False,
        checkpoint: str | os.PathLike[str] | None = None,
        checkpoint_every: Any = None,
    ) -> Recording:
        """Runs for `time` ms (a multiple of dt), or so many `bursts` (time steps).

        progress: shows a tqdm bar. The interpreter lock is released meanwhile; Ctrl-C stops within a
        fraction of a second with KeyboardInterrupt, and the engine can go on from there.
        checkpoint: saves there when the run ends or is stopped, and about every `checkpoint_every`
        seconds while it runs.
        """
        steps = self._steps(time, bursts)
        saving = saving_of(checkpoint, checkpoint_every)
        if not flag(progress, "progress"):
            return self._recording(self._core.run(steps, None, *saving))
        with progress_bar(steps, self._network.dt) as bar:
            start = self.burst

            def report(burst: int, _last: int, spikes: int) -> None:
                bar.set_postfix_str(f"{spikes:,} spikes", refresh=False)
                bar.update(burst - start - bar.n)

            result = self._core.run(steps, report, *saving)
            bar.update(steps - bar.n)
        return self._recording(result)

    def _steps(self, time: Any, bursts: int | None) -> int:
        if (time is None) == (bursts is None):
            raise InvalidArgumentError("run takes either a time in ms or bursts=.")
        if bursts is None:
            return bursts_in(time, self._network.dt, "time")
        return whole(bursts, "bursts", most=2**62)

    def trials(
        self, seeds: Iterable[int], time: Any = None, *, bursts: int | None = None
    ) -> Iterator[Recording]:
        """A run from the beginning for each run seed, with what this engine records, on the same
        network; this engine itself does not advance. One after the other: `copies` runs them at once."""
        wanted = [whole(s, "seeds", most=2**64 - 1) for s in items(seeds, "seeds")]
        return self._trials(wanted, self._steps(time, bursts))

    def _trials(self, seeds: list[int], bursts: int) -> Iterator[Recording]:
        backend, threads, on_device_loss = self._asked
        for seed in seeds:
            other = Engine.__new__(Engine)
            core = _core.Engine(
                self._network._core,
                backend,
                thread_count(threads),
                seed,
                survives_loss(on_device_loss),
                self._core.drives,
                [],
            )
            other._begin(core, self._network, self._asked)
            other._follow(self._plan)
            yield other.run(bursts=bursts)

    def _recording(self, result: dict[str, Any]) -> Recording:
        return recording_of(result, self._network, self._plan, self.seed, self.backend)

    # what learns, state and edits

    @property
    def plastic(self) -> tuple[PlasticProjection, ...]:
        """The synapses that learn: in the order of the connections that made them, then by delay."""
        count = len(self._network._core.learning())
        return tuple(PlasticProjection(self, i) for i in range(count))

    def state(self) -> State:
        """A copy of all that changes; see `set_state`."""
        return read_state(self._core, self._network._core.rest())

    def set_state(self, state: State) -> None:
        """Goes on from there. Raises InvalidArgumentError if the sizes do not fit the network."""
        write_state(self._core, state, self._network._core.rest())

    def why(self, which: Selection | int, time: Any = None) -> Why:
        """Why a neuron fires, or not, in the next time step, or in the one that ends at `time` ms, to which
        a copy of this engine runs; this one stays where it is.

        which: a part of a population with one neuron, such as `E[7]`, or an id in the network.
        """
        number = index_of(which)
        if number is not None:
            number = whole(number, "which", most=self._network.neuron_count - 1)
            ids = np.array([number], np.uint32)
        else:
            ids = self._network.part(which).ids  # type: ignore[arg-type]
        if ids.size != 1:
            raise InvalidArgumentError(f"which has {ids.size} neurons. Name one, such as E[7].")
        burst = 0 if time is None else bursts_in(time, self._network.dt, "time", least=1)
        neuron = int(ids[0])
        return from_facts(neuron, self._core.why(neuron, burst))

    def why_silent(self, which: Population | str, time: Any = None) -> str:
        """Why a population is silent, or nearly, in the next `time` ms (None: 200 time steps): no path
        from any input, below threshold, inhibited, refused by the draw."""
        population = self._network.own(which)
        if isinstance(population, Selection):
            raise WrongTypeError(f"{which!r} is a part. Name a population.")
        steps = 200 if time is None else bursts_in(time, self._network.dt, "time", least=1)
        return self._core.why_silent(population.name, steps)

    def realtime(
        self,
        hz: Any = None,
        late: str = "skip",
        outputs: Selectors = (),
        bursts: int | None = None,
        *,
        queue: int = 1,
        checkpoint: str | os.PathLike[str] | None = None,
        checkpoint_every: Any = None,
        log: str | os.PathLike[str] | None = None,
        priority: int | None = None,
        core: int | None = None,
        lock_memory: bool = False,
    ) -> RealtimeLoop:
        """Runs at `hz` time steps a second on a thread of its own, in a `with` block or from
        `RealtimeLoop.start` to `stop`. hz: None is real time, a second of the brain in a second.

        late: what follows when a step ended after the time of the next: "skip" the steps that were
        missed, or "catch_up" by running them at once. outputs: populations (or their names) or
        parts of them whose spikes are wanted (default: all). bursts: the loop ends after so many steps
        (default: when the block is left). queue: so many steps wait to be read, each by itself; where
        more have ended, the oldest are told as one. checkpoint: saves there when the loop ends, and about
        every `checkpoint_every` seconds while it runs. log: a new folder for the session, from which
        `rheobase.replay` runs it again to the bit. priority: 1 to 99, the loop's thread goes before all
        others of the machine (Linux: SCHED_FIFO; give the engine threads=1); core: it runs on this one
        alone; lock_memory: nothing is paged out meanwhile. What of these the system refuses is an
        UnavailableError that says what allows it. What `record` was told to keep is kept
        (`RealtimeLoop.recording`). Meanwhile the engine belongs to the loop::

            with eng.realtime(hz=40) as loop:
                for burst in loop:
                    burst.inject("camera", camera.read(), channel="camera")
                    wheels.set(burst.counts("motor"))
            print(loop.stats)
        """
        if not isinstance(late, str) or late not in ("skip", "catch_up"):
            raise InvalidArgumentError(f'late = {shown(late)} is neither "skip" nor "catch_up".')
        frequency = 1000.0 / self._network.dt if hz is None else value_in(hz, "Hz", "hz")
        if hz is not None and not frequency > 0:
            raise InvalidArgumentError(
                f"hz = {shown(hz)} Hz is out of range (0.01 to 100000 Hz; None is real time)."
            )
        count = 0 if bursts is None else whole(bursts, "bursts", least=1, most=2**62)
        waiting = whole(queue, "queue", least=1, most=2**62)
        end, seconds = saving_of(checkpoint, checkpoint_every)
        folder = "" if log is None else path_of(log, "log")
        first = 0 if priority is None else whole(priority, "priority", least=1, most=99)
        place = -1 if core is None else whole(core, "core", most=2**16)
        locked = flag(lock_memory, "lock_memory")
        wanted = Outputs(self._network, outputs)
        return RealtimeLoop(
            self._network,
            lambda: self._core.realtime(
                frequency,
                late == "catch_up",
                wanted.ranges,
                count,
                waiting,
                end,
                seconds,
                self._plan.asked,
                folder,
                first,
                place,
                locked,
            ),
            wanted,
            self,
        )

    def edit(self, edit: Edit) -> None:
        """Applies changes before the next step; the state of all other neurons stays."""
        if not isinstance(edit, Edit):
            raise WrongTypeError(f"{shown(edit)} is not an Edit (see Engine.editing).")
        self._core.edit(edit._core)
        self._network = self._network._as(self._core.network)

    def editing(self) -> Edit:
        """An empty Edit for this engine's network; in a `with` block it is applied at the end."""
        return Edit(self._network, self.edit)


def replayed(
    session: str, asked: tuple[str, int | None, str], burst: int, record: bool
) -> tuple[Engine, Recording, bool]:
    """Of `rheobase.replay`: the engine, what was recorded, and whether the session came to its end."""
    backend, threads, on_device_loss = asked
    core, facts, finished = _core.Engine.replay(
        session, backend, thread_count(threads), survives_loss(on_device_loss), burst, record
    )
    engine = Engine.__new__(Engine)
    report = ImportReport("rheobase checkpoint 1", "", ())
    engine._begin(core, Network(core.network, report), asked)
    plan = engine._plan if record else replace(engine._plan, spikes=())
    recording = recording_of(facts, engine.network, plan, engine.seed, engine.backend)
    return engine, recording, finished


def _unpickled(
    data: bytes, asked: tuple[str, int | None, str], plan: Plan, about: tuple[Any, ...]
) -> Engine:
    backend, threads, on_device_loss = asked
    engine = Engine.__new__(Engine)
    core = from_bytes(
        data,
        lambda path: _core.Engine.load(
            path, backend, thread_count(threads), survives_loss(on_device_loss)
        ),
    )
    engine._begin(core, Network(core.network, *about), asked)
    engine._follow(plan)
    return engine
