# SPDX-License-Identifier: Apache-2.0
"""Calls that tell what happened, and who wants to know."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .values import size, u32

if TYPE_CHECKING:
    import threading

    from .brain import Brain
    from .columns import Columns


class History:
    """Of RustNPU; neurons, brain, ledger and what waits for the next burst are made there."""

    _neurons: Columns
    _brain: Brain
    _lock: threading.RLock
    _pending: list[tuple[npt.NDArray[np.uint32], float]]
    _last: npt.NDArray[np.uint32]
    _ledger: deque[tuple[int, npt.NDArray[np.uint32]]]
    _window: int
    _windows: dict[int, int]
    _subscribers: dict[str, bool]

    def get_current_fcl(self) -> dict[int, dict[str, list[Any]]]:
        """Input that waits for the next burst: {area: {"neuron_ids": [], "potentials": []}}."""
        areas: dict[int, dict[str, list[Any]]] = {}
        for ids, potential in self._pending:
            for i in ids.tolist():
                entry = areas.setdefault(
                    int(self._neurons["area"][i]), {"neuron_ids": [], "potentials": []}
                )
                entry["neuron_ids"].append(i)
                entry["potentials"].append(potential)
        return areas

    def get_current_fire_queue(
        self,
    ) -> dict[int, tuple[list[int], list[int], list[int], list[int], list[float]]]:
        """What fired in the last burst: {area: (ids, x, y, z, potentials at firing)}."""
        with self._lock:
            ids = self._last
            if ids.size == 0:
                return {}
            n = self._neurons
            potentials = self._brain.state()["fired"][0][1]
            found = {}
            areas = n["area"][ids]
            for area in np.unique(areas).tolist():
                chosen = ids[areas == area]
                values = potentials[areas == area] if potentials.size == ids.size else potentials
                found[area] = (
                    chosen.tolist(),
                    n["x"][chosen].tolist(),
                    n["y"][chosen].tolist(),
                    n["z"][chosen].tolist(),
                    values.tolist(),
                )
            return found

    def get_fire_ledger_history(
        self, cortical_idx: int, lookback_steps: int
    ) -> list[tuple[int, list[int]]]:
        """(burst, ids of the area that fired), newest first, of the last bursts in the window."""
        with self._lock:
            steps = min(int(lookback_steps), self.get_fire_ledger_window_size(cortical_idx))
            areas = self._neurons["area"]
            newest = list(self._ledger)[::-1][: max(steps, 0)]
            return [(b, ids[areas[ids] == cortical_idx].tolist()) for b, ids in newest]

    def get_fire_ledger_window_size(self, cortical_idx: int) -> int:
        """Bursts that are remembered of an area."""
        return self._windows.get(cortical_idx, self._window)

    def configure_fire_ledger_window(self, cortical_idx: int, window_size: int) -> None:
        """Remember so many bursts of an area."""
        with self._lock:
            self._windows[u32(cortical_idx, "cortical_idx")] = size(window_size, "window_size")
            longest = max(self._window, *self._windows.values())
            if longest > (self._ledger.maxlen or 0):
                self._ledger = deque(self._ledger, maxlen=longest)

    def get_all_fire_ledger_configs(self) -> list[tuple[int, int]]:
        """(area, window) of every area with neurons or a window of its own."""
        areas = set(np.unique(self._neurons["area"]).tolist()) | set(self._windows)
        return [(a, self.get_fire_ledger_window_size(a)) for a in sorted(areas)]

    # subscribers

    def set_visualization_subscribers(self, has: bool) -> None:
        """Whether anyone watches."""
        self._subscribers["visualization"] = bool(has)

    def has_visualization_subscribers(self) -> bool:
        """As set."""
        return self._subscribers["visualization"]

    def set_motor_subscribers(self, has: bool) -> None:
        """Whether anyone moves."""
        self._subscribers["motor"] = bool(has)

    def has_motor_subscribers(self) -> bool:
        """As set."""
        return self._subscribers["motor"]
