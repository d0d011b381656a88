# SPDX-License-Identifier: Apache-2.0
"""The network of N. Brunel, J. Comput. Neurosci. 8:183-208 (2000): rate and irregularity in two regimes."""

import matplotlib.pyplot as plt
import numpy as np

import rheobase as rb

EXCITATORY, INHIBITORY, INDEGREE = 4000, 1000, 400
WEIGHT, THRESHOLD, TAU_M, DELAY = 0.25, 20.0, 20.0, 1.5  # mV, mV, ms, ms


def run(g: float, eta: float) -> rb.Recording:
    """Inhibition `g` times as strong as excitation, external rate `eta` times what reaches threshold."""
    nb = rb.NetworkBuilder(dt=0.1, seed=1)
    lif = rb.LIF(tau_m=TAU_M, v_reset=10, v_threshold=THRESHOLD, t_ref=2)
    e, i = nb.population("E", EXCITATORY, lif), nb.population("I", INHIBITORY, lif)
    nb.connect(e, [e, i], rb.fixed_indegree(INDEGREE), weight=WEIGHT, delay=DELAY)
    nb.connect(i, [e, i], rb.fixed_indegree(INDEGREE // 4), weight=-g * WEIGHT, delay=DELAY)
    threshold_rate = 1000 * THRESHOLD / (WEIGHT * TAU_M)  # Hz
    nb.drive([e, i], rb.poisson(rate=eta * threshold_rate), weight=WEIGHT)
    return rb.Engine(nb.build(), seed=1).run(500)


for name, g, eta in (("asynchronous irregular", 5.0, 2.0), ("synchronous regular", 3.0, 2.0)):
    rec = run(g, eta)
    later = rec.spikes.between(100, 500)["E"]
    cv = float(np.nanmean(later.isi_cv()))
    print(f"{name}: {later.rates()['E']:.1f} Hz, CV of intervals {cv:.2f}")
    rb.plot.raster(rec.spikes.between(400, 500))
    plt.savefig(f"{name.replace(' ', '_')}.png")
