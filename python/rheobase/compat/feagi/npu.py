# SPDX-License-Identifier: Apache-2.0
"""RustNPU as it was on 2025-10-24."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InvalidArgumentError, UnavailableError
from ...units import flag
from .brain import Brain
from .columns import Synapses, neuron_columns
from .connections import Connections
from .history import History
from .loop import BurstLoop
from .parameters import Parameters
from .snapshot import Snapshot
from .values import number, size, u16, u32

_POWER_AREA = 1
_FATIGUE_AREA = 2
_BACKENDS = {"auto": "auto", "cpu": "cpu", "wgpu": "wgpu", "gpu": "wgpu"}
_OTHER_SIGNATURE = (
    "RustNPU follows its signature of 2025-10-24 ({what} is of another one). "
    "See rheobase.compat.feagi."
)


class BurstResult:
    """What one burst did."""

    __slots__ = (
        "_fired",
        "_list",
        "burst",
        "neurons_in_refractory",
        "neurons_processed",
        "power_injections",
        "synaptic_injections",
    )

    def __init__(
        self,
        fired: npt.NDArray[np.uint32],
        burst: int,
        power: int,
        events: int,
        processed: int,
        refractory: int,
    ) -> None:
        self._fired = fired
        self._list: list[int] | None = None
        self.burst = burst
        self.power_injections = power
        self.synaptic_injections = events
        self.neurons_processed = processed
        self.neurons_in_refractory = refractory

    @property
    def fired_neurons(self) -> list[int]:
        """Ids, ascending."""
        made = self._list
        if made is None:
            made = self._list = self._fired.tolist()
        return made

    @property
    def fired_array(self) -> npt.NDArray[np.uint32]:
        """Ids, ascending, without a list."""
        return self._fired

    @property
    def neuron_count(self) -> int:
        """How many fired."""
        return int(self._fired.size)

    def __repr__(self) -> str:
        return f"BurstResult(burst={self.burst}, neuron_count={self.neuron_count})"


class RustNPU(Parameters, Connections, History, BurstLoop, Snapshot):
    """A neural processing unit in FEAGI's terms.

    RustNPU(neuron_capacity, synapse_capacity, fire_ledger_window), or the short form
    RustNPU(capacity, backend="auto") with 100 synapses per neuron and a ledger of 20 bursts.
    backend: "auto", "cpu", "wgpu" or "gpu"; or any backend of `rheobase.devices()`.
    semantics: "feagi-2025-10", or another profile of FEAGI's behaviour.
    """

    def __init__(
        self,
        neuron_capacity: int | None = None,
        synapse_capacity: int | str | None = None,
        fire_ledger_window: int = 20,
        backend: str = "auto",
        *,
        capacity: int | None = None,
        semantics: str = "feagi-2025-10",
    ) -> None:
        if isinstance(synapse_capacity, str):  # the short form, positional
            synapses, backend = None, synapse_capacity
        else:
            synapses = synapse_capacity
        if (neuron_capacity is None) == (capacity is None):
            raise TypeError("RustNPU takes neuron_capacity, or capacity in the short form.")
        neurons = capacity if neuron_capacity is None else neuron_capacity
        self._neuron_capacity = size(neurons, "neuron_capacity")
        self._synapse_capacity = (
            100 * self._neuron_capacity if synapses is None else size(synapses, "synapse_capacity")
        )
        self._lock = threading.RLock()
        self._neurons = neuron_columns()
        self._synapses = Synapses()
        self._semantics = semantics
        self._brain = Brain(
            self._neurons, self._synapses, _BACKENDS.get(backend, backend), semantics
        )
        self._power_amount = 1.0
        self._fatigue = False
        self._power: npt.NDArray[np.uint32] | None = None  # living neurons of the power area
        self._power_values: npt.NDArray[np.float32] = np.empty(0, np.float32)
        self._pending: list[tuple[npt.NDArray[np.uint32], float]] = []
        self._names: dict[int, str] = {}
        self._window = size(fire_ledger_window, "fire_ledger_window")
        self._windows: dict[int, int] = {}
        self._ledger: deque[tuple[int, npt.NDArray[np.uint32]]] = deque(maxlen=self._window)
        self._last: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        self._subscribers = {"visualization": False, "motor": False}
        Parameters.__init__(self)
        BurstLoop.__init__(self)

    # neurons

    def add_neuron(
        self,
        threshold: float,
        leak_coefficient: float,
        resting_potential: float,
        neuron_type: int,
        refractory_period: int,
        excitability: float,
        consecutive_fire_limit: int,
        snooze_period: int,
        mp_charge_accumulation: bool,
        cortical_area: int,
        x: int,
        y: int,
        z: int | None = None,
    ) -> int:
        """Append a neuron; return its id (0, 1, 2, ...)."""
        if z is None:
            raise TypeError(
                _OTHER_SIGNATURE.format(what="add_neuron without mp_charge_accumulation")
            )
        with self._lock:
            if len(self._neurons) >= self._neuron_capacity:
                raise RuntimeError("Memory allocation error: Neuron array capacity exceeded")
            self._power = None
            return self._neurons.append(
                threshold=number(threshold, "threshold"),
                leak=number(leak_coefficient, "leak_coefficient"),
                rest=number(resting_potential, "resting_potential"),
                type=neuron_type,
                refractory=u16(refractory_period, "refractory_period"),
                excitability=min(max(number(excitability, "excitability"), 0.0), 1.0),
                fire_limit=u16(consecutive_fire_limit, "consecutive_fire_limit"),
                snooze=u16(snooze_period, "snooze_period"),
                accumulates=bool(mp_charge_accumulation),
                area=u32(cortical_area, "cortical_area"),
                x=u32(x, "x"),
                y=u32(y, "y"),
                z=u32(z, "z"),
                alive=True,
            )

    def delete_neuron(self, neuron_id: int) -> bool:
        """Silence a neuron for good; False if there is no such living neuron."""
        with self._lock:
            if not self._alive(neuron_id):
                return False
            self._neurons["alive"][neuron_id] = False
            self._power = None
            self._brain.deleted_neuron(neuron_id)
            return True

    def get_neuron_state(self, neuron_id: int) -> tuple[int, int, int, float, float, int] | None:
        """(fire count, limit, snooze period, potential, threshold, refractory countdown) or None."""
        with self._lock:
            if not self._alive(neuron_id):
                return None
            n = self._neurons
            state = self._brain.state()
            return (
                int(state["fire_count"][neuron_id]),
                int(n["fire_limit"][neuron_id]),
                int(n["snooze"][neuron_id]),
                float(state["u"][neuron_id] + n["rest"][neuron_id]),
                float(n["threshold"][neuron_id]),
                int(state["refractory_countdown"][neuron_id]),
            )

    def get_neuron_count(self) -> int:
        """Neurons ever added, deleted ones included."""
        return len(self._neurons)

    def register_cortical_area(self, area_id: int, cortical_name: str) -> None:
        """Give an area its name."""
        self._names[u32(area_id, "area_id")] = str(cortical_name)

    def set_neuron_mapping(self, mapping: dict[int, int]) -> None:
        """Put neurons into areas: {neuron id: area}."""
        with self._lock:
            ids = self._known(list(mapping))
            self._neurons["area"][ids] = np.array(list(mapping.values()), np.uint32)
            self._power = None

    def get_neuron_positions_in_cortical_area(
        self, cortical_area: int
    ) -> list[tuple[int, int, int, int]]:
        """(id, x, y, z) of the living neurons of an area, ascending."""
        n = self._neurons
        ids = self._in_area(cortical_area)
        return list(
            zip(
                ids.tolist(),
                n["x"][ids].tolist(),
                n["y"][ids].tolist(),
                n["z"][ids].tolist(),
                strict=True,
            )
        )

    def get_neuron_at_coordinate(self, cortical_area: int, x: int, y: int, z: int) -> int | None:
        """The first living neuron of a voxel, or None."""
        n = self._neurons
        ids = self._in_area(cortical_area)
        found = ids[(n["x"][ids] == x) & (n["y"][ids] == y) & (n["z"][ids] == z)]
        return int(found[0]) if found.size else None

    def get_neurons_at_coordinates_batch(
        self,
        cortical_area: int,
        coords_x: Sequence[int],
        coords_y: Sequence[int],
        coords_z: Sequence[int],
    ) -> list[int | None]:
        """The last living neuron of each voxel, or None."""
        if not len(coords_x) == len(coords_y) == len(coords_z):
            raise ValueError("coords_x, coords_y and coords_z differ in length.")
        where = {
            (x, y, z): i for i, x, y, z in self.get_neuron_positions_in_cortical_area(cortical_area)
        }
        wanted = zip(coords_x, coords_y, coords_z, strict=True)
        return [where.get((int(x), int(y), int(z))) for x, y, z in wanted]

    # bursts

    def set_power_amount(self, amount: float) -> None:
        """Potential that each neuron of area 1 gets in every burst; 1.0 at first."""
        self._power_amount = number(amount, "amount")
        self._power = None

    def set_fatigue_active(self, active: bool) -> None:
        """While it is on, each neuron of area 2 gets the amount of power in every burst, behind all other
        input. RustNPU got this call after 2025-10-24; it is offered here as in FEAGI of today."""
        self._fatigue = flag(active, "active")

    def is_fatigue_active(self) -> bool:
        """Whether it is on."""
        return self._fatigue

    def inject_sensory_batch(self, neuron_ids: npt.ArrayLike, potential: float) -> None:
        """Potential into neurons in the next burst; unknown ones are skipped."""
        with self._lock:
            ids = np.asarray(neuron_ids, np.int64)
            kept = ids[(ids >= 0) & (ids < len(self._neurons))]
            self._pending.append((kept.astype(np.uint32), number(potential, "potential")))

    def process_burst(self, power_neurons: object = None) -> BurstResult:
        """Run one burst."""
        if power_neurons is not None:
            raise TypeError(_OTHER_SIGNATURE.format(what="process_burst(power_neurons)"))
        with self._lock:
            brain = self._brain
            if len(self._neurons) == 0:
                brain.bursts += 1
                self._last = np.empty(0, np.uint32)
                return BurstResult(self._last, brain.bursts, 0, 0, 0, 0)
            core = brain.engine()
            if self._power is None:
                self._power = np.ascontiguousarray(self._in_area(_POWER_AREA), np.uint32)
                self._power_values = np.full(self._power.size, self._power_amount, np.float32)
            if self._power.size:
                core.inject(self._power, self._power_values)
            if self._pending:
                for ids, potential in self._pending:
                    core.inject(ids, np.full(ids.size, potential, np.float32))
                self._pending = []
            if self._fatigue:
                tired = self._in_area(_FATIGUE_AREA).astype(np.uint32)
                core.inject(tired, np.full(tired.size, self._power_amount, np.float32))
            fired, events, processed, refractory = core.step()
            brain.bursts += 1
            self._last = fired
            self._ledger.append((brain.bursts, fired))
            return BurstResult(
                fired, brain.bursts, int(self._power.size), events, processed, refractory
            )

    def get_burst_count(self) -> int:
        """Bursts so far."""
        return self._brain.bursts

    def backend_name(self) -> str:
        """The backend that runs."""
        return self._brain.backend_name

    def __getattr__(self, name: str) -> Any:
        if "shm" in name or "shared_memory" in name or "zmq" in name or "publisher" in name:
            raise UnavailableError(
                f"{name} is not offered (shared-memory writers and ZMQ publishers of that time are "
                "left out). Read get_current_fire_queue() or sample_fire_queue()."
            )
        raise AttributeError(f"RustNPU has no {name!r} in its signature of 2025-10-24.")

    # helpers

    def _in_area(self, area: int) -> npt.NDArray[np.int64]:
        n = self._neurons
        return np.flatnonzero((n["area"] == area) & n["alive"])

    def _known(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        array = np.asarray(ids, np.int64)
        wrong = (array < 0) | (array >= len(self._neurons))
        if wrong.any():
            raise InvalidArgumentError(f"neuron {int(array[wrong][0])} does not exist.")
        return array
