# SPDX-License-Identifier: Apache-2.0
"""What an engine is told: how to run, what drives it, what to record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._arrays import Ids, merged, ranges_of
from ._drives import drive_runs
from .errors import InvalidArgumentError, WrongTypeError
from .model import port_in, unit_at
from .network import Network
from .neurons import drive_rule
from .population import Population, Selectors
from .units import bursts_in, items, path_of, shown, text, value_in

FIELDS = ("v", "refractory_countdown", "fire_count", "snooze_countdown")


@dataclass(frozen=True)
class Probe:
    field: str  # one of FIELDS, or a state of a model
    population: Population
    local: Ids
    every: int
    of_model: bool = False


@dataclass(frozen=True)
class Plan:
    spikes: tuple[tuple[int, int], ...]  # ranges of ids
    probes: tuple[Probe, ...]
    branches: bool
    asked: bool = True  # by a call of record, not by default

    def core_probes(self) -> list[tuple[str, int, int, int, str]]:
        """As the compiled module takes them."""
        return [
            (
                "potential" if p.of_model or p.field == "v" else p.field,
                p.population.first + first,
                count,
                p.every,
                p.field if p.of_model else "",
            )
            for p in self.probes
            for first, count in ranges_of(p.local)
        ]

    def recorded(self, neurons: int) -> Ids | None:
        """Ids whose spikes are kept; None for all."""
        if self.spikes == ((0, neurons),):
            return None
        ranges = [np.arange(a, a + n, dtype=np.uint32) for a, n in self.spikes]
        return np.concatenate(ranges) if ranges else np.empty(0, np.uint32)


def saving_of(
    checkpoint: str | os.PathLike[str] | None, checkpoint_every: Any
) -> tuple[str, float]:
    """Where checkpoints go ("": nowhere), and how many seconds lie between two (0: the last alone)."""
    seconds = (
        0.0 if checkpoint_every is None else value_in(checkpoint_every, "s", "checkpoint_every")
    )
    if checkpoint_every is not None and (checkpoint is None or not seconds > 0):
        raise InvalidArgumentError(
            f"checkpoint_every = {shown(checkpoint_every)} needs a file, and seconds above 0 "
            "(checkpoint=path, checkpoint_every=10)."
        )
    return "" if checkpoint is None else path_of(checkpoint, "checkpoint"), seconds


def survives_loss(on_device_loss: str) -> bool:
    if not isinstance(on_device_loss, str) or on_device_loss not in ("fail", "cpu"):
        raise InvalidArgumentError(
            f"on_device_loss = {shown(on_device_loss)} is not known (possible: 'fail', 'cpu')."
        )
    return on_device_loss == "cpu"


#: kind, first neuron, how many, amplitude, Hz, port
DriveRange = tuple[str, int, int, float, float, int]


def for_copies(ranges: list[DriveRange], neurons: int, copies: int) -> list[DriveRange]:
    """The same drives into each of so many copies of a network."""
    return [
        (kind, first + copy * neurons, count, amplitude, rate, port)
        for copy in range(copies)
        for kind, first, count, amplitude, rate, port in ranges
    ]


def drive_ranges(network: Network, drives: Iterable[tuple[Any, ...]]) -> list[DriveRange]:
    found = []
    for given in items(drives, "drives"):
        parts = items(given, "drives")
        if len(parts) not in (3, 4):
            raise WrongTypeError(
                f"drives: {shown(given)} is not (populations, rule, weight) or (populations, rule, weight, "
                "port)."
            )
        selectors, rule, weight, *rest = parts
        kind = drive_rule(rule)
        for part in network.parts(selectors, "drives"):
            population = network.part(part).population
            model = network._models.get(population.name)
            port = port_in(model, population, rest[0] if rest else None)
            for first, count, amplitude, rate in drive_runs(
                part, kind, weight, unit_at(model, port)
            ):
                found.append((kind.kind, first, count, amplitude, rate, port))
    return found


def _state_probes(
    network: Network, which: Selectors | None, names: Iterable[Any], steps: int
) -> list[Probe]:
    """Of states of models, by name, of each population that was given."""
    found = []
    for given in () if which is None else network.parts(which, "which"):
        part = network.part(given)
        population = part.population
        model = network._models.get(population.name)
        for name in names:
            state = text(name, "states")
            if model is None and state in FIELDS:
                found.append(Probe(state, population, part.local, steps))
                continue
            if model is None or state not in model.states:
                kind = "the neuron without a model" if model is None else f"model {model.name}"
                has = FIELDS if model is None else tuple(model.states)
                raise InvalidArgumentError(
                    f"{kind} of {population!r} has no state {shown(name)} (it has {', '.join(has)})."
                )
            found.append(Probe(state, population, part.local, steps, True))
    return found


def plan_of(
    network: Network,
    spikes: Selectors,
    fields: Iterable[Selectors],
    every: Any,
    branches: bool,
    which: Selectors | None = None,
    states: Iterable[Any] = (),
) -> Plan:
    """What `Engine.record` was asked for; `fields`: neurons for each of FIELDS; `states` of `which`."""
    steps = 1
    if every is not None:
        steps = bursts_in(every, network.dt, "every", least=1, most=2**32 - 1)
    recorded = merged([r for s in network.parts(spikes, "spikes") for r in s.ranges()])
    probes: list[Probe] = []
    for name, selectors in zip(FIELDS, fields, strict=True):
        by_population: dict[str, tuple[Population, list[Ids]]] = {}
        for s in network.parts(selectors, name):
            part = network.part(s)
            p = part.population
            by_population.setdefault(p.name, (p, []))[1].append(part.local)
        for p, parts in by_population.values():
            local = np.unique(np.concatenate(parts)).astype(np.uint32)
            model = network._models.get(p.name)
            if model is not None and name not in model.states:
                raise InvalidArgumentError(
                    f"model {model.name} of {p!r} has no state {name!r} (it has "
                    f"{', '.join(model.states)})."
                )
            probes.append(Probe(name, p, local, steps, model is not None))
    probes += _state_probes(network, which, states, steps)
    return Plan(tuple(recorded), tuple(probes), branches)
