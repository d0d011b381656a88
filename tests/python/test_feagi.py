# SPDX-License-Identifier: Apache-2.0
"""FEAGI's classes of October 2025: what they promise, and the traps that must not come back."""

import pathlib
import threading
import time
import types

import numpy as np
import pytest

import rheobase as rb
from rheobase.compat.feagi import BurstResult, RustNPU, RustNPUIntegration

GPUS = [d for d in rb.devices() if d.usable and d.backend.startswith("wgpu")]
BACKENDS = ["cpu", *(d.backend for d in GPUS)]


def neuron(npu: RustNPU, area: int = 3, x: int = 0, **given: object) -> int:
    values = {
        "threshold": 1.0,
        "leak_coefficient": 0.0,
        "resting_potential": 0.0,
        "neuron_type": 0,
        "refractory_period": 0,
        "excitability": 1.0,
        "consecutive_fire_limit": 0,
        "snooze_period": 0,
        "mp_charge_accumulation": True,
        "cortical_area": area,
        "x": x,
        "y": 0,
        "z": 0,
    }
    return npu.add_neuron(**{**values, **given})  # type: ignore[arg-type]


def fires(npu: RustNPU, bursts: int, neuron_id: int = 0) -> str:
    """A 1 for each burst in which the neuron fired, as in the vectors of FEAGI_SEMANTICS."""
    return "".join(
        "1" if neuron_id in npu.process_burst().fired_neurons else "_" for _ in range(bursts)
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_bursts_of_delay(backend: str) -> None:
    """SEED-01."""
    npu = RustNPU(10, 10, 20, backend=backend)
    a, b = neuron(npu, area=1, excitability=1.0), neuron(npu)
    assert npu.add_synapse(a, b, 1.0, 1, 0) == 0
    first = npu.process_burst()
    assert isinstance(first, BurstResult) and first.fired_array.tolist() == first.fired_neurons
    assert (first.fired_neurons, first.burst, first.power_injections) == ([0], 1, 1)
    npu.set_power_amount(0.0)
    results = [npu.process_burst() for _ in range(3)]
    assert [r.fired_neurons for r in results] == [[], [1], []]
    assert [r.synaptic_injections for r in results] == [0, 1, 0]
    assert npu.get_burst_count() == 4


@pytest.mark.parametrize(
    ("given", "power", "bursts", "expected"),
    [
        ({"refractory_period": 1, "snooze_period": 2, "consecutive_fire_limit": 3}, 1.0, 16,
         "1_1_1___1_1_1___"),
        ({"consecutive_fire_limit": 3}, 1.0, 8, "111_111_"),
        ({"consecutive_fire_limit": 1, "leak_coefficient": 0.5}, 2.0, 4, "1_1_"),
        ({"consecutive_fire_limit": 1, "snooze_period": 2, "leak_coefficient": 0.5,
          "resting_potential": 8.0}, 2.0, 5, "1__1_"),
        ({"refractory_period": 1, "consecutive_fire_limit": 2}, 1.0, 9, "1_1__1_1_"),
    ],
)  # fmt: skip
def test_the_rules_of_that_time(
    given: dict[str, object], power: float, bursts: int, expected: str
) -> None:
    """SEED-03 to SEED-07, as FEAGI_SEMANTICS lists them."""
    npu = RustNPU(1, 1, 20)
    neuron(npu, area=1, **given)
    npu.set_power_amount(power)
    assert fires(npu, bursts) == expected


def test_forms_of_the_constructor() -> None:
    for npu in (RustNPU(7, "cpu"), RustNPU(7, backend="cpu"), RustNPU(capacity=7, backend="cpu")):
        assert (npu._neuron_capacity, npu._synapse_capacity, npu._window) == (7, 700, 20)
        assert npu.backend_name() == "cpu"
    npu = RustNPU(neuron_capacity=2, synapse_capacity=1, fire_ledger_window=5)
    neuron(npu), neuron(npu)
    with pytest.raises(RuntimeError, match="Neuron array capacity exceeded"):
        neuron(npu)
    npu.add_synapse(0, 1, 1.0, 1, 0)
    with pytest.raises(RuntimeError, match="Synapse array capacity exceeded"):
        npu.add_synapse(0, 1, 1.0, 1, 0)
    assert npu.add_synapses_batch([0], [1], [1.0], [1], [0]) == (0, [0])
    with pytest.raises(TypeError, match="capacity"):
        RustNPU()
    npu = RustNPU(3, backend="gpu")
    neuron(npu)
    if all("software" in d.reason for d in GPUS):
        with pytest.raises(rb.errors.UnavailableError):
            npu.process_burst()


def test_signatures_of_other_times_get_one_clear_error() -> None:
    npu = RustNPU(5, 5, 5)
    with pytest.raises(TypeError, match="2025-10-24"):
        npu.add_neuron(1.0, 0.0, 0.0, 0, 0, 1.0, 0, 0, 3, 0, 0, 0)  # of 10-08
    with pytest.raises(TypeError, match="2025-10-24"):
        npu.process_burst([0])
    with pytest.raises(AttributeError, match="2025-10-24"):
        npu.create_cortical_area_neurons(1, 2, 3)
    with pytest.raises(rb.errors.UnavailableError, match="left out"):
        npu.attach_viz_shm_writer("x")


def test_synapses() -> None:
    npu = RustNPU(10, 100, 5)
    for i in range(4):
        neuron(npu, x=i)
    assert npu.add_synapses_batch(
        np.array([0, 0, 1]), [1, 1, 2], [1.0, 2.0, 3.0], [4, 5, 6], [0, 1, 0]
    ) == (3, [])
    assert npu.get_outgoing_synapses(0) == [(1, 1.0, 4, 0), (1, 2.0, 5, 1)]
    assert npu.get_incoming_synapses(2) == [(1, 3.0, 6, 0)]
    assert npu.get_synapse_count() == 3
    assert npu.update_synapse_weight(0, 1, 9.0) and not npu.update_synapse_weight(3, 1, 9.0)
    assert npu.remove_synapse(0, 1) and npu.get_outgoing_synapses(0) == [(1, 2.0, 5, 1)]
    assert npu.remove_synapse(0, 1) and not npu.remove_synapse(0, 1)
    npu.add_synapses_batch([0, 0, 3], [1, 2, 1], [1.0] * 3, [1] * 3, [0] * 3)
    assert npu.remove_synapses_between([0, 3], [1]) == 2
    assert npu.remove_synapses_from_sources([0, 1, 0]) == 2
    assert npu.get_synapse_count() == 0 and npu.remove_synapses_between([0], []) == 0
    with pytest.raises(ValueError, match="differ in length"):
        npu.add_synapses_batch([0], [1, 2], [1.0], [1], [0])
    with pytest.raises(OverflowError):
        npu.add_synapse(0, 1, 1.0, 256, 0)
    with pytest.raises(OverflowError):
        npu.add_synapse(-1, 1, 1.0, 1, 0)
    with pytest.raises(ValueError, match="not finite"):
        npu.add_synapse(0, 1, float("nan"), 1, 0)
    npu.rebuild_indexes()


@pytest.mark.parametrize("backend", BACKENDS)
def test_changes_while_it_runs_need_no_rebuild_of_indexes(backend: str) -> None:
    npu = RustNPU(10, 100, 5, backend=backend)
    a, b, c = neuron(npu, area=1), neuron(npu, x=1), neuron(npu, x=2)
    npu.process_burst()
    npu.add_synapse(a, b, 1.0, 1, 0)
    npu.process_burst()
    assert npu.process_burst().fired_neurons == [a, b]
    assert npu.update_synapse_weight(a, b, 0.25)  # a finer quantum than whole charges
    assert [npu.process_burst().fired_neurons for _ in range(4)] == [[a]] * 3 + [[a, b]]
    assert npu.remove_synapse(a, b)
    npu.add_synapse(a, c, 1.0, 1, 0)
    assert npu.process_burst().fired_neurons == [a, c]
    d = neuron(npu, area=1, x=9)
    assert npu.process_burst().fired_neurons == [a, c, d]
    assert npu.delete_neuron(d) and not npu.delete_neuron(d)
    assert npu.process_burst().fired_neurons == [a, c]
    assert npu.update_cortical_area_threshold(3, 5.0) == 2
    assert npu.process_burst().fired_neurons == [a]
    assert npu._brain.builds == 3, "an edit is enough but for new neurons and finer weights"


def test_parameters() -> None:
    npu = RustNPU(10, 100, 5)
    a, b = neuron(npu, area=4), neuron(npu, area=4, x=1)
    assert npu.batch_update_threshold([a, b, 99], [5.0, 6.0, 7.0]) == 2
    assert (npu.get_neuron_threshold(a), npu.get_neuron_threshold(99)) == (5.0, None)
    assert npu.batch_update_membrane_potential([b], [2.5]) == 1
    assert npu.get_neuron_membrane_potential(b) == 2.5
    npu.process_burst()
    assert npu.batch_update_resting_potential([b], [1.0]) == 1
    assert npu.get_neuron_membrane_potential(b) == 2.5, "absolute, whatever the rest"
    assert npu.batch_update_leak_coefficient([b], [0.5]) == 1
    npu.inject_sensory_batch([b], 0.0)
    npu.process_burst()
    assert npu.get_neuron_membrane_potential(b) == pytest.approx(2.5 + 0.5 * (1.0 - 2.5))
    assert npu.batch_update_refractory_period([a], [3]) == 1
    assert npu.get_neuron_state(a) == (0, 0, 0, 0.0, 5.0, 3)
    assert npu.batch_update_consecutive_fire_limit([a], [2]) == 1
    assert npu.batch_update_snooze_period([a], [4]) == 1
    assert npu.batch_update_excitability([a], [7.0]) == 1 and npu.get_neuron_excitability(a) == 1.0
    assert npu.batch_update_neuron_type([a], [1]) == 1
    assert npu.get_neuron_state(a)[:3] == (0, 2, 4)  # type: ignore[index]
    assert npu.update_neuron_excitability(b, 0.5) and not npu.update_neuron_excitability(50, 0.5)
    for update, value in (
        (npu.update_cortical_area_excitability, 0.25),
        (npu.update_cortical_area_refractory_period, 2),
        (npu.update_cortical_area_leak, 0.125),
        (npu.update_cortical_area_consecutive_fire_limit, 9),
        (npu.update_cortical_area_snooze_period, 8),
    ):
        assert update(4, value) == 2 and update(77, value) == 0  # type: ignore[operator]
    assert npu.get_neuron_refractory_period(a) == 2
    assert npu.get_neuron_leak_coefficient(a) == 0.125
    assert npu.get_neuron_consecutive_fire_limit(a) == 9
    assert npu.get_neuron_resting_potential(b) == 1.0
    with pytest.raises(ValueError, match="differ in length"):
        npu.batch_update_threshold([a], [1.0, 2.0])
    with pytest.raises(OverflowError):
        npu.batch_update_snooze_period([a], [70000])
    with pytest.raises(ValueError, match="not all finite"):
        npu.batch_update_threshold([a], [float("inf")])


@pytest.mark.parametrize("backend", BACKENDS)
def test_live_refractory_periods(backend: str) -> None:
    """Of an area: runs of fires begin anew, countdowns go on unless the period is 0. Of single neurons the
    countdown becomes the period."""
    npu = RustNPU(10, 10, 20, backend=backend)
    a = neuron(npu, refractory_period=3, consecutive_fire_limit=4)
    npu.inject_sensory_batch([a], 1.0)
    assert npu.process_burst().fired_neurons == [a]

    def counts() -> tuple[int, int]:
        state = npu.get_neuron_state(a)
        assert state is not None
        return state[0], state[5]

    assert counts() == (1, 3)
    assert npu.update_cortical_area_refractory_period(3, 3) == 1
    assert counts() == (0, 3)
    assert npu.update_cortical_area_refractory_period(3, 8) == 1
    assert counts() == (0, 3)
    assert npu.update_cortical_area_refractory_period(3, 0) == 1
    assert npu.update_cortical_area_refractory_period(3, 5) == 1
    assert counts() == (0, 0)
    npu.inject_sensory_batch([a], 1.0)
    assert npu.process_burst().fired_neurons == [a]
    assert counts() == (1, 5)
    assert npu.batch_update_refractory_period([a], [2]) == 1
    assert counts() == (0, 2)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_fatigue_flag(backend: str) -> None:
    npu = RustNPU(10, 10, 20, backend=backend)
    tired = [neuron(npu, area=2), neuron(npu, area=2, threshold=2.0)]
    rested = neuron(npu)
    assert not npu.is_fatigue_active()
    assert npu.process_burst().fired_neurons == []
    npu.set_fatigue_active(True)
    assert npu.is_fatigue_active()
    assert npu.process_burst().fired_neurons == [tired[0]]
    npu.set_power_amount(2.0)
    copy = RustNPU(10, 10, 20, backend=backend)
    copy.import_connectome_bytes(npu.export_connectome_bytes())
    assert npu.process_burst().fired_neurons == copy.process_burst().fired_neurons == tired
    npu.set_fatigue_active(False)
    npu.inject_sensory_batch([rested], 1.0)
    assert npu.process_burst().fired_neurons == [rested]


def test_places() -> None:
    npu = RustNPU(10, 10, 5)
    ids = [neuron(npu, area=2, x=i // 2) for i in range(4)]
    npu.register_cortical_area(2, "dmlzaW9u")
    assert npu.get_neuron_positions_in_cortical_area(2) == [(i, i // 2, 0, 0) for i in ids]
    assert npu.get_neuron_at_coordinate(2, 1, 0, 0) == 2
    assert npu.get_neurons_at_coordinates_batch(2, [1, 5], [0, 0], [0, 0]) == [3, None]
    npu.set_neuron_mapping({0: 8})
    assert npu.get_neuron_at_coordinate(8, 0, 0, 0) == 0
    with pytest.raises(ValueError, match="differ in length"):
        npu.get_neurons_at_coordinates_batch(2, [1], [], [0])
    with pytest.raises(rb.errors.InvalidArgumentError, match="99 does not exist"):
        npu.set_neuron_mapping({99: 1})


def test_queue_ledger_and_sampler() -> None:
    npu = RustNPU(10, 10, 3)
    assert npu.get_current_fire_queue() == {} and npu.sample_fire_queue() is None
    a, b = neuron(npu, area=1), neuron(npu, area=5, x=7, threshold=2.0)
    npu.inject_sensory_batch([b, 99], 2.5)
    assert npu.get_current_fcl() == {5: {"neuron_ids": [b], "potentials": [2.5]}}
    npu.process_burst()
    assert npu.get_current_fire_queue() == {
        1: ([a], [0], [0], [0], [1.0]),
        5: ([b], [7], [0], [0], [2.5]),
    }
    npu.set_fq_sampler_frequency(0.001)
    assert npu.sample_fire_queue() == npu.get_latest_fire_queue_sample() is not None
    assert npu.sample_fire_queue() is None and npu.get_fq_sampler_samples_taken() == 1
    npu.set_fq_sampler_frequency(1000.0)
    assert npu.get_fq_sampler_frequency() == 1000.0
    for _ in range(4):
        npu.process_burst()
    assert npu.get_fire_ledger_history(1, 10) == [(5, [a]), (4, [a]), (3, [a])]
    assert npu.get_fire_ledger_history(5, 2) == [(5, []), (4, [])]
    npu.configure_fire_ledger_window(5, 6)
    assert npu.get_fire_ledger_window_size(5) == 6 and npu.get_fire_ledger_window_size(1) == 3
    assert npu.get_all_fire_ledger_configs() == [(1, 3), (5, 6)]
    npu.set_motor_subscribers(True)
    npu.set_visualization_subscribers(True)
    assert npu.has_motor_subscribers() is npu.has_visualization_subscribers() is True


def test_burst_loop() -> None:
    npu = RustNPU(10, 10, 3)
    neuron(npu, area=1)
    npu.start_burst_loop(200.0)
    with pytest.raises(RuntimeError, match="running already"):
        npu.start_burst_loop(10.0)
    while npu.get_burst_loop_count() < 10:
        time.sleep(0.01)
    assert npu.is_burst_loop_running()
    npu.stop_burst_loop()
    done = npu.get_burst_loop_count()
    assert not npu.is_burst_loop_running() and done >= 10 and npu.get_burst_count() == done
    assert npu.get_late_burst_count() >= 0
    npu.stop_burst_loop()
    with pytest.raises(rb.errors.InvalidArgumentError, match="frequency_hz"):
        npu.start_burst_loop(0.0)
    broken = RustNPU(3, 3, 3, backend="nonsense")
    neuron(broken)
    broken.start_burst_loop(100.0)
    while broken.is_burst_loop_running():
        time.sleep(0.01)
    with pytest.raises(RuntimeError, match="nonsense"):
        broken.stop_burst_loop()


def test_export_and_import(tmp_path: pathlib.Path) -> None:
    npu = RustNPU(20, 50, 4)
    for i in range(12):
        neuron(npu, area=1 if i < 2 else 3, x=i, excitability=0.7, refractory_period=i % 3)
    rng = np.random.default_rng(1)
    npu.add_synapses_batch(
        rng.integers(0, 12, 40),
        rng.integers(0, 12, 40),
        np.ones(40),
        np.ones(40, int),
        rng.integers(0, 2, 40),
    )
    npu.remove_synapse(int(npu._synapses["source"][0]), int(npu._synapses["target"][0]))
    npu.register_cortical_area(3, "x")
    for _ in range(17):
        npu.process_burst()
    path = tmp_path / "brain.npz"
    assert npu.save_connectome_to_file(path)
    other = RustNPU(20, 50, 4)
    assert other.load_connectome_from_file(str(path))
    assert other.get_burst_count() == 17 and other.get_synapse_count() == npu.get_synapse_count()
    for _ in range(50):
        assert npu.process_burst().fired_neurons == other.process_burst().fired_neurons
    data = npu.export_connectome_bytes()
    for wrong in (b"", b"xyz", data[: len(data) // 2], data[:100] + bytes(50) + data[150:]):
        with pytest.raises(rb.errors.InvalidFileError):
            other.import_connectome_bytes(wrong)
    with pytest.raises(RuntimeError, match="capacity"):
        RustNPU(3, 3, 3).import_connectome_bytes(data)
    with pytest.raises(OSError, match="cannot read"):
        other.load_connectome_from_file(tmp_path / "missing")
    with pytest.raises(OSError, match="cannot write"):
        other.save_connectome_to_file(tmp_path / "missing" / "x")
    assert other.import_connectome_bytes(data)
    assert other.process_burst().burst == 68


def test_an_empty_brain() -> None:
    npu = RustNPU(5, 5, 5)
    assert npu.process_burst().fired_neurons == [] and npu.get_burst_count() == 1
    other = RustNPU(5, 5, 5)
    assert other.import_connectome_bytes(npu.export_connectome_bytes())
    assert other.get_burst_count() == 1
    neuron(other, area=1)
    assert other.process_burst().burst == 2


def manager(start: int = 0) -> types.SimpleNamespace:
    first = types.SimpleNamespace(threshold=1.0, cortical_area=1, x=0, y=0, z=0)
    return types.SimpleNamespace(
        neurons={start: first, start + 5: {"threshold": 1.0, "cortical_area": 3, "x": 4}},
        synapses=[(start, start + 5, 1.0, 1, 0)],
    )


@pytest.mark.parametrize("start", [0, 100])
def test_integration(start: int) -> None:
    npu = RustNPUIntegration(manager(start), backend="cpu")
    assert (npu.get_neuron_count(), npu.get_synapse_count(), npu.backend_name()) == (2, 1, "cpu")
    results = [npu.process_burst() for _ in range(3)]
    assert [r["fired_neurons"] for r in results] == [[start], [start], [start, start + 5]]
    assert set(results[0]) == {
        "fired_neurons", "neuron_count", "burst", "power_injections", "synaptic_injections",
        "neurons_processed", "neurons_in_refractory", "processing_time_ms",
    }  # fmt: skip
    queue = npu.get_current_fire_queue()
    assert queue is not None and queue[3] == {
        "neuron_ids": [start + 5], "coordinates_x": [4], "coordinates_y": [0],
        "coordinates_z": [0], "membrane_potentials": [1.0],
    }  # fmt: skip
    npu.set_fq_sampler_frequency(0.001)
    assert npu.sample_fire_queue() == npu.get_latest_fire_queue_sample()
    npu.rebuild_synapse_index()
    assert npu.get_fire_ledger_history(1, 1) == [(3, [0])]


def test_integration_from_arrays_and_wrong_managers() -> None:
    given = manager()
    names = ("source", "target", "weight", "conductance", "type")
    given.synapses = dict(zip(names, ([0], [5], [1.0], [1], [0]), strict=True))
    assert RustNPUIntegration(given).get_synapse_count() == 1
    assert RustNPUIntegration.create_empty(5, 5).get_neuron_count() == 0
    for change, text in (
        ({"neurons": None}, "no mapping 'neurons'"),
        ({"synapses": None}, "no 'synapses'"),
        ({"synapses": [(0, 7, 1.0, 1, 0)]}, "target 7"),
        ({"synapses": [(0, 5)]}, "2 entries"),
        ({"synapses": {"source": []}}, "no 'target'"),
    ):
        with pytest.raises(rb.errors.InvalidArgumentError, match=text):
            RustNPUIntegration(types.SimpleNamespace(**{**vars(manager()), **change}))
    with pytest.raises(RuntimeError, match="capacity"):
        RustNPUIntegration(manager(), synapse_capacity=0)
    with pytest.raises(AttributeError, match="no 'nonsense'"):
        RustNPUIntegration(manager()).nonsense


def test_other_threads_may_look_while_it_runs() -> None:
    npu = RustNPU(10, 10, 3)
    neuron(npu, area=1)
    stop = threading.Event()
    trouble: list[BaseException] = []

    def look() -> None:
        try:
            while not stop.is_set():
                npu.get_neuron_state(0)
                npu.get_current_fire_queue()
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    for _ in range(200):
        npu.process_burst()
    stop.set()
    thread.join()
    assert not trouble
