# SPDX-License-Identifier: Apache-2.0
"""RustNPUIntegration: RustNPU filled from a connectome manager."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import InvalidArgumentError
from .npu import RustNPU

_NEURON = {
    "threshold": 1.0,
    "leak_coefficient": 0.0,
    "resting_potential": 0.0,
    "neuron_type": 0,
    "refractory_period": 0,
    "excitability": 1.0,
    "consecutive_fire_limit": 0,
    "snooze_period": 0,
    "mp_charge_accumulation": True,
    "cortical_area": 0,
    "x": 0,
    "y": 0,
    "z": 0,
}
_SYNAPSE = ("source", "target", "weight", "conductance", "type")
_PASSED = (
    "get_fire_ledger_history",
    "get_fire_ledger_window_size",
    "configure_fire_ledger_window",
    "get_all_fire_ledger_configs",
    "get_current_fcl",
    "set_fq_sampler_frequency",
    "get_fq_sampler_frequency",
    "get_fq_sampler_samples_taken",
    "set_visualization_subscribers",
    "has_visualization_subscribers",
    "set_motor_subscribers",
    "has_motor_subscribers",
    "get_burst_count",
    "get_neuron_count",
    "get_synapse_count",
    "inject_sensory_batch",
    "start_burst_loop",
    "stop_burst_loop",
    "is_burst_loop_running",
    "get_burst_loop_count",
    "get_late_burst_count",
    "backend_name",
)

Queue = dict[int, dict[str, list[Any]]]


class RustNPUIntegration:
    """An NPU with the neurons and synapses of a connectome manager.

    connectome_manager: any object with `neurons` (a mapping from id to an object or mapping with the
    parameters of `RustNPU.add_neuron`) and `synapses` (an iterable of source, target, weight,
    conductance, type; or a mapping of those five to arrays). Ids of the manager stay valid in results.
    """

    def __init__(
        self,
        connectome_manager: Any,
        fire_ledger_window: int = 20,
        neuron_capacity: int | None = None,
        synapse_capacity: int | None = None,
        backend: str = "auto",
    ) -> None:
        neurons = _items(getattr(connectome_manager, "neurons", None), "neurons")
        synapses = _synapses(getattr(connectome_manager, "synapses", None))
        count = int(synapses["source"].size)
        self.npu = RustNPU(
            max(len(neurons), 1) if neuron_capacity is None else neuron_capacity,
            max(count, 1) if synapse_capacity is None else synapse_capacity,
            fire_ledger_window,
            backend,
        )
        number: dict[int, int] = {}
        for key, neuron in neurons:
            given = {name: _field(neuron, name, default) for name, default in _NEURON.items()}
            number[key] = self.npu.add_neuron(**given)
        self._ids = np.array([key for key, _ in neurons], np.int64)
        self._same_ids = self._ids.size == 0 or bool((self._ids == np.arange(self._ids.size)).all())
        for end in ("source", "target"):
            try:
                synapses[end] = np.array([number[int(i)] for i in synapses[end]], np.int64)
            except KeyError as error:
                raise InvalidArgumentError(
                    f"a synapse has the {end} {error.args[0]}, which is not among the neurons."
                ) from None
        taken, failed = self.npu.add_synapses_batch(*(synapses[name] for name in _SYNAPSE))
        if failed:
            raise RuntimeError(
                f"Memory allocation error: Synapse array capacity exceeded ({taken} of {count} fit)"
            )

    @classmethod
    def create_empty(
        cls,
        neuron_capacity: int,
        synapse_capacity: int,
        fire_ledger_window: int = 20,
        backend: str = "auto",
    ) -> RustNPUIntegration:
        """One without neurons; `.npu` takes them."""
        empty = type("Empty", (), {"neurons": {}, "synapses": ()})()
        return cls(empty, fire_ledger_window, neuron_capacity, synapse_capacity, backend)

    def process_burst(self) -> dict[str, Any]:
        """The fields of BurstResult and `processing_time_ms`."""
        start = time.perf_counter()
        result = self.npu.process_burst()
        return {
            "fired_neurons": self._named(result.fired_array),
            "neuron_count": result.neuron_count,
            "burst": result.burst,
            "power_injections": result.power_injections,
            "synaptic_injections": result.synaptic_injections,
            "neurons_processed": result.neurons_processed,
            "neurons_in_refractory": result.neurons_in_refractory,
            "processing_time_ms": 1000.0 * (time.perf_counter() - start),
        }

    def get_current_fire_queue(self) -> Queue | None:
        """What fired in the last burst, by area; None if nothing did."""
        return self._as_mapping(self.npu.get_current_fire_queue())

    def sample_fire_queue(self) -> Queue | None:
        """The same, at most as often as the sampler's frequency allows."""
        return self._as_mapping(self.npu.sample_fire_queue())

    def get_latest_fire_queue_sample(self) -> Queue | None:
        """The last sample that was taken."""
        return self._as_mapping(self.npu.get_latest_fire_queue_sample())

    def rebuild_synapse_index(self) -> None:
        """Nothing: indexes are rebuilt when they are needed."""

    def __getattr__(self, name: str) -> Any:
        if name in _PASSED:
            return getattr(self.npu, name)
        raise AttributeError(f"RustNPUIntegration has no {name!r}.")

    def _named(self, ids: Any) -> list[int]:
        named: list[int] = ids.tolist() if self._same_ids else self._ids[ids].tolist()
        return named

    def _as_mapping(self, queue: Any) -> Queue | None:
        if not queue:
            return None
        return {
            area: {
                "neuron_ids": self._named(np.asarray(ids)),
                "coordinates_x": x,
                "coordinates_y": y,
                "coordinates_z": z,
                "membrane_potentials": potentials,
            }
            for area, (ids, x, y, z, potentials) in queue.items()
        }


def _field(neuron: Any, name: str, default: Any) -> Any:
    if isinstance(neuron, Mapping):
        return neuron.get(name, default)
    return getattr(neuron, name, default)


def _items(neurons: Any, what: str) -> list[tuple[int, Any]]:
    if not isinstance(neurons, Mapping):
        raise InvalidArgumentError(
            f"the connectome manager has no mapping {what!r} (id -> parameters)."
        )
    return sorted(neurons.items())


def _synapses(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        missing = [name for name in _SYNAPSE if name not in given]
        if missing:
            raise InvalidArgumentError(f"the synapses have no {missing[0]!r}.")
        return {name: np.asarray(given[name]) for name in _SYNAPSE}
    if given is None:
        raise InvalidArgumentError("the connectome manager has no 'synapses'.")
    rows = [
        tuple(_field(s, name, None) for name in _SYNAPSE)
        if isinstance(s, Mapping) or hasattr(s, "source")
        else tuple(s)
        for s in given
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_SYNAPSE)
    if len(columns) != len(_SYNAPSE):
        raise InvalidArgumentError(
            f"a synapse has {len(columns)} entries (source, target, weight, conductance, type)."
        )
    types = (np.int64, np.int64, np.float32, np.int64, np.int64)
    return {n: np.array(c, t) for n, c, t in zip(_SYNAPSE, columns, types, strict=True)}
