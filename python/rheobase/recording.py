# SPDX-License-Identifier: Apache-2.0
"""What a run gives back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ._by_value import ByValue
from ._recording_file import load_facts, save_facts
from ._text import html_text
from .errors import InvalidArgumentError, InvalidFileError, UnknownNameError
from .population import Population, Selection
from .spikes import Spikes
from .units import path_of, shown


@dataclass(frozen=True, eq=False)
class Trace(ByValue):
    """A state field over time: `values[i, j]` of neuron `neurons[j]` (within the population) at
    `times[i]` ms."""

    population: Population
    field: str
    neurons: npt.NDArray[np.uint32]
    times: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]

    def __repr__(self) -> str:
        samples, neurons = self.values.shape
        return f"<Trace of {self.field} of {neurons} of {self.population!r}, {samples} samples>"


class Traces(Mapping[str, Trace]):
    """Traces of one field by population; `traces.only` where there is just one."""

    def __init__(self, field_name: str, traces: dict[str, Trace]) -> None:
        self.field = field_name
        self._traces = dict(traces)

    def __getitem__(self, name: str | Population) -> Trace:
        key = name.name if isinstance(name, Population) else name
        if not isinstance(key, str) or key not in self._traces:
            recorded = ", ".join(map(repr, self._traces)) or "none"
            raise UnknownNameError(
                f"{self.field} of {shown(name)} was not recorded (recorded: {recorded})."
            )
        return self._traces[key]

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._traces)

    def __iter__(self) -> Iterator[str]:
        return iter(self._traces)

    def __len__(self) -> int:
        return len(self._traces)

    @property
    def only(self) -> Trace:
        """The trace of the one population that was recorded."""
        if len(self._traces) != 1:
            raise InvalidArgumentError(
                f"{self.field} was recorded of {len(self._traces)} populations, not of one."
            )
        return next(iter(self._traces.values()))

    def __repr__(self) -> str:
        return f"<Traces of {self.field}: {', '.join(map(repr, self._traces)) or 'none'}>"


@dataclass(frozen=True, eq=False)
class Counters(ByValue):
    """One entry for each time step of the run."""

    bursts: npt.NDArray[np.uint64]  #: number of the step
    spikes: npt.NDArray[np.uint64]  #: neurons that fired, recorded or not
    events: npt.NDArray[np.uint64]  #: synaptic events delivered


@dataclass(frozen=True, eq=False)
class Recording(ByValue):
    """Spikes, traces and counters of one run. `rec["E"]` is `rec.spikes["E"]`, with the states that were
    recorded of it as attributes: `rec["E"].v` is a Trace."""

    spikes: Spikes
    v: Traces  #: potentials, mV
    refractory_countdown: Traces
    fire_count: Traces
    snooze_countdown: Traces
    counters: Counters
    branches: dict[str, int]  #: of the step, if they were counted (`Engine.record(branches=True)`)
    signature: str  #: over all spikes since the engine was made; equal on every backend
    seed: int
    backend: str
    seconds: float = field(compare=False)  #: wall time of the bursts
    dt: float = field(default=1.0)  #: ms
    #: of models, by name: `rec.states["ge"]["E"]`; `rec["E"].ge` is the same
    states: dict[str, Traces] = field(default_factory=dict)

    def __getitem__(self, part: str | Population | Selection) -> Spikes:
        found = self.spikes[part]
        population = found.population
        if population is not None:
            fields = (self.v, self.refractory_countdown, self.fire_count, self.snooze_countdown)
            for traces in (*fields, *self.states.values()):
                if population.name in traces:
                    found._traces[traces.field] = traces[population]
        return found

    def _ipython_key_completions_(self) -> list[str]:
        return self.spikes._ipython_key_completions_()

    @property
    def start(self) -> float:
        """ms"""
        return self.spikes.start

    @property
    def stop(self) -> float:
        """ms"""
        return self.spikes.stop

    def rates(self) -> dict[str, float]:
        """Mean rate of each recorded population, Hz."""
        return self.spikes.rates()

    def save(self, directory: str | os.PathLike[str]) -> Path:
        """Writes spikes.npy, counters.npy, run.json and a probe_<i>.npy for each trace, as
        docs/formats/recording.md says; each file whole or not at all. `load` reads them. Returns the
        folder."""
        return save_facts(self, Path(path_of(directory, "directory")))

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> Recording:
        """What `save` wrote there, equal to what was saved. Raises FileError, InvalidFileError naming what
        is damaged."""
        folder = Path(path_of(directory, "directory"))
        found = load_facts(folder)

        def traces(name: str, of_models: bool = False) -> Traces:
            mine = [
                Trace(**{k: v for k, v in t.items() if k != "of_model"})
                for t in found["traces"]
                if t["field"] == name and (t["of_model"] or not of_models)
            ]
            return Traces(name, {t.population.name: t for t in mine})

        try:
            return cls(
                Spikes(*found["spikes"]),
                traces("v"),
                traces("refractory_countdown"),
                traces("fire_count"),
                traces("snooze_countdown"),
                Counters(*found["counters"]),
                **found["about"],
                states={
                    name: traces(name, of_models=True)
                    for name in dict.fromkeys(t["field"] for t in found["traces"] if t["of_model"])
                },
            )
        except InvalidArgumentError as e:
            raise InvalidFileError(f"{shown(str(folder))} is damaged: {e}") from None

    def __repr__(self) -> str:
        return (
            f"<Recording: {self.start:g} to {self.stop:g} ms, {len(self.spikes):,} spikes, "
            f"signature {self.signature}>"
        )

    def _repr_html_(self) -> str:
        return (
            f"{self.spikes._repr_html_()}<p>signature <code>{html_text(self.signature)}</code></p>"
        )
