# SPDX-License-Identifier: Apache-2.0
"""What a run gives back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import FileError, InvalidArgumentError
from .population import Population
from .spikes import Spikes


@dataclass(frozen=True)
class Trace:
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
        self._traces = traces

    def __getitem__(self, name: str) -> Trace:
        if name not in self._traces:
            recorded = ", ".join(self._traces) or "none"
            raise InvalidArgumentError(
                f"{self.field} of {name!r} was not recorded (recorded: {recorded})."
            )
        return self._traces[name]

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
        return f"<Traces of {self.field}: {', '.join(self._traces) or 'none'}>"


@dataclass(frozen=True)
class Counters:
    """One entry for each time step of the run."""

    bursts: npt.NDArray[np.uint64]  #: number of the step
    spikes: npt.NDArray[np.uint64]  #: neurons that fired, recorded or not
    events: npt.NDArray[np.uint64]  #: synaptic events delivered


@dataclass(frozen=True)
class Recording:
    """Spikes, traces and counters of one run."""

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
    seconds: float  #: wall time of the bursts
    dt: float = field(default=1.0)  #: ms

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
        """Writes spikes.npy, run.json and a probe_<i>.npy for each trace, as docs/formats/recording.md
        says; each file whole or not at all. Returns the folder."""
        folder = Path(directory)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            spikes = np.stack((self.spikes.bursts, self.spikes.ids.astype(np.uint64)), axis=-1)
            _write_array(folder / "spikes.npy", spikes)
            probes: list[dict[str, Any]] = []
            for traces in (
                self.v,
                self.refractory_countdown,
                self.fire_count,
                self.snooze_countdown,
            ):
                for trace in traces.values():
                    name = f"probe_{len(probes)}.npy"
                    _write_array(folder / name, trace.values)
                    probes.append(
                        {
                            "file": name,
                            "area": trace.population.name,
                            "field": trace.field,
                            "neurons": trace.neurons.tolist(),
                            "times_ms": trace.times.tolist(),
                        }
                    )
            if probes:
                _write_text(folder / "probes.json", json.dumps(probes))
            _write_text(folder / "run.json", json.dumps(self._facts(), indent=1))
        except OSError as e:
            raise FileError(f"cannot write the recording to {folder} ({e.strerror}).") from None
        return folder

    def _facts(self) -> dict[str, Any]:
        return {
            "signature": self.signature,
            "seed": self.seed,
            "backend": self.backend,
            "dt_ms": self.dt,
            "first_burst": int(self.counters.bursts[0]) if self.counters.bursts.size else 0,
            "bursts": int(self.counters.bursts.size),
            "spikes": int(self.counters.spikes.sum()),
            "events": int(self.counters.events.sum()),
            "branches": self.branches,
            "rates_hz": self.rates(),
        }

    def __repr__(self) -> str:
        return (
            f"<Recording: {self.start:g} to {self.stop:g} ms, {len(self.spikes):,} spikes, "
            f"signature {self.signature}>"
        )

    def _repr_html_(self) -> str:
        return f"{self.spikes._repr_html_()}<p>signature <code>{self.signature}</code></p>"


def _write_array(path: Path, values: npt.NDArray[Any]) -> None:
    partial = path.with_name(path.name + ".partial")
    with open(partial, "wb") as f:
        np.save(f, values)
    os.replace(partial, path)


def _write_text(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    os.replace(partial, path)
