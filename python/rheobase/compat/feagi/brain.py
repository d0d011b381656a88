# SPDX-License-Identifier: Apache-2.0
"""The engine under RustNPU: made when a burst needs it, edited where that is enough."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ... import _core
from ...errors import OutOfRangeError
from .columns import Columns, Synapses

_STATE = ("u", "refractory_countdown", "fire_count", "snooze_countdown", "forget")
_Ids = npt.NDArray[np.uint32]


class Brain:
    """Neurons and synapses, and the engine that runs them.

    Changes are noted and reach the engine before the next burst. Adding neurons makes a new engine
    around the same state; everything else is an edit.
    """

    def __init__(self, neurons: Columns, synapses: Synapses, backend: str, semantics: str) -> None:
        self._neurons = neurons
        self._synapses = synapses
        self._backend = backend
        self._semantics = semantics
        self._delay = 2 if semantics == "feagi-2025-10" else 1
        self._core: _core.Engine | None = None
        self._built_neurons = 0  # that the engine knows
        self._built_synapses = 0
        self._dirty: set[int] = set()  # neurons with new parameters
        self._deleted: list[int] = []
        self._operations: list[tuple[str, int, int, float]] = []
        self._rest: npt.NDArray[np.float32] = np.empty(0, np.float32)  # that the engine knows
        self.bursts = 0
        self.builds = 0  # engines made so far

    # notes

    def changed_neurons(self, ids: npt.NDArray[Any] | list[int]) -> None:
        """Their parameters are new."""
        self._dirty.update(int(i) for i in ids if i < self._built_neurons)

    def deleted_neuron(self, neuron: int) -> None:
        """It falls silent."""
        if neuron < self._built_neurons:
            self._deleted.append(neuron)

    def removed_synapse(self, row: int) -> None:
        """The row is not alive any more."""
        if row < self._built_synapses:
            s = self._synapses
            self._note_new_synapses()
            self._operations.append(("remove", int(s["source"][row]), int(s["target"][row]), 0.0))

    def changed_weight(self, row: int) -> None:
        """The row has a new weight."""
        if row < self._built_synapses:
            s = self._synapses
            self._note_new_synapses()
            weight = float(_signed(s, np.array([row]))[0])
            self._operations.append(
                ("weight", int(s["source"][row]), int(s["target"][row]), weight)
            )

    # the engine

    def engine(self) -> _core.Engine:
        """The engine with all changes made."""
        if self._core is None or self._built_neurons != len(self._neurons):
            return self._rebuild()
        self._note_new_synapses()
        if self._dirty or self._deleted or self._operations:
            try:
                self._apply()
            except OutOfRangeError:  # such a weight needs a finer quantum
                return self._rebuild()
        return self._core

    @property
    def asked_backend(self) -> str:
        """As it was asked for."""
        return self._backend

    @property
    def backend_name(self) -> str:
        """The backend that runs, or that was asked for as long as there is none."""
        return self._core.backend if self._core is not None else self._backend

    def state(self) -> dict[str, Any]:
        """State with all changes made; the last entry of each column is not a neuron of FEAGI's."""
        return self.engine().state()

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from there."""
        _hand_over(self.engine(), state)

    def potentials(self) -> npt.NDArray[np.float32]:
        """Membrane potentials, absolute."""
        u: npt.NDArray[np.float32] = self.state()["u"][:-1]
        absolute: npt.NDArray[np.float32] = u + self._neurons["rest"]
        return absolute

    def set_potentials(self, ids: _Ids, values: npt.NDArray[np.float32]) -> None:
        """Membrane potentials, absolute."""
        state = self.state()
        state["u"] = np.array(state["u"])
        state["u"][ids] = values - self._neurons["rest"][ids]
        self.set_state(state)

    def _note_new_synapses(self) -> None:
        """Appended rows become operations, so that they keep their place among the others."""
        if self._built_synapses < len(self._synapses):
            self._operations.append(("add", self._built_synapses, len(self._synapses), 0.0))
            self._built_synapses = len(self._synapses)

    def _apply(self) -> None:
        assert self._core is not None
        n, s = self._neurons, self._synapses
        edit = _core.NetworkEdit()
        for kind, a, b, weight in self._operations:
            if kind == "add":
                rows = a + np.flatnonzero(s["alive"][a:b])
                edit.add_synapses(*self._columns_of(rows))
            elif kind == "remove":
                edit.remove_synapse(a, b)
            else:
                edit.set_weight(a, b, weight)
        dirty = np.array(sorted(self._dirty), np.uint32)
        for i in dirty.tolist():
            edit.set_params(i, 1, self._params(i))
        for i in self._deleted:
            edit.delete_neurons(i, 1)
        self._core.edit(edit)
        self._operations, self._dirty, self._deleted = [], set(), []
        moved = dirty[n["rest"][dirty] != self._rest[dirty]] if dirty.size else dirty
        if moved.size:  # the engine keeps potentials relative to rest, FEAGI absolute ones
            state = self._core.state()
            state["u"] = np.array(state["u"])
            state["u"][moved] += self._rest[moved] - n["rest"][moved]
            self._rest = n["rest"].copy()
            _hand_over(self._core, state)
        assert self._built_synapses == len(s)

    def _rebuild(self) -> _core.Engine:
        n, s = self._neurons, self._synapses
        before = self._core.state() if self._core is not None else None
        count = len(n)
        builder = _core.Builder(1.0, 1, self._semantics, None, 0)
        none = [0.0, 0.0, 0.0]
        builder.add_area(
            "neurons", [count, 1, 1], 1, self._params(0), none, True, False, "custom", []
        )
        # one neuron of an area whose PSP is driven by the potential: with it the engine keeps
        # potentials at firing, which FEAGI's fire queue shows
        silent = _core.NeuronParams()
        silent.excitability = 0.0
        builder.add_area("potentials", [1, 1, 1], 1, silent, none, True, True, "custom", [])
        rows = np.flatnonzero(s["alive"] & (s["source"] < count) & (s["target"] < count))
        alive = n["alive"]
        rows = rows[alive[s["source"][rows]] & alive[s["target"][rows]]]
        builder.connect_pairs(*self._columns_of(rows))
        network = builder.build()
        edit = _core.NetworkEdit()
        for first, size in _runs(n):
            edit.set_params(first, size, self._params(first))
        for i in np.flatnonzero(~alive).tolist():
            edit.delete_neurons(i, 1)
        network = network.edited(edit)
        core = _core.Engine(network, self._backend, 0, 1, False, [], [])
        core.record([(0, count)], [], True)
        self._core = core
        self._rest, rest = n["rest"].copy(), self._rest
        self._operations, self._dirty, self._deleted = [], set(), []
        self._built_neurons, self._built_synapses = count, len(s)
        self.builds += 1
        state = core.state()
        state["burst"] = self.bursts
        kept = rest.size
        for name in _STATE:
            column = np.array(state[name])
            if before is not None:
                column[:kept] = before[name][:kept]
                if name == "u":
                    column[:kept] += rest - n["rest"][:kept]
            if name == "u":
                column[kept:count] = -n["rest"][kept:]  # FEAGI's neurons begin at potential 0
            state[name] = column
        if before is not None:
            queues = list(before["fired"])[: len(state["fired"])]
            state["fired"] = queues + list(state["fired"])[len(queues) :]
        _hand_over(core, state)
        return core

    def _columns_of(
        self, rows: npt.NDArray[np.int64]
    ) -> tuple[_Ids, _Ids, npt.NDArray[np.float32], npt.NDArray[np.float32], _Ids]:
        s = self._synapses
        return (
            np.ascontiguousarray(s["source"][rows]),
            np.ascontiguousarray(s["target"][rows]),
            _signed(s, rows),
            s["conductance"][rows].astype(np.float32),
            np.full(rows.size, self._delay, np.uint32),
        )

    def _params(self, i: int) -> _core.NeuronParams:
        n = self._neurons
        p = _core.NeuronParams()
        p.threshold = float(n["threshold"][i])
        p.leak = float(n["leak"][i])
        p.v_rest = float(n["rest"][i])
        p.refractory_period = int(n["refractory"][i])
        p.excitability = float(n["excitability"][i])
        limit = int(n["fire_limit"][i])
        p.fire_limit = 0 if limit == 65535 and self._semantics != "feagi-2025-10" else limit
        p.snooze_period = int(n["snooze"][i])
        p.accumulates = bool(n["accumulates"][i])
        return p


def _hand_over(core: _core.Engine, state: dict[str, Any]) -> None:
    u, refractory, fire_count, snooze, forget = (np.ascontiguousarray(state[n]) for n in _STATE)
    core.set_state(
        state["burst"], u, refractory, fire_count, snooze, forget, state["fired"], [], []
    )


def _signed(s: Synapses, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    signed: npt.NDArray[np.float32] = np.where(s["type"][rows] == 0, 1.0, -1.0).astype(np.float32)
    weights: npt.NDArray[np.float32] = signed * s["weight"][rows]
    return weights


def _runs(n: Columns) -> list[tuple[int, int]]:
    """Stretches of neurons with the same parameters."""
    names = ("threshold", "leak", "rest", "refractory", "excitability", "fire_limit", "snooze")
    new = np.zeros(len(n), np.bool_)
    new[:1] = True
    for name in (*names, "accumulates"):
        new[1:] |= n[name][1:] != n[name][:-1]
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(n)))
    return [(int(a), int(b)) for a, b in zip(starts, sizes, strict=True)]
