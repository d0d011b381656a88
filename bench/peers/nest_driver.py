# SPDX-License-Identifier: Apache-2.0
"""NEST, iaf_psc_delta: a constant current brings every neuron to its threshold once a period."""

import nest
import numpy as np
from workload import Workload, report, resident, timed

w = Workload()
nest.set_verbosity("M_ERROR")
nest.ResetKernel()
nest.local_num_threads = w.threads
nest.resolution = 1.0
before = resident()
# a step adds 1 mV: next to no leak
nodes = nest.Create(
    "iaf_psc_delta",
    w.neurons,
    {
        "tau_m": 1e9,
        "C_m": 1.0,
        "I_e": 1.0,
        "E_L": 0.0,
        "V_reset": 0.0,
        "t_ref": 0.0,
        "V_th": w.period - 0.5,
        "V_m": 0.0,
    },
)
nodes.V_m = ((w.period - w.phase) % w.period).astype(float)
ids = np.asarray(nodes.tolist(), np.uint64)
posts = w.posts()
rows = 1 << 22
for begin in range(0, posts.size, rows):
    part = posts[begin : begin + rows]
    pres = (np.arange(begin, begin + part.size) // w.synapses).astype(np.int64)
    nest.Connect(
        ids[pres],
        ids[part],
        "one_to_one",
        {
            "synapse_model": "static_synapse",
            "weight": np.full(part.size, 1e-9),
            "delay": np.full(part.size, 1.0),
        },
    )
del posts
nest.Prepare()
nest.Run(1.0)
memory = resident() - before
spikes = 0


def run(bursts):
    global spikes
    nest.Run(float(bursts))
    spikes += nest.GetKernelStatus("local_spike_counter")


ms = timed(run, w.bursts)
nest.Cleanup()
report(spikes, memory, ms)
