# SPDX-License-Identifier: Apache-2.0
"""Calls that read and change parameters of neurons: single, by list, by area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import threading

    from .brain import Brain
    from .columns import Columns

_MOST = {"refractory": 65535, "fire_limit": 65535, "snooze": 65535, "type": 2**31 - 1}


class Parameters:
    """Of RustNPU; `_neurons`, `_brain` and `_lock` are made there."""

    _neurons: Columns
    _brain: Brain
    _lock: threading.RLock

    # by area

    def update_neuron_excitability(self, neuron_id: int, excitability: float) -> bool:
        """0 to 1; False for an unknown or deleted neuron."""
        with self._lock:
            if not self._alive(neuron_id):
                return False
            return self._set("excitability", np.array([neuron_id]), excitability) == 1

    def update_cortical_area_excitability(self, cortical_area: int, excitability: float) -> int:
        """Of all living neurons of the area; return how many."""
        return self._set_area("excitability", cortical_area, excitability)

    def update_cortical_area_refractory_period(self, cortical_area: int, value: int) -> int:
        """Of all living neurons of the area; return how many. Their runs of fires begin anew; running
        countdowns go on, and end at once if the value is 0, as FEAGI does."""
        with self._lock:
            n = self._neurons
            ids = np.flatnonzero((n["area"] == cortical_area) & n["alive"])
            return self._set_refractory(ids, np.full(ids.size, value), restart=False)

    def update_cortical_area_threshold(self, cortical_area: int, value: float) -> int:
        """Of all living neurons of the area; return how many."""
        return self._set_area("threshold", cortical_area, value)

    def update_cortical_area_leak(self, cortical_area: int, value: float) -> int:
        """Of all living neurons of the area; return how many."""
        return self._set_area("leak", cortical_area, value)

    def update_cortical_area_consecutive_fire_limit(self, cortical_area: int, value: int) -> int:
        """Of all living neurons of the area; return how many."""
        return self._set_area("fire_limit", cortical_area, value)

    def update_cortical_area_snooze_period(self, cortical_area: int, value: int) -> int:
        """Of all living neurons of the area; return how many."""
        return self._set_area("snooze", cortical_area, value)

    # by list; the number that were known and alive comes back

    def batch_update_refractory_period(
        self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike
    ) -> int:
        """Also sets the countdowns, and begins runs of fires anew, as FEAGI does."""
        with self._lock:
            ids, given = self._living(neuron_ids, values)
            return self._set_refractory(ids, given, restart=True)

    def batch_update_threshold(self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike) -> int:
        """Set thresholds."""
        return self._set_list("threshold", neuron_ids, values)

    def batch_update_leak_coefficient(
        self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike
    ) -> int:
        """Set leak coefficients."""
        return self._set_list("leak", neuron_ids, values)

    def batch_update_consecutive_fire_limit(
        self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike
    ) -> int:
        """Set limits of consecutive fires."""
        return self._set_list("fire_limit", neuron_ids, values)

    def batch_update_snooze_period(self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike) -> int:
        """Set snooze periods."""
        return self._set_list("snooze", neuron_ids, values)

    def batch_update_resting_potential(
        self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike
    ) -> int:
        """Set resting potentials; membrane potentials stay."""
        return self._set_list("rest", neuron_ids, values)

    def batch_update_excitability(self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike) -> int:
        """Set excitabilities, clamped to 0 .. 1."""
        return self._set_list("excitability", neuron_ids, values)

    def batch_update_neuron_type(self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike) -> int:
        """Set types, which are kept and have no effect."""
        return self._set_list("type", neuron_ids, values)

    def batch_update_membrane_potential(
        self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike
    ) -> int:
        """Set membrane potentials."""
        with self._lock:
            ids, given = self._living(neuron_ids, values)
            if ids.size:
                self._brain.set_potentials(ids.astype(np.uint32), _finite(given).astype(np.float32))
            return int(ids.size)

    # single; None for an unknown or deleted neuron

    def get_neuron_refractory_period(self, neuron_id: int) -> int | None:
        """Bursts."""
        return self._whole("refractory", neuron_id)

    def get_neuron_threshold(self, neuron_id: int) -> float | None:
        """Firing threshold."""
        return self._real("threshold", neuron_id)

    def get_neuron_leak_coefficient(self, neuron_id: int) -> float | None:
        """Share of (potential - rest) that is lost."""
        return self._real("leak", neuron_id)

    def get_neuron_membrane_potential(self, neuron_id: int) -> float | None:
        """Now."""
        with self._lock:
            if not self._alive(neuron_id):
                return None
            return float(self._brain.potentials()[neuron_id])

    def get_neuron_resting_potential(self, neuron_id: int) -> float | None:
        """Potential toward which the neuron leaks."""
        return self._real("rest", neuron_id)

    def get_neuron_excitability(self, neuron_id: int) -> float | None:
        """0 to 1."""
        return self._real("excitability", neuron_id)

    def get_neuron_consecutive_fire_limit(self, neuron_id: int) -> int | None:
        """0: none."""
        return self._whole("fire_limit", neuron_id)

    # helpers

    def _alive(self, neuron_id: int) -> bool:
        n = self._neurons
        return 0 <= neuron_id < len(n) and bool(n["alive"][neuron_id])

    def _whole(self, column: str, neuron_id: int) -> int | None:
        return int(self._neurons[column][neuron_id]) if self._alive(neuron_id) else None

    def _real(self, column: str, neuron_id: int) -> float | None:
        return float(self._neurons[column][neuron_id]) if self._alive(neuron_id) else None

    def _set_area(self, column: str, area: int, value: Any) -> int:
        with self._lock:
            n = self._neurons
            return self._set(column, np.flatnonzero((n["area"] == area) & n["alive"]), value)

    def _set_list(self, column: str, neuron_ids: npt.ArrayLike, values: npt.ArrayLike) -> int:
        with self._lock:
            ids, given = self._living(neuron_ids, values)
            return self._set(column, ids, given)

    def _living(
        self, neuron_ids: npt.ArrayLike, values: npt.ArrayLike
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
        ids = np.atleast_1d(np.asarray(neuron_ids, np.int64))
        given = np.atleast_1d(np.asarray(values))
        if ids.shape != given.shape or ids.ndim != 1:
            raise ValueError(
                f"neuron_ids and values differ in length ({ids.size} and {given.size})."
            )
        known = (ids >= 0) & (ids < len(self._neurons))
        known[known] = self._neurons["alive"][ids[known]]
        return ids[known], given[known]

    def _set_refractory(
        self, ids: npt.NDArray[np.int64], given: npt.NDArray[Any], *, restart: bool
    ) -> int:
        """`restart`: countdowns become the value; otherwise those end whose value is 0."""
        changed = self._set("refractory", ids, given)
        if ids.size:
            state = self._brain.state()
            for name in ("fire_count", "refractory_countdown"):
                state[name] = np.array(state[name])
            state["fire_count"][ids] = 0
            ended = ids[given == 0]
            state["refractory_countdown"][ended] = 0
            if restart:
                state["refractory_countdown"][ids] = given
            self._brain.set_state(state)
        return changed

    def _set(self, column: str, ids: npt.NDArray[np.int64], values: Any) -> int:
        given = np.asarray(values)
        if column in _MOST:
            if given.dtype.kind not in "iu":
                raise TypeError(f"{column} takes whole numbers, not {given.dtype}.")
            if given.size and (given.min() < 0 or given.max() > _MOST[column]):
                raise OverflowError(f"{column} is out of range (0 to {_MOST[column]}).")
        else:
            given = _finite(given)
        if column == "excitability":
            given = np.clip(given, 0.0, 1.0)
        self._neurons[column][ids] = given
        self._brain.changed_neurons(ids)
        return int(ids.size)


def _finite(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    numbers = values.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("values are not all finite.")
    return numbers
