# SPDX-License-Identifier: Apache-2.0
"""Networks described in Python."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from . import _core
from ._area import gradient_of, shape_of
from ._arrays import Ids
from ._copying import NotCopied
from ._drives import drive_runs
from ._synapses import delay_or_draws, synapse_columns
from .distribution import Distribution
from .errors import InvalidArgumentError, WrongTypeError
from .model import Model, port_in, port_of_targets, unit_at
from .network import Network
from .neurons import LIF, DriveRule, Neuron, changed, drive_rule, first_potentials, neuron_kind
from .plasticity import SynapseModel, rule_arguments
from .population import Population, Selection, Selectors, each, population_named
from .rules import ConnectionRule
from .units import flag, float32_in, shown, text, thread_count, time_step, whole

#: between the seeds of calls of `connect_pairs` that draw
_SEEDS_APART = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Wired:
    """What one call of `connect`, `connect_pairs` or `drive` added; `NetworkBuilder.remove` takes it
    back."""

    what: str
    numbers: tuple[int, ...]
    owner: str

    def __repr__(self) -> str:
        return f"<{self.what}>"


class NetworkBuilder(NotCopied):
    """Describes a network; `build` makes it. A call that raises changes nothing.

    Args:
        dt: Length of a time step (burst), ms, > 0.
        seed: Wiring seed, from which random rules draw. The run seed is the engine's.
        semantics: Rules of the step: "plain" (a leaky integrate-and-fire neuron), or how FEAGI
            behaves: "feagi-0.0.53", "feagi-0.0.49", "feagi-2026-02", "feagi-2025-10".
        quantum_bits: Charge is counted in whole multiples of 2**-quantum_bits; chosen if None.
        threads: That build the network; one for each core if None. It is the same with any number.
    """

    _instead = "Build the network, and copy that."

    def __init__(
        self,
        dt: Any = 1.0,
        seed: int = 1,
        semantics: str = "plain",
        quantum_bits: int | None = None,
        threads: int | None = None,
    ) -> None:
        self._dt = time_step(dt)
        self._seed = whole(seed, "seed", most=2**64 - 1)
        bits = None if quantum_bits is None else whole(quantum_bits, "quantum_bits", most=40)
        self._core = _core.Builder(
            self._dt, self._seed, text(semantics, "semantics"), bits, thread_count(threads)
        )
        self._lock = threading.Lock()
        self._owner = secrets.token_hex(8)
        self._populations: dict[str, Population] = {}
        self._models: dict[str, Model] = {}
        self._rules: dict[int, tuple[str, str, str]] = {}  # of each connection: pre, post, rule
        self._made: set[int] = set()  # numbers of calls that were not taken back

    @property
    def dt(self) -> float:
        """Length of a time step, ms."""
        return self._dt

    @property
    def seed(self) -> int:
        """Wiring seed."""
        return self._seed

    def __repr__(self) -> str:
        names = ", ".join(repr(n) for n in list(self._populations)[:10]) or "empty"
        return f"<NetworkBuilder: {names}{', ...' if len(self._populations) > 10 else ''}>"

    def __getitem__(self, name: str) -> Population:
        return population_named(name, self._populations, "this builder")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._populations

    def __iter__(self) -> Iterator[str]:
        return iter(self._populations)

    def __len__(self) -> int:
        return len(self._populations)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._populations)

    def population(
        self, name: str, size: int, neuron: LIF | Neuron | Model = LIF(), **values: Any
    ) -> Population:
        """Adds `size` neurons without voxels. `values` are parameters and first states of a model
        (`nb.population("E", 800, rb.models.izhikevich, a=0.1, v=rb.normal(-60, 5))`), or parameters of a
        `LIF` or `Neuron` and `v`, its potential before the first step (at rest unless it is given): each a
        number, an array with one for each neuron, or a distribution from which each neuron draws."""
        v = None
        if values and not isinstance(neuron, Model):
            v = values.pop("v", None)
            neuron = changed(neuron_kind(neuron), values)
        elif isinstance(neuron, Model):
            neuron = neuron(**values)
        return self.area(name, (whole(size, "size", least=1), 1, 1), neuron, v=v)

    def area(
        self,
        name: str,
        shape: Sequence[int],
        neuron: LIF | Neuron | Model = Neuron(),
        *,
        neurons_per_voxel: int = 1,
        threshold_gradient: Sequence[float] = (0.0, 0.0, 0.0),
        psp_uniform: bool = True,
        psp_potential_driven: bool = False,
        role: str = "custom",
        v: Any = None,
    ) -> Population:
        """Adds an area of voxels x, y, z (FEAGI: cortical area).

        v: potential before the first step, mV, a number, an array or a distribution; at rest if None. A
        model has states of its own.
        threshold_gradient: added to the threshold per voxel along x, y, z, mV.
        psp_uniform: a spike brings each synapse its whole charge; otherwise it is divided among them.
        psp_potential_driven: the charge is the potential at firing.
        """
        with self._using():
            if text(name, "name") in self._populations:
                raise InvalidArgumentError(
                    f"population {name!r} exists already. Take another name, or call remove({name!r}) "
                    "first (its connections and drives go with it)."
                )
            size, per, count = shape_of(shape, neurons_per_voxel, name)
            if isinstance(neuron, Model):
                plain = (psp_uniform, psp_potential_driven, *threshold_gradient)
                if plain != (True, False, 0.0, 0.0, 0.0) or v is not None:
                    raise InvalidArgumentError(
                        f"population {name!r} has a model; threshold_gradient, the PSP modes and v are of "
                        "others. Leave them out (model(v=...) sets a state)."
                    )
                number = self._core.add_model(
                    name,
                    list(size),
                    per,
                    neuron._core,
                    neuron._core_values(),
                    text(role, "role"),
                )
                made = Population(
                    name, self._core.first(number), count, size, per, role, self._owner
                )
                self._populations[name] = made
                self._models[name] = neuron
                return made
            kind = neuron_kind(neuron)
            values = [*kind._values(self._dt, count), *first_potentials(v, count)]
            number = self._core.add_area(
                name,
                list(size),
                per,
                kind._even(self._dt),
                gradient_of(threshold_gradient, name, any(n == "threshold" for n, _ in values)),
                flag(psp_uniform, "psp_uniform"),
                flag(psp_potential_driven, "psp_potential_driven"),
                text(role, "role"),
                values,
            )
            first = self._core.first(number)
            made = Population(name, first, count, size, per, role, self._owner)
            self._populations[name] = made
            return made

    def connect(
        self,
        pre: Selectors,
        post: Selectors,
        rule: ConnectionRule,
        weight: Any = 1.0,
        delay: Any = None,
        psp: float = 1.0,
        port: str | int | None = None,
        plasticity: SynapseModel | None = None,
        delay_in: str = "axon",
    ) -> Wired:
        """Connects each population of `pre` with each of `post`, given by name or as they are.

        Parts of populations (`E[:100]`, `E[::2]`, `E[[5, 3]]`) are to a rule as populations that hold these
        neurons alone, in their order: a degree counts partners within the part, and `one_to_one` and
        `index_pairs` count along it. Each neuron may be there once. Rules between voxels (`vectors`,
        `patterns`, `voxel_function`, `composite`) take whole populations only.

        weight: mV that a spike adds, negative for inhibition. delay: ms, a multiple of dt, 1 to 65,535
        steps; one step if None. Both may be distributions, from which each synapse draws
        (`rb.normal(0.1, 0.01)`; delays are rounded to whole steps and must not come below one:
        `rb.normal(1.5, 0.75).within(0.1)`). psp: factor of the weight (FEAGI), 1 elsewhere. port: where
        the synapses end in neurons with a model, by name; the first of their ports if None. Weights are in
        the unit of the port then. plasticity: how the synapses learn (`rb.synapses.stdp_additive()`,
        `rb.SynapseModel(text)`); `weight` is what they begin with. delay_in: where a spike
        spends the delay of such a synapse, "axon" or, as in NEST, "dendrite". Several calls for one pair
        of populations make parallel synapses.
        `remove` takes back what is returned.
        """
        if not isinstance(rule, ConnectionRule):
            raise WrongTypeError(
                f"{shown(rule)} is not a connection rule. Use rheobase.all_to_all(), "
                "fixed_indegree(n) or another."
            )
        with self._using():
            factor = float32_in(psp, "dimensionless", "psp")
            steps = delay_or_draws(delay, self._dt)
            sources, targets = self._parts(pre, "pre"), self._parts(post, "post")
            ends = {b._whole().name: b._whole() for b in targets}
            ports = {n: port_in(self._models.get(n), b, port) for n, b in ends.items()}
            weights = {n: self._weights_at(n, p, weight) for n, p in ports.items()}
            learns = rule_arguments(plasticity, delay_in)
            made: list[int] = []
            try:
                for a in sources:
                    for b in targets:
                        name = b._whole().name
                        made.append(
                            self._core.connect(
                                self._part(a),
                                self._part(b),
                                rule._core,
                                weights[name],
                                factor,
                                steps,
                                ports[name],
                                *learns,
                            )
                        )
            except BaseException:
                for number in made:
                    self._core.take_back(number)
                raise
            pairs = [(a._whole().name, b._whole().name) for a in sources for b in targets]
            for number, (a_name, b_name) in zip(made, pairs, strict=True):
                self._rules[number] = (a_name, b_name, repr(rule))
            names = ", ".join(f"{a!r} -> {b!r}" for a, b in pairs) or "nothing"
            return self._wired(f"{names} by {rule!r}", made)

    def connect_pairs(
        self,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        weight: Any = 1.0,
        delay: Any = None,
        psp: Any = 1.0,
        port: str | int | None = None,
    ) -> Wired:
        """Single synapses between neurons by their ids in the network (parts of populations stand for
        theirs); `weight` (mV), `delay` (ms) and `psp` are one value for all or arrays, `weight` and
        `delay` also distributions; `port` as in `connect`. `remove` takes back what is returned."""
        with self._using():
            for part in (pre, post):
                if isinstance(part, (Population, Selection)):
                    self._own(part)
            limit = sum(p.size for p in self._populations.values())
            seed = (self._seed + _SEEDS_APART * len(self._made)) % 2**64
            columns = synapse_columns(pre, post, weight, delay, psp, limit, self._dt, seed)
            place = port_of_targets(columns[1], self._populations.values(), self._models, port)
            number = self._core.connect_pairs(*columns, place)
            return self._wired(f"{columns[0].size:,} synapses", [number])

    def drive(
        self,
        targets: Selectors,
        rule: DriveRule,
        weight: Any = 1.0,
        port: str | int | None = None,
    ) -> Wired:
        """External input of `weight` per event into populations or parts of them: mV, or the unit of the
        port where they have a model; `port` as in `connect`. `remove` takes back what is returned.

        The weight and the rate of the rule may be arrays with one number for each neuron of each part. Runs
        of neurons with equal ones are a drive each, 1,000 at most."""
        with self._using():
            kind = drive_rule(rule)
            parts = [self._own(p) for p in each(targets, "targets", self.__getitem__)]
            reached = []
            for part in parts:
                population = part.population if isinstance(part, Selection) else part
                p = port_in(self._models.get(population.name), population, port)
                unit = unit_at(self._models.get(population.name), p)
                reached += [(*run, p) for run in drive_runs(part, kind, weight, unit)]
            made: list[int] = []
            try:
                for first, count, w, rate, p in reached:
                    made.append(self._core.drive(first, count, kind.kind, w, rate, p))
            except BaseException:
                for number in made:
                    self._core.take_back(number)
                raise
            names = ", ".join(repr(p) for p in parts) or "nothing"
            return self._wired(f"{kind.kind} drive of {names}", made)

    def remove(self, what: Union[Wired, str, Population]) -> None:
        """Takes back what `connect`, `connect_pairs` or `drive` returned, or a population with all that
        connects or drives it, as if it had never been made.

        Populations behind a removed one get other ids: ask for them again (`nb["I"]`), or name them.
        """
        with self._using():
            if isinstance(what, Wired):
                if what.owner != self._owner:
                    raise InvalidArgumentError(f"{what!r} is not of this builder.")
                left = [n for n in what.numbers if n in self._made]
                if what.numbers and not left:
                    raise InvalidArgumentError(f"{what!r} was taken back already.")
                for number in left:
                    self._forget(number)
                return
            if isinstance(what, str):
                population = self[what]
            elif isinstance(what, Population):
                self._own(what)
                population = what
            else:
                raise WrongTypeError(
                    f"{shown(what)} is neither a population, nor its name, nor what connect or drive "
                    "returned."
                )
            gone = population.name
            self._core.remove_area(self._number(population))
            for number in [n for n, (a, b, _) in self._rules.items() if gone in (a, b)]:
                self._made.discard(number)
                del self._rules[number]
            del self._populations[gone]
            self._models.pop(gone, None)
            for name, p in self._populations.items():
                if p.first > population.first:
                    self._populations[name] = replace(p, first=p.first - population.size)

    def build(self) -> Network:
        """The network. The builder can go on and build another one; if it cannot be built, the builder
        stays as it was."""
        with self._using():
            network = self._core.build()
            rules: dict[tuple[str, str], tuple[str, ...]] = {}
            for a, b, rule in self._rules.values():
                rules[a, b] = (*rules.get((a, b), ()), rule)
            return Network(network, None, self._owner, rules)

    def _own(self, what: Population | Selection) -> Population | Selection:
        """What was given, if it is of this builder as it is now."""
        population = what if isinstance(what, Population) else what.population
        mine = self._populations.get(population.name)
        if population.owner != self._owner or mine is None:
            raise InvalidArgumentError(
                f"{what!r} is not of this builder. Use what its population(...) returned."
            )
        if mine != population:
            raise InvalidArgumentError(
                f"{what!r} has other ids by now (a population was removed or made again). "
                f"Use nb[{population.name!r}]."
            )
        return what

    def _parts(self, selectors: Selectors, what: str) -> list[Population | Selection]:
        """Those that have neurons."""
        parts = [self._own(part) for part in each(selectors, what, self.__getitem__)]
        return [part for part in parts if len(part)]

    def _part(self, part: Population | Selection) -> tuple[int, int, int, Ids]:
        """Its population's number, and its neurons: (first, count), or a list of them."""
        number = self._number(part._whole())
        if isinstance(part, Population):
            return number, 0, part.size, np.empty(0, np.uint32)
        first = int(part.local[0])
        if np.array_equal(part.local, np.arange(first, first + len(part))):
            return number, first, len(part), np.empty(0, np.uint32)
        return number, 0, 0, part.local

    def _weight_at(self, name: str, port: int, weight: Any) -> float:
        """In the unit of a port of a population's neurons."""
        unit = unit_at(self._models.get(name), port)
        return float32_in(weight, unit, "weight")

    def _weights_at(self, name: str, port: int, weight: Any) -> float | _core.Distribution:
        """The same, or a distribution of them."""
        if isinstance(weight, Distribution):
            return weight._core_in(unit_at(self._models.get(name), port), "weight")
        return self._weight_at(name, port, weight)

    @contextlib.contextmanager
    def _using(self) -> Iterator[None]:
        """One thread at a time."""
        if not self._lock.acquire(blocking=False):
            raise InvalidArgumentError(
                "this builder is in use by another thread. Wait for it, or give each thread a builder of "
                "its own."
            )
        try:
            yield
        finally:
            self._lock.release()

    def _forget(self, number: int) -> None:
        self._made.discard(number)
        self._rules.pop(number, None)
        # a drive goes with the population that it drove
        with contextlib.suppress(InvalidArgumentError):
            self._core.take_back(number)

    def _wired(self, what: str, numbers: list[int]) -> Wired:
        self._made.update(numbers)
        return Wired(what, tuple(numbers), self._owner)

    def _number(self, population: Population) -> int:
        return list(self._populations).index(population.name)
