# SPDX-License-Identifier: Apache-2.0
"""Built networks: immutable, cheap to hand around."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import ids_of
from ._copying import bytes_of, from_bytes
from ._synapses import pair_columns
from ._text import html_table, shown_name
from .connections import Connections, Projection
from .errors import (
    InvalidArgumentError,
    OutOfBoundsError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
    needs,
)
from .model import Model
from .population import Population, Selection, Selector, Selectors, each, population_named
from .report import ImportReport
from .units import (
    array_in,
    has_unit,
    items,
    path_of,
    shown,
    text,
    values_in,
    whole,
)

if TYPE_CHECKING:
    from .neurons import LIF, Neuron


class Network(Mapping[str, Population]):
    """A network: a mapping from names to populations, and all that determines its spikes.

    Made by `NetworkBuilder.build`, `load`, `join` and the `from_...` methods. It can be copied and pickled.
    """

    def __init__(
        self,
        core: _core.Network,
        report: ImportReport | None = None,
        owner: str = "",
        rules: dict[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> None:
        if not isinstance(core, _core.Network):
            raise WrongTypeError(
                f"{shown(core)} is no network of the compiled module. Use NetworkBuilder.build or "
                "rheobase.load."
            )
        self._core = core
        self._owner = owner
        self._rules = dict(rules or {})
        #: of a network from a file, else None
        self.report = report
        self._populations: dict[str, Population] = {}
        self._models: dict[str, Model] = {}
        for name, size, first, count, per_voxel, role, model in core.area_rows():
            if model is not None:
                self._models[name] = Model._of(model, {})
            self._populations[name] = Population(name, first, count, size, per_voxel, role, owner)

    def _as(self, core: _core.Network) -> Network:
        """This network after an edit."""
        return Network(core, self.report, self._owner)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (bytes_of(self._core.save), self.report, self._owner, self._rules)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes all that determines its spikes as one file, a checkpoint at burst 0, that `Network.load`
        and the program read. Written beside `path`, then renamed. Raises FileError."""
        self._core.save(path_of(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Network:
        """The network of a file that `Network.save` or `Engine.save` wrote; of an engine's file, without
        its state. Raises InvalidFileError naming what is damaged, FileError, OutOfMemoryError."""
        return cls(
            _core.network_of_checkpoint(path_of(path)),
            ImportReport("rheobase checkpoint 1", "", ()),
        )

    @property
    def populations(self) -> dict[str, Population]:
        """Populations by name, in the order of their ids."""
        return dict(self._populations)

    @property
    def models(self) -> dict[str, Model]:
        """The model of each population that has one, by its name, as its text gives it."""
        return dict(self._models)

    def __getitem__(self, name: str) -> Population:
        if isinstance(name, str) and name in self._populations:
            return self._populations[name]
        try:  # by file id, or an error with a hint
            return self._populations[self._core.area(text(name, "name")).name]
        except WrongTypeError:
            return population_named(name, self._populations, repr(self))
        except InvalidArgumentError as e:
            raise UnknownNameError(str(e)) from None

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._populations)

    def __iter__(self) -> Iterator[str]:
        return iter(self._populations)

    def __len__(self) -> int:
        return len(self._populations)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._populations

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
        number = whole(count, "count", least=1)
        if number * self.neuron_count > 2**32 - 2:
            raise OutOfRangeError(
                f"{number} copies have more than 4294967294 neurons ({self.neuron_count} each). "
                "Make fewer."
            )
        return join([self] * number)

    @cached_property
    def projections(self) -> tuple[Projection, ...]:
        """Which populations are connected, by how many synapses, weights and delays."""
        rows = self._core.projections()
        return tuple(
            Projection(
                pre,
                post,
                n,
                (w0, w1),
                (d0 * self.dt, d1 * self.dt),
                self._rules.get((pre, post), ()),
            )
            for pre, post, n, w0, w1, d0, d1 in rows
        )

    def population_of(self, neuron: int) -> Population:
        """The population that holds a neuron."""
        neuron = whole(neuron, "neuron", least=-(2**63), most=2**63)
        for p in self._populations.values():
            if p.first <= neuron < p.first + p.size:
                return p
        raise OutOfBoundsError(f"neuron {neuron} does not exist (0 to {self.neuron_count - 1} do).")

    def connections(self, pre: str | Selector, post: str | Selector) -> Connections:
        """The synapses from one population, or part of one, to another."""
        a, b = self.part(pre), self.part(post)
        source, target = a.population, b.population
        columns = self._core.synapses_between(source.first, source.size, target.first, target.size)
        i, j, weight, psp, steps, ports = columns
        i, j = i - np.uint32(source.first), j - np.uint32(target.first)
        if len(a) != source.size or len(b) != target.size:
            kept = np.isin(i, a.local) & np.isin(j, b.local)
            i, j, weight, psp, steps = i[kept], j[kept], weight[kept], psp[kept], steps[kept]
            ports = ports[kept]
        return Connections(source.name, target.name, i, j, weight, psp, steps * self.dt, ports)

    def weights(self, pre: npt.ArrayLike, post: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Weights, mV, of the first synapse of each pair pre[i] -> post[i]; ids of the network. A pair
        without a synapse is an InvalidArgumentError. `Edit.set_weights` changes them."""
        return _core.weights_of(self._core, *pair_columns(pre, post, self.neuron_count))

    def part(self, what: str | Selector) -> Selection:
        """A population by name, or a part of one, if it is of this network."""
        found = self.own(what)
        return found[:] if isinstance(found, Population) else found

    def own(self, what: str | Selector) -> Selector:
        """What was given, by name or as it is, if it is of this network."""
        if isinstance(what, str):
            return self[what]
        population = what.population if isinstance(what, Selection) else what
        if not isinstance(population, Population):
            raise WrongTypeError(
                f"{shown(what)} is neither a population, nor its name, nor a part of one "
                "(such as E or E[:500])."
            )
        if self._populations.get(population.name) != population:
            raise InvalidArgumentError(f"{what!r} is not of this network.")
        return what

    def parts(self, selectors: Selectors, what: str = "selectors") -> list[Selector]:
        """One or several populations, names or parts, as a list; `what` stands in errors."""
        return [self.own(s) for s in each(selectors, text(what, "what"), self.__getitem__)]

    def _shown(self) -> tuple[list[Population], int]:
        """Populations that a table shows, and how many it leaves out."""
        most = 100
        populations = list(self._populations.values())
        return populations[:most], max(len(populations) - most, 0)

    def __repr__(self) -> str:
        return f"<Network: {self.neuron_count:,} neurons, {self.synapse_count:,} synapses>"

    def __str__(self) -> str:
        shown, more = self._shown()
        names = [shown_name(p.name) for p in shown]
        width = max([len(n) for n in names] + [10])
        lines = [f"{'population':{width}} {'shape':>14} {'neurons':>12}"]
        for name, p in zip(names, shown, strict=True):
            shape = "x".join(str(s) for s in p.shape)
            lines.append(f"{name:{width}} {shape:>14} {p.size:>12,}")
        lines += [f"... and {more:,} more"] if more else []
        c = self._core.charge
        lines.append(
            f"{self.neuron_count:,} neurons, {self.synapse_count:,} synapses, "
            f"{self.memory / 2**20:.1f} MiB, dt {self.dt:g} ms, "
            f"quantum 2^-{c['quantum_bits']} in sums of {c['accumulator_bits']} bits"
        )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        most = 100
        populations, more = self._shown()
        rows: list[list[object]] = [
            [p.name, "x".join(map(str, p.shape)), f"{p.size:,}"] for p in populations
        ]
        if more:
            rows.append([f"... and {more:,} more", "", ""])
        below = f"{self.neuron_count:,} neurons, {self.synapse_count:,} synapses, dt {self.dt:g} ms"
        if self.synapse_count > 200_000_000:  # looking at them all would take seconds
            below += "; .projections tells what is connected"
            return html_table(["population", "shape", "neurons"], rows, below)
        wired: list[list[object]] = [
            [
                p.pre,
                p.post,
                ", ".join(p.rules) or "synapses",
                f"{p.synapses:,}",
                _range(p.weight),
                _range(p.delay),
            ]
            for p in self.projections[:most]
        ]
        more = max(len(self.projections) - most, 0)
        if more:
            wired.append([f"... and {more:,} more", "", "", "", "", ""])
        return html_table(["population", "shape", "neurons"], rows, below) + html_table(
            ["pre", "post", "rule", "synapses", "weight / mV", "delay / ms"],
            wired,
            f"{len(self.projections):,} projections",
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

        a, b = ids_of(pre, 2**32 - 2, "pre"), ids_of(post, 2**32 - 2, "post")
        if size is None:
            size = 1 + int(max(a.max(initial=0), b.max(initial=0)))
        builder = NetworkBuilder(dt=dt, semantics=semantics, quantum_bits=quantum_bits)
        builder.population(name, size, LIF() if neuron is None else neuron)
        builder.connect_pairs(a, b, weight, delay)
        return builder.build()

    @classmethod
    def from_scipy(cls, matrix: Any, delay: Any = None, **options: Any) -> Network:
        """From a sparse matrix (or dense array) of weights, rows the sources, columns the targets.

        `options` are those of `from_arrays`.
        """
        try:
            import scipy.sparse
        except ImportError:
            raise needs("scipy", "notebook") from None
        try:
            table = scipy.sparse.coo_array(
                array_in(matrix, "mV", "matrix") if has_unit(matrix) else matrix
            )
        except (TypeError, ValueError):
            raise WrongTypeError(f"{shown(matrix)} is not a matrix.") from None
        if len(table.shape) != 2 or table.shape[0] != table.shape[1]:
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
        for attribute in ("nodes", "edges", "is_directed"):
            if not hasattr(graph, attribute):
                raise WrongTypeError(f"{shown(graph)} is not a graph of NetworkX.")
        number = {node: i for i, node in enumerate(graph.nodes)}
        edges = list(graph.edges(data=True))
        pre = np.array([number[a] for a, _, _ in edges], np.int64)
        post = np.array([number[b] for _, b, _ in edges], np.int64)
        given = [1.0 if weight is None else d.get(weight, 1.0) for *_, d in edges]
        weights = values_in(given, "mV", len(edges), "weight")
        delays = None
        if delay is not None:
            try:
                delays = values_in([d[delay] for *_, d in edges], "ms", len(edges), "delay")
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
        if not hasattr(table, "columns"):
            raise WrongTypeError(f"{shown(table)} is not a table of pandas.")
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


def _range(pair: tuple[float, float]) -> str:
    low, high = pair
    return f"{low:.7g}" if low == high else f"{low:.7g} to {high:.7g}"


def _unpickled(
    data: bytes,
    report: ImportReport | None,
    owner: str,
    rules: dict[tuple[str, str], tuple[str, ...]],
) -> Network:
    return Network(from_bytes(data, _core.network_of_checkpoint), report, owner, rules)


def join(networks: Iterable[Network]) -> Network:
    """Networks as one, each with the spikes that it has alone, and with a run seed of its own.

    Populations are called by number and name: `joined["3/E"]` is E of `networks[3]`. There are no
    synapses between the networks; time step, semantics and quantum of charge must be the same. On
    the cpu each runs alone, on whichever thread is free. See `Spikes.member`.
    """
    members = items(networks, "networks")
    for network in members:
        if not isinstance(network, Network):
            raise WrongTypeError(f"{shown(network)} is not a Network.")
    return Network(_core.join([network._core for network in members]))
