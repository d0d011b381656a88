# SPDX-License-Identifier: Apache-2.0
"""Spikes as a result: columns, cut by population, neuron and time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import sonata
from ._arrays import Ids, ids_of
from ._text import html_table
from .errors import InvalidArgumentError, WrongTypeError, needs
from .population import Population, Selection, population_named
from .units import array_in, items, path_of, shown, time_step, value_in, whole

if TYPE_CHECKING:
    import pandas as pd

    from .recording import Trace


class Spikes:
    """Spikes in order of time, then neuron.

    `spikes["E"]` is those of one population, with ids that count within it; `spikes[E[:500]]` those of
    a part; `spikes.between(100, 200)` those of a stretch of time, ms. `len(spikes)` is their number.
    """

    def __init__(
        self,
        ids: Ids,
        begin: npt.NDArray[np.uint64],
        first_burst: int,
        dt: float,
        populations: Sequence[Population],
        within: Population | None = None,
        recorded: npt.NDArray[np.uint32] | None = None,
    ) -> None:
        self._ids = ids_of(ids, 2**32, "ids")
        self._begin = _beginnings(begin, self._ids.size)
        self._first = whole(first_burst, "first_burst", most=2**63)
        self._dt = time_step(dt)
        self._populations = tuple(items(populations, "populations"))
        for p in (*self._populations, *(() if within is None else (within,))):
            if not isinstance(p, Population):
                raise WrongTypeError(f"{shown(p)} is not a population.")
        self._within = within
        self._recorded = None if recorded is None else ids_of(recorded, 2**32, "recorded")
        #: states that were recorded of the same neurons
        self._traces: dict[str, Trace] = {}

    def __eq__(self, other: object) -> bool:
        """The same spikes of the same neurons at the same times."""
        if not isinstance(other, Spikes):
            return NotImplemented
        return (
            (self._first, self._dt) == (other._first, other._dt)
            and (self._populations, self._within) == (other._populations, other._within)
            and np.array_equal(self._begin, other._begin)
            and np.array_equal(self._ids, other._ids)
            and np.array_equal(self.neurons, other.neurons)
        )

    def __hash__(self) -> int:
        return hash(repr(self))

    def __getattr__(self, name: str) -> Trace:
        traces: dict[str, Trace] = self.__dict__.get("_traces", {})
        if name in traces:
            return traces[name]
        raise AttributeError(
            f"spikes have no {name!r}, and no such state was recorded of these neurons "
            f"(recorded: {', '.join(traces) or 'none'})."
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._traces]

    def _ipython_key_completions_(self) -> list[str]:
        return [p.name for p in self._populations]

    @property
    def ids(self) -> Ids:
        """Ids within the population, or in the network if the spikes are of several; uint32."""
        return self._ids

    @cached_property
    def bursts(self) -> npt.NDArray[np.uint64]:
        """The time step of each spike; the first step of an engine is 1."""
        counts = self.counts
        numbers = np.arange(self._first, self._first + counts.size, dtype=np.uint64)
        return np.repeat(numbers, counts)

    @cached_property
    def times(self) -> npt.NDArray[np.float64]:
        """ms; the end of the time step in which the neuron fired."""
        return self.bursts.astype(np.float64) * self._dt

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Spikes of each time step from `start` to `stop`."""
        begin = self._begin.astype(np.int64)
        return begin[1:] - begin[:-1]

    @property
    def start(self) -> float:
        """Beginning of what was recorded, ms."""
        return (self._first - 1) * self._dt

    @property
    def stop(self) -> float:
        """End of what was recorded, ms."""
        return (self._first - 1 + self._begin.size - 1) * self._dt

    @property
    def dt(self) -> float:
        """Length of a time step, ms."""
        return self._dt

    @property
    def population(self) -> Population | None:
        """The population whose spikes these are; None if of several."""
        return self._within

    @property
    def neurons(self) -> npt.NDArray[np.uint32]:
        """Ids of the neurons that were recorded, whether they fired or not."""
        if self._recorded is not None:
            return self._recorded
        total = sum(p.size for p in self._populations)
        return np.arange(total, dtype=np.uint32)

    def __len__(self) -> int:
        return int(self._ids.size)

    def __iter__(self) -> Any:
        raise WrongTypeError("spikes are columns: use .times and .ids, or .to_pandas()")

    def __getitem__(self, part: str | Population | Selection) -> Spikes:
        if isinstance(part, str):
            part = self._named(part)
        population = part.population if isinstance(part, Selection) else part
        if not isinstance(population, Population):
            raise WrongTypeError(
                f"{shown(part)} is neither the name of a population nor a part of one (such as E[:500])."
            )
        found = self._of(population)
        if isinstance(part, Selection):
            found = found._keep(np.isin(found._ids, part.local))
            found._recorded = np.intersect1d(found.neurons, part.local)
        return found

    def member(self, number: int) -> Spikes:
        """Spikes of one member of a joined network, with ids and populations as it has them alone."""
        prefix = f"{whole(number, 'number')}/"
        own = [p for p in self._populations if p.name.startswith(prefix)]
        if not own or self._within is not None:
            raise InvalidArgumentError(
                f"there is no member {number!r} in {self!r}. Run a network that `join` or `copies` made."
            )
        first, size = own[0].first, sum(p.size for p in own)
        found = self._keep((self._ids >= first) & (self._ids - np.uint32(first) < size))
        found._ids = found._ids - np.uint32(first)
        recorded = self.neurons
        recorded = recorded[(recorded >= first) & (recorded - np.uint32(first) < size)]
        found._recorded = recorded - np.uint32(first)
        found._populations = tuple(
            replace(p, name=p.name.removeprefix(prefix), first=p.first - first) for p in own
        )
        return found

    def between(self, start: Any, stop: Any) -> Spikes:
        """Spikes with start < time <= stop, ms."""
        a = value_in(start, "ms", "start")
        b = value_in(stop, "ms", "stop")
        n = self._begin.size - 1
        low = int(np.clip(np.floor(a / self._dt + 1e-9) + 1 - self._first, 0, n))
        high = int(np.clip(np.floor(b / self._dt + 1e-9) + 1 - self._first, low, n))
        begin = self._begin[low : high + 1]
        ids = self._ids[int(begin[0]) : int(begin[-1])]
        return Spikes(
            ids,
            begin - begin[0],
            self._first + low,
            self._dt,
            self._populations,
            self._within,
            self._recorded,
        )

    def rates(self) -> dict[str, float]:
        """Mean rate of each recorded population, Hz."""
        seconds = (self.stop - self.start) / 1000.0
        found = {}
        for p in self._populations if self._within is None else (self._within,):
            part = self if self._within is not None else self._of(p)
            if part.neurons.size and seconds > 0:
                found[p.name] = len(part) / part.neurons.size / seconds
        return found

    def isi_cv(self, least: int = 3) -> npt.NDArray[np.float64]:
        """Coefficient of variation of the interspike intervals of each recorded neuron, in the order of
        `neurons`; NaN for those with fewer than `least` spikes. Standard deviation over mean."""
        least = whole(least, "least")
        order = np.argsort(self._ids, kind="stable")
        ids = self._ids[order]
        steps = self.bursts[order].astype(np.float64)
        gap = np.diff(steps)
        same = ids[1:] == ids[:-1]
        position = np.searchsorted(self.neurons, ids[1:][same])
        gap = gap[same]
        size = self.neurons.size
        n = np.bincount(position, minlength=size)
        total = np.bincount(position, weights=gap, minlength=size)
        square = np.bincount(position, weights=gap * gap, minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total / n
            cv = np.sqrt(np.maximum(square / n - mean * mean, 0.0)) / mean
        cv[n < max(least - 1, 1)] = np.nan
        return cv

    def to_pandas(self) -> pd.DataFrame:
        """A table with the columns time (ms), population, neuron (within it)."""
        try:
            import pandas as pd
        except ImportError:
            raise needs("pandas", "notebook") from None
        names = [p.name for p in self._populations]
        if self._within is not None:
            which = np.full(len(self), names.index(self._within.name), np.int32)
            local = self._ids
        else:
            firsts = np.array([p.first for p in self._populations], np.uint32)
            which = (np.searchsorted(firsts, self._ids, side="right") - 1).astype(np.int32)
            local = self._ids - firsts[which]
        return pd.DataFrame(
            {
                "time": self.times,
                "population": pd.Categorical.from_codes(which, pd.Index(names)),
                "neuron": local,
            }
        )

    def to_neo(self) -> Any:
        """A neo SpikeTrainList with one train for each recorded neuron."""
        try:
            from neo.core.spiketrainlist import SpikeTrainList
        except ImportError:
            raise needs("neo", "neo") from None
        import quantities

        return SpikeTrainList.from_spike_time_array(
            self.times,
            self._ids,
            self.neurons,
            units="ms",
            t_start=self.start * quantities.ms,
            t_stop=self.stop * quantities.ms,
        )

    def to_sonata(self, path: str | os.PathLike[str]) -> None:
        """Writes a SONATA spike file: /spikes/<population>/{timestamps, node_ids}, sorted by time."""
        columns = [
            sonata.Columns(p.population.name, p.population.first, p.dt, p.times, p.ids)
            for p in self.parts()
            if p.population is not None
        ]
        sonata.write_spikes(columns, path_of(path))

    def parts(self) -> list[Spikes]:
        """The spikes of each population that was recorded."""
        if self._within is not None:
            return [self]
        return [s for s in (self._of(p) for p in self._populations) if s.neurons.size]

    def __repr__(self) -> str:
        whose = f" of {self._within.name!r}" if self._within is not None else ""
        return (
            f"<Spikes{whose}: {len(self):,} of {self.neurons.size:,} neurons, "
            f"{self.start:g} to {self.stop:g} ms>"
        )

    def _repr_html_(self) -> str:
        rows: list[list[object]] = [
            [
                s.population.name if s.population else "",
                f"{s.neurons.size:,}",
                f"{len(s):,}",
                f"{next(iter(s.rates().values()), 0.0):.2f}",
            ]
            for s in self.parts()
        ]
        below = f"{self.start:g} to {self.stop:g} ms"
        return html_table(["population", "neurons", "spikes", "rate / Hz"], rows, below)

    def _named(self, name: str) -> Population:
        return population_named(name, {p.name: p for p in self._populations}, "these spikes")

    def _of(self, p: Population) -> Spikes:
        if self._within is not None:
            if self._within != p:
                raise InvalidArgumentError(f"these spikes are of {self._within!r}, not of {p!r}.")
            return self._keep(slice(None))
        inside = (self._ids >= p.first) & (self._ids - np.uint32(p.first) < p.size)
        found = self._keep(inside)
        found._ids = found._ids - np.uint32(p.first)
        found._within = p
        all_recorded = self.neurons
        mine = all_recorded[(all_recorded >= p.first) & (all_recorded < p.first + p.size)]
        found._recorded = mine - np.uint32(p.first)
        return found

    def _keep(self, kept: Any) -> Spikes:
        if isinstance(kept, slice):
            ids, begin = self._ids, self._begin
        else:
            ids = self._ids[kept]
            before = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
            begin = before[self._begin.astype(np.int64)].astype(np.uint64)
        return Spikes(
            ids, begin, self._first, self._dt, self._populations, self._within, self._recorded
        )


def _beginnings(begin: Any, spikes: int) -> npt.NDArray[np.uint64]:
    """Where the spikes of each time step begin, and one more number: how many there are."""
    array = array_in(begin, "dimensionless", "begin")
    if array.ndim != 1 or array.size == 0 or array.dtype.kind not in "iu":
        raise WrongTypeError("begin is not a list of whole numbers, one more than time steps.")
    if int(array[0]) != 0 or int(array[-1]) != spikes or (array[1:] < array[:-1]).any():
        raise InvalidArgumentError(
            f"begin does not rise from 0 to the number of spikes ({spikes})."
        )
    return np.ascontiguousarray(array, np.uint64)
