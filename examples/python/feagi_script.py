# SPDX-License-Identifier: Apache-2.0
"""A script as it was written for FEAGI's RustNPU in October 2025. One line is new: the import."""

from typing import Any

from rheobase.compat.feagi import RustNPU  # was: from feagi_rust import RustNPU

npu = RustNPU(neuron_capacity=1000, synapse_capacity=10000, fire_ledger_window=20)

POWER, SENSOR, MOTOR = 1, 3, 4
parameters: dict[str, Any] = dict(
    threshold=1.0,
    leak_coefficient=0.0,
    resting_potential=0.0,
    neuron_type=0,
    refractory_period=1,
    excitability=1.0,
    consecutive_fire_limit=0,
    snooze_period=0,
    mp_charge_accumulation=True,
)
npu.add_neuron(**parameters, cortical_area=POWER, x=0, y=0, z=0)
sensors = [npu.add_neuron(**parameters, cortical_area=SENSOR, x=i, y=0, z=0) for i in range(10)]
motors = [npu.add_neuron(**parameters, cortical_area=MOTOR, x=i, y=0, z=0) for i in range(10)]

# each sensor excites the motor beside it and inhibits the one after that
ok, failed = npu.add_synapses_batch(
    sources=sensors + sensors[:-1],
    targets=motors + motors[1:],
    weights=[2.0] * 10 + [1.0] * 9,
    conductances=[1] * 19,
    synapse_types=[0] * 10 + [1] * 9,
)
print(f"{npu.get_neuron_count()} neurons, {ok} synapses")
npu.rebuild_indexes()

for burst in range(12):
    npu.inject_sensory_batch([sensors[burst % 10]], 1.0)
    result = npu.process_burst()
    queue = npu.get_current_fire_queue()
    moved = queue[MOTOR][1] if MOTOR in queue else []
    print(f"burst {result.burst}: {result.neuron_count} fired, motor x = {moved}")

npu.save_connectome_to_file("brain.npz")
