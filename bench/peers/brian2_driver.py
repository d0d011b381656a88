# SPDX-License-Identifier: Apache-2.0
"""Brian2, C++ standalone: a constant drift brings every neuron to its threshold once a period."""

import pathlib
import subprocess
import tempfile
import time

import brian2 as b
import numpy as np
from workload import STRETCHES, Workload, report

w = Workload()
folder = tempfile.mkdtemp()
b.set_device("cpp_standalone", build_on_run=False, directory=folder)
b.prefs.devices.cpp_standalone.openmp_threads = w.threads if w.threads > 1 else 0
b.prefs.codegen.cpp.extra_compile_args_gcc = ["-O3", "-march=native", "-ffast-math"]
b.defaultclock.dt = 1 * b.ms
group = b.NeuronGroup(
    w.neurons, "dv/dt = 1/ms : 1", threshold=f"v > {w.period - 0.5}", reset="v = 0", method="euler"
)
group.v = (w.period - w.phase) % w.period
synapses = b.Synapses(group, group, on_pre="v_post += 1e-9", delay=1 * b.ms)
synapses.connect(i=w.pres().astype(np.int32), j=w.posts().astype(np.int32))
counter = b.PopulationRateMonitor(group)
network = b.Network(group, synapses, counter)
network.run((STRETCHES + 1) * w.bursts * b.ms)
b.device.build(directory=folder, compile=True, run=False)

# the program is run here, so that its memory can be looked at; it times its own run, without reading its input
program = subprocess.Popen(["./main"], cwd=folder, stdout=subprocess.DEVNULL)
memory = 0
while program.poll() is None:
    with open(f"/proc/{program.pid}/statm", encoding="ascii") as file:
        memory = max(memory, 4096 * int([*file.read().split(), 0, 0][1]))
    time.sleep(0.02)
seconds = float(pathlib.Path(folder, "results", "last_run_info.txt").read_text().split()[0])
rate = next(pathlib.Path(folder, "results").glob("_dynamic_array_*rate*_rate*"))
spikes = np.fromfile(rate).sum() * w.neurons * 1e-3
report(round(spikes), memory, [seconds * 1e3 / ((STRETCHES + 1) * w.bursts)])
