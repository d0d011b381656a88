# SPDX-License-Identifier: Apache-2.0
"""A balanced network of 10,000 neurons (Brunel 2000), from description to picture."""

import matplotlib.pyplot as plt

import rheobase as rb

nb = rb.NetworkBuilder(dt=0.1, seed=1)  # wiring seed
lif = rb.LIF(tau_m=20, v_rest=0, v_reset=10, v_threshold=20, t_ref=2)
E, I = nb.population("E", 8000, lif), nb.population("I", 2000, lif)
nb.connect(E, [E, I], rb.fixed_indegree(800), weight=0.1, delay=1.5)
nb.connect(I, [E, I], rb.fixed_indegree(200), weight=-0.5, delay=1.5)
nb.drive([E, I], rb.poisson(rate=20_000), weight=0.1)
net = nb.build()
print(net)  # populations, synapses, memory, quantum

eng = rb.Engine(net, backend="auto", seed=7)  # run seed
eng.record(spikes=[E[:500], I[:125]], v=E[:5])  # nothing else is kept
rec = eng.run(500)  # ms

print(rec)
print(rec.rates())
rb.plot.raster(rec)
plt.savefig("raster.png", dpi=150)
