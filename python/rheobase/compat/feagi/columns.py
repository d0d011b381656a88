# SPDX-License-Identifier: Apache-2.0
"""Columns that grow: neurons and synapses as FEAGI's users see them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class Columns:
    """Arrays of one length, by name; rows are only ever appended. `c["x"]` is a view of the rows."""

    def __init__(self, types: dict[str, Any]) -> None:
        self._types = types
        self._arrays: dict[str, npt.NDArray[Any]] = {n: np.empty(16, t) for n, t in types.items()}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._arrays[name][: self._size]

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self._types)

    def append(self, **values: Any) -> int:
        """One row; returns its number."""
        if self._size == next(iter(self._arrays.values())).size:
            self._reserve(self._size + 1)
        for name, array in self._arrays.items():
            array[self._size] = values[name]
        self._size += 1
        return self._size - 1

    def extend(self, count: int, **values: Any) -> None:
        """`count` rows; each value is one for all or an array."""
        self._reserve(self._size + count)
        for name, array in self._arrays.items():
            array[self._size : self._size + count] = values[name]
        self._size += count

    def _reserve(self, rows: int) -> None:
        have = next(iter(self._arrays.values())).size
        if rows > have:
            grown = max(rows, 2 * have)
            for name, array in self._arrays.items():
                larger = np.empty(grown, array.dtype)
                larger[: self._size] = array[: self._size]
                self._arrays[name] = larger


def neuron_columns() -> Columns:
    """Parameters of neurons, and where they are."""
    return Columns(
        {
            "threshold": np.float32,
            "leak": np.float32,
            "rest": np.float32,
            "type": np.int32,
            "refractory": np.uint16,
            "excitability": np.float32,
            "fire_limit": np.uint16,
            "snooze": np.uint16,
            "accumulates": np.bool_,
            "area": np.uint32,
            "x": np.uint32,
            "y": np.uint32,
            "z": np.uint32,
            "alive": np.bool_,
        }
    )


class Synapses(Columns):
    """Synapses in order of creation, found by source."""

    def __init__(self) -> None:
        super().__init__(
            {
                "source": np.uint32,
                "target": np.uint32,
                "weight": np.float32,
                "conductance": np.uint8,
                "type": np.uint8,
                "alive": np.bool_,
            }
        )
        self._order: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._sorted: npt.NDArray[np.uint32] = np.empty(0, np.uint32)

    def of_source(self, source: int) -> npt.NDArray[np.int64]:
        """Rows of the living synapses of a source, in order of creation."""
        known = self._order.size
        if len(self) - known > max(1024, known // 8):
            self._order = np.argsort(self["source"], kind="stable")
            self._sorted = self["source"][self._order]
            known = self._order.size
        low, high = np.searchsorted(self._sorted, [source, source + 1])
        later = known + np.flatnonzero(self["source"][known:] == source)
        rows = np.concatenate((self._order[low:high], later))
        alive: npt.NDArray[np.int64] = rows[self["alive"][rows]]
        return alive

    def first(self, source: int, target: int) -> int | None:
        """Row of the first living synapse source -> target."""
        rows = self.of_source(source)
        found = np.flatnonzero(self["target"][rows] == target)
        return int(rows[found[0]]) if found.size else None
