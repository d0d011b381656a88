# SPDX-License-Identifier: Apache-2.0
"""From the core's columns to a Recording."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arrays import ranges_of
from ._engine_options import FIELDS, Plan
from .network import Network
from .recording import Counters, Recording, Trace, Traces
from .spikes import Spikes


def recording_of(
    result: dict[str, Any], network: Network, plan: Plan, seed: int, backend: str
) -> Recording:
    """What the core recorded by that plan."""
    n, first = result["bursts"], result["first_burst"]
    populations = tuple(network.populations.values())
    recorded = plan.recorded(network.neuron_count)
    traces: dict[str, dict[str, Trace]] = {name: {} for name in FIELDS}
    states: dict[str, dict[str, Trace]] = {}
    columns = iter(result["probes"])
    for p in plan.probes:
        parts = [next(columns) for _ in ranges_of(p.local)]
        if parts:
            values = parts[0][1] if len(parts) == 1 else np.hstack([c[1] for c in parts])
            sampled = parts[0][0]
        else:  # of no neuron
            sampled = np.arange(-(-first // p.every), (first + n - 1) // p.every + 1) * p.every
            values = np.empty((sampled.size, 0), np.float32)
        times = sampled.astype(np.float64) * network.dt
        trace = Trace(p.population, p.field, p.local, times, values)
        if p.field in FIELDS:
            traces[p.field][p.population.name] = trace
        if p.of_model:
            states.setdefault(p.field, {})[p.population.name] = trace
    return Recording(
        Spikes(result["ids"], result["begin"], first, network.dt, populations, None, recorded),
        Traces("v", traces["v"]),
        Traces("refractory_countdown", traces["refractory_countdown"]),
        Traces("fire_count", traces["fire_count"]),
        Traces("snooze_countdown", traces["snooze_countdown"]),
        counters=Counters(
            np.arange(first, first + n, dtype=np.uint64), result["spikes"], result["events"]
        ),
        branches=dict(result["branches"]) if plan.branches else {},
        signature=f"{result['signature']:016x}",
        seed=seed,
        backend=backend,
        seconds=result["seconds"],
        dt=network.dt,
        states={name: Traces(name, found) for name, found in states.items()},
    )
