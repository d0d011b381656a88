# SPDX-License-Identifier: Apache-2.0
"""Calls that add, remove, change and list synapses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .values import column, number, u8, u32

if TYPE_CHECKING:
    import threading

    from .brain import Brain
    from .columns import Synapses

Pairs = list[tuple[int, float, int, int]]


class Connections:
    """Of RustNPU; `_synapses`, `_brain` and `_lock` are made there."""

    _synapses: Synapses
    _synapse_capacity: int
    _brain: Brain
    _lock: threading.RLock

    def add_synapse(
        self, source: int, target: int, weight: float, conductance: int, synapse_type: int
    ) -> int:
        """Append a synapse (type 0 excitatory, else inhibitory); return its position."""
        with self._lock:
            if len(self._synapses) >= self._synapse_capacity:
                raise RuntimeError("Memory allocation error: Synapse array capacity exceeded")
            return self._synapses.append(
                source=u32(source, "source"),
                target=u32(target, "target"),
                weight=number(weight, "weight"),
                conductance=u8(conductance, "conductance"),
                type=u8(synapse_type, "synapse_type"),
                alive=True,
            )

    def add_synapses_batch(
        self,
        sources: npt.ArrayLike,
        targets: npt.ArrayLike,
        weights: npt.ArrayLike,
        conductances: npt.ArrayLike,
        synapse_types: npt.ArrayLike,
    ) -> tuple[int, list[int]]:
        """Append synapses; return (how many, positions that found no room)."""
        s = [np.asarray(c) for c in (sources, targets, weights, conductances, synapse_types)]
        if len({c.shape for c in s}) != 1 or s[0].ndim != 1:
            raise ValueError(
                "sources, targets, weights, conductances and synapse_types differ in length."
            )
        with self._lock:
            given = int(s[0].size)
            taken = min(given, self._synapse_capacity - len(self._synapses))
            columns = [
                column(c[:taken], most, name)
                for c, most, name in zip(
                    (s[0], s[1], s[3], s[4]),
                    (2**32 - 1, 2**32 - 1, 255, 255),
                    ("sources", "targets", "conductances", "synapse_types"),
                    strict=True,
                )
            ]
            weights_taken = s[2][:taken].astype(np.float32)
            if not np.isfinite(weights_taken).all():
                raise ValueError("weights are not all finite.")
            self._synapses.extend(
                taken,
                source=columns[0],
                target=columns[1],
                weight=weights_taken,
                conductance=columns[2],
                type=columns[3],
                alive=True,
            )
            return taken, list(range(taken, given))

    def remove_synapse(self, source: int, target: int) -> bool:
        """Remove the first living synapse source -> target; False if there is none."""
        with self._lock:
            row = self._synapses.first(source, target)
            if row is None:
                return False
            self._remove([row])
            return True

    def remove_synapses_from_sources(self, sources: Sequence[int]) -> int:
        """Remove all synapses that leave these neurons; return how many."""
        with self._lock:
            rows = [self._synapses.of_source(int(s)) for s in dict.fromkeys(sources)]
            return self._remove(np.concatenate(rows).tolist() if rows else [])

    def remove_synapses_between(self, sources: Sequence[int], targets: Sequence[int]) -> int:
        """Remove all synapses from one set of neurons to another; return how many."""
        with self._lock:
            wanted = np.array(list(targets), np.int64)
            removed = 0
            for source in dict.fromkeys(sources):
                rows = self._synapses.of_source(int(source))
                removed += self._remove(
                    rows[np.isin(self._synapses["target"][rows], wanted)].tolist()
                )
            return removed

    def update_synapse_weight(self, source: int, target: int, new_weight: float) -> bool:
        """Of the first living synapse source -> target; False if there is none."""
        with self._lock:
            row = self._synapses.first(source, target)
            if row is None:
                return False
            self._synapses["weight"][row] = number(new_weight, "new_weight")
            self._brain.changed_weight(row)
            return True

    def get_outgoing_synapses(self, source_neuron_id: int) -> Pairs:
        """(target, weight, conductance, type) of the synapses that leave a neuron."""
        return self._pairs(self._synapses.of_source(source_neuron_id), "target")

    def get_incoming_synapses(self, neuron_id: int) -> Pairs:
        """(source, weight, conductance, type) of the synapses that reach a neuron."""
        s = self._synapses
        return self._pairs(np.flatnonzero((s["target"] == neuron_id) & s["alive"]), "source")

    def get_synapse_count(self) -> int:
        """Living synapses."""
        return int(np.count_nonzero(self._synapses["alive"]))

    def rebuild_indexes(self) -> None:
        """Nothing: indexes are rebuilt when they are needed."""

    # helpers

    def _remove(self, rows: list[int]) -> int:
        for row in rows:
            self._synapses["alive"][row] = False
            self._brain.removed_synapse(row)
        return len(rows)

    def _pairs(self, rows: npt.NDArray[np.int64], end: str) -> Pairs:
        s = self._synapses
        return list(
            zip(
                s[end][rows].tolist(),
                s["weight"][rows].tolist(),
                s["conductance"][rows].tolist(),
                s["type"][rows].tolist(),
                strict=True,
            )
        )
