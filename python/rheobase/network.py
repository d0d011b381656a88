# SPDX-License-Identifier: Apache-2.0
"""Built networks: immutable, cheap to hand around."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _core
from .errors import InvalidArgumentError
from .population import Population, Selection, Selector
from .units import thread_count, whole

if TYPE_CHECKING:
    import pandas as pd

    from .neurons import LIF, Neuron


@dataclass(frozen=True)
class ImportNote:
    """kind: "taken", "changed" or "ignored"; where: the part of the file; message: what and why."""

    kind: str
    where: str
    message: str


@dataclass(frozen=True)
class ImportReport:
    """What was taken from a file, what was read differently, what has no effect."""

    format: str
    title: str
    notes: tuple[ImportNote, ...]

    def __str__(self) -> str:
        lines = [f"{self.format}: {self.title}" if self.title else self.format]
        lines += [f"  {n.kind:8} {n.where}: {n.message}" for n in self.notes]
        return "\n".join(lines)


@dataclass(frozen=True)
class Connections:
    """Synapses as columns, by source, delay, target. `pre` and `post` count within their population."""

    pre_population: str
    post_population: str
    pre: npt.NDArray[np.uint32]
    post: npt.NDArray[np.uint32]
    weight: npt.NDArray[np.float32]
    psp: npt.NDArray[np.float32]
    delay: npt.NDArray[np.float64]  #: ms

    def __len__(self) -> int:
        return int(self.pre.size)

    def __repr__(self) -> str:
        return f"<{len(self):,} synapses {self.pre_population} -> {self.post_population}>"

    def to_pandas(self) -> pd.DataFrame:
        """A table with the columns pre, post, weight, psp, delay (ms)."""
        import pandas as pd

        return pd.DataFrame(
            {
                "pre": self.pre,
                "post": self.post,
                "weight": self.weight,
                "psp": self.psp,
                "delay": self.delay,
            }
        )


class Network(Mapping[str, Population]):
    """A network: a mapping from names to populations, and all that determines its spikes."""

    def __init__(self, core: _core.Network, report: ImportReport | None = None) -> None:
        self._core = core
        #: of a network from a file, else None
        self.report = report
        self._populations: dict[str, Population] = {}
        for a in core.areas:
            x, y, z = a.size
            self._populations[a.name] = Population(
                a.name, a.first, a.count, (x, y, z), a.neurons_per_voxel, a.role
            )

    @property
    def populations(self) -> dict[str, Population]:
        """Populations by name, in the order of their ids."""
        return dict(self._populations)

    def __getitem__(self, name: str) -> Population:
        if name in self._populations:
            return self._populations[name]
        return self._populations[self._core.area(name).name]  # by file id, or an error with a hint

    def __iter__(self) -> Iterator[str]:
        return iter(self._populations)

    def __len__(self) -> int:
        return len(self._populations)

    def __contains__(self, name: object) -> bool:
        return name in self._populations

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and other.hash == self.hash

    def __hash__(self) -> int:
        return self.hash

    @property
    def dt(self) -> float:
        """Length of a time step, ms."""
        return self._core.dt

    @property
    def neuron_count(self) -> int:
        """Neurons of all populations."""
        return self._core.neuron_count

    @property
    def synapse_count(self) -> int:
        """Synapses of all connections."""
        return self._core.synapse_count

    @property
    def memory(self) -> int:
        """Bytes held."""
        return self._core.memory_bytes

    @property
    def hash(self) -> int:
        """xxHash64 over all that determines spikes: rules, parameters, connections, drives."""
        return self._core.hash

    @property
    def quantum(self) -> float:
        """Charge is a whole multiple of this, mV."""
        return float(2.0 ** -self._core.charge["quantum_bits"])

    @property
    def delays(self) -> tuple[float, ...]:
        """Delays in use, ms, ascending."""
        return tuple(d * self.dt for d in self._core.delays)

    @cached_property
    def members(self) -> tuple[Network, ...]:
        """The networks that this one was joined from, each as it is alone; empty if it was not joined."""
        return tuple(Network(core) for core in self._core.members)

    def copies(self, count: int) -> Network:
        """`count` copies of this network as one; see `rheobase.join`."""
        return join([self] * whole(count, "count", least=1))

    def population_of(self, neuron: int) -> Population:
        """The population that holds a neuron."""
        for p in self._populations.values():
            if p.first <= neuron < p.first + p.size:
                return p
        raise InvalidArgumentError(
            f"neuron {neuron} does not exist (0 to {self.neuron_count - 1} do)."
        )

    def connections(self, pre: str | Selector, post: str | Selector) -> Connections:
        """The synapses from one population, or part of one, to another."""
        a, b = self.part(pre), self.part(post)
        source, target = a.population, b.population
        columns = self._core.synapses_between(source.first, source.size, target.first, target.size)
        i, j, weight, psp, steps = columns
        i, j = i - np.uint32(source.first), j - np.uint32(target.first)
        if len(a) != source.size or len(b) != target.size:
            kept = np.isin(i, a.local) & np.isin(j, b.local)
            i, j, weight, psp, steps = i[kept], j[kept], weight[kept], psp[kept], steps[kept]
        return Connections(source.name, target.name, i, j, weight, psp, steps * self.dt)

    def part(self, what: str | Selector) -> Selection:
        """A population by name, or a part of one, if it is of this network."""
        found = self.own(self[what] if isinstance(what, str) else what)
        return found[:] if isinstance(found, Population) else found

    def own(self, what: Selector) -> Selector:
        """What was given, if it is of this network."""
        population = what.population if isinstance(what, Selection) else what
        if self._populations.get(population.name) != population:
            raise InvalidArgumentError(f"{what!r} is not of this network.")
        return what

    def _shown(self) -> tuple[list[Population], int]:
        """Populations that a table shows, and how many it leaves out."""
        most = 100
        populations = list(self._populations.values())
        return populations[:most], max(len(populations) - most, 0)

    def __repr__(self) -> str:
        return f"<Network: {self.neuron_count:,} neurons, {self.synapse_count:,} synapses>"

    def __str__(self) -> str:
        width = max([len(n) for n in self._populations] + [10])
        lines = [f"{'population':{width}} {'shape':>14} {'neurons':>12}"]
        shown, more = self._shown()
        for p in shown:
            shape = "x".join(str(s) for s in p.shape)
            lines.append(f"{p.name:{width}} {shape:>14} {p.size:>12,}")
        lines += [f"... and {more:,} more"] if more else []
        c = self._core.charge
        lines.append(
            f"{self.neuron_count:,} neurons, {self.synapse_count:,} synapses, "
            f"{self.memory / 2**20:.1f} MiB, dt {self.dt:g} ms, "
            f"quantum 2^-{c['quantum_bits']} in sums of {c['accumulator_bits']} bits"
        )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{_escaped(p.name)}</td><td>{'x'.join(map(str, p.shape))}</td>"
            f"<td>{p.size:,}</td></tr>"
            for p in self._shown()[0]
        )
        if more := self._shown()[1]:
            rows += f"<tr><td>... and {more:,} more</td></tr>"
        return (
            "<table><tr><th>population</th><th>shape</th><th>neurons</th></tr>"
            f"{rows}</table><p>{self.neuron_count:,} neurons, {self.synapse_count:,} synapses, "
            f"dt {self.dt:g} ms</p>"
        )

    # from what others use

    @classmethod
    def from_arrays(
        cls,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        weight: Any = 1.0,
        delay: Any = None,
        *,
        size: int | None = None,
        neuron: LIF | Neuron | None = None,
        dt: Any = 1.0,
        name: str = "neurons",
        semantics: str = "plain",
        quantum_bits: int | None = None,
    ) -> Network:
        """One population of `size` neurons (default: as many as the arrays name) and its synapses.

        quantum_bits: charge is counted in multiples of 2**-quantum_bits; give some if later edits need
        finer weights than the network has.
        """
        from .builder import NetworkBuilder
        from .neurons import LIF

        if size is None:
            a, b = np.asarray(pre), np.asarray(post)
            size = 1 + int(max(a.max(initial=0), b.max(initial=0)))
        builder = NetworkBuilder(dt=dt, semantics=semantics, quantum_bits=quantum_bits)
        builder.population(name, size, LIF() if neuron is None else neuron)
        builder.connect_pairs(pre, post, weight, delay)
        return builder.build()

    @classmethod
    def from_scipy(cls, matrix: Any, delay: Any = None, **options: Any) -> Network:
        """From a sparse matrix (or dense array) of weights, rows the sources, columns the targets.

        `options` are those of `from_arrays`.
        """
        import scipy.sparse

        table = scipy.sparse.coo_array(matrix)
        if table.shape[0] != table.shape[1]:
            raise InvalidArgumentError(f"a matrix of the shape {table.shape} is not square.")
        options.setdefault("size", table.shape[0])
        return cls.from_arrays(table.row, table.col, table.data, delay, **options)

    @classmethod
    def from_networkx(
        cls, graph: Any, weight: str | None = "weight", delay: str | None = None, **options: Any
    ) -> Network:
        """From a graph; nodes get ids in their order, edges without the attribute `weight` weigh 1.

        An undirected edge becomes two synapses. `options` are those of `from_arrays`.
        """
        number = {node: i for i, node in enumerate(graph.nodes)}
        edges = list(graph.edges(data=True))
        pre = np.array([number[a] for a, _, _ in edges], np.int64)
        post = np.array([number[b] for _, b, _ in edges], np.int64)
        weights = np.array(
            [1.0 if weight is None else d.get(weight, 1.0) for *_, d in edges], float
        )
        delays = None
        if delay is not None:
            try:
                delays = np.array([d[delay] for *_, d in edges], float)
            except KeyError:
                raise InvalidArgumentError(f"some edge has no attribute {delay!r}.") from None
        if not graph.is_directed():
            other = pre != post
            pre, post = np.append(pre, post[other]), np.append(post, pre[other])
            weights = np.append(weights, weights[other])
            delays = None if delays is None else np.append(delays, delays[other])
        options.setdefault("size", len(number))
        return cls.from_arrays(pre, post, weights, delays, **options)

    @classmethod
    def from_pandas(cls, table: Any, **options: Any) -> Network:
        """From a table with the columns pre, post and, if there, weight (mV) and delay (ms).

        `options` are those of `from_arrays`.
        """
        for column in ("pre", "post"):
            if column not in table.columns:
                raise InvalidArgumentError(
                    f"the table has no column {column!r} (it has {', '.join(map(str, table.columns))})."
                )
        weight = table["weight"].to_numpy() if "weight" in table.columns else 1.0
        delay = table["delay"].to_numpy() if "delay" in table.columns else None
        return cls.from_arrays(
            table["pre"].to_numpy(), table["post"].to_numpy(), weight, delay, **options
        )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _report(given: tuple[str, str, list[tuple[str, str, str]]]) -> ImportReport:
    return ImportReport(given[0], given[1], tuple(ImportNote(*note) for note in given[2]))


def join(networks: Iterable[Network]) -> Network:
    """Networks as one, each with the spikes that it has alone, and with a run seed of its own.

    Populations are called by number and name: `joined["3/E"]` is E of `networks[3]`. There are no
    synapses between the networks; time step, semantics and quantum of charge must be the same. On
    the cpu each runs alone, on whichever thread is free. See `Spikes.member`.
    """
    return Network(_core.join([network._core for network in networks]))


def load(
    path: str | os.PathLike[str],
    *,
    semantics: str = "feagi-0.0.53",
    strict: bool = False,
    wiring_seed: int = 1,
    threads: int | None = None,
) -> Network:
    """A FEAGI genome (any schema from 2.0 to 7) or a network recipe; the content decides.

    semantics: the FEAGI engine to follow for genomes. strict: read broken genomes exactly as FEAGI
    does, instead of as their author meant. threads: that build it; one for each core if None, and
    the same network with any number. `.report` of the result says what was taken, changed and
    ignored. Raises InvalidFileError, FileError, OutOfMemoryError.
    """
    core, report = _core.load(
        os.fspath(path), semantics, strict, wiring_seed, thread_count(threads)
    )
    return Network(core, _report(report))


def convert(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> ImportReport:
    """Writes a genome in FEAGI's current schema; nothing that it holds is lost."""
    return _report(_core.convert(os.fspath(source), os.fspath(target)))


def generate(kind: str, neurons: int = 10000, seed: int = 1) -> str:
    """Text of a brain made by rule, for a file that `load` reads: one of `generator_names()`."""
    return _core.generate(kind, neurons, seed)


def generator_names() -> list[str]:
    """What `generate` can make."""
    return _core.generator_names()
