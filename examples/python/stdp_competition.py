# SPDX-License-Identifier: Apache-2.0
"""Synapses compete for the control of a neuron's spikes (Song, Miller & Abbott, Nat. Neurosci. 3:919,
2000), and inhibition learns to balance what is left (Vogels et al., Science 334:1569, 2011)."""

import matplotlib.pyplot as plt
import numpy as np

import rheobase as rb

SECONDS, DT = 200, 0.5  # s, ms
G_MAX = 0.015  # the strongest synapse, in leak conductances

cell = rb.Model("""
model cell "Integrate-and-fire with conductances, as in the paper of 2000; potentials in mV"
param tau_m = 20 ms, V_rest = -70, V_ex = 0, V_th = -54, V_reset = -60
port  g exp 5 ms
state V = -70 in -100..0
step  exponential_euler
  V' = (V_rest - V + g*(V_ex - V))/tau_m
fire  V >= V_th
reset V = V_reset
""")


def competing() -> tuple[np.ndarray, np.ndarray]:
    """Weights after so long, as shares of the strongest, and the rate of the neuron in each second."""
    nb = rb.NetworkBuilder(dt=DT, seed=4)
    inputs = nb.population("inputs", 1000, rb.models.poisson_source(rate=15.0))
    neuron = nb.population("neuron", 1, cell)
    # depression outweighs by 5 %, and by the step in which a spike arrives and the neuron fires, which
    # counts as potentiation alone
    less = 0.005 * (1.05 + DT / 20)
    rule = rb.synapses.stdp_additive(A_plus=0.005, A_minus=less, W_max=G_MAX)
    nb.connect(
        inputs, neuron, rb.all_to_all(), weight=rb.uniform(0, G_MAX), delay=DT, plasticity=rule
    )
    eng = rb.Engine(nb.build(), seed=4)
    eng.record(spikes=neuron)
    spikes = eng.run(1000.0 * SECONDS).spikes
    rate = np.bincount((np.asarray(spikes.times) // 1000).astype(int), minlength=SECONDS)
    return eng.plastic[0].weights / G_MAX, rate


def balanced() -> tuple[np.ndarray, np.ndarray]:
    """Rates of 200 neurons in each of 40 s: inhibition holds them at 8 Hz, whatever excites them."""
    nb = rb.NetworkBuilder(dt=0.5, seed=2)
    lif = rb.LIF(tau_m=20, v_threshold=15, t_ref=2)
    cells = nb.population("cells", 200, lif)
    inhibition = nb.population("inhibition", 200, rb.LIF(tau_m=20, v_threshold=15, t_ref=2))
    drive = 2200.0 + 6.0 * np.arange(200)  # Hz, from weak to strong
    nb.drive(cells, rb.poisson(rate=drive), weight=0.5)
    nb.drive(inhibition, rb.poisson(rate=2400.0), weight=0.5)
    rule = rb.synapses.vogels_inhibitory(eta=0.01, rate=8.0, W_min=-5.0)
    nb.connect(inhibition, cells, rb.fixed_indegree(60), weight=-0.01, delay=0.5, plasticity=rule)
    eng = rb.Engine(nb.build(), seed=2)
    eng.record(spikes=cells)
    found = []
    for _ in range(40):
        found.append(np.bincount(eng.run(1000.0).spikes.ids - cells.first, minlength=200))
    return np.array(found), drive


weights, rate = competing()
rates, drive = balanced()
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
axes[0].hist(weights, bins=np.linspace(0, 1, 26))
axes[0].set(xlabel="weight / strongest", ylabel="synapses", title=f"after {SECONDS} s")
axes[1].plot(rate)
axes[1].set(xlabel="time / s", ylabel="rate / Hz", title="the neuron they compete for")
for k, label in ((0, "first second"), (-1, "last ten")):
    shown = rates[0] if k == 0 else rates[-10:].mean(axis=0)
    axes[2].plot(drive / 1000, shown, ".", markersize=3, label=label)
axes[2].axhline(8, color="0.8", zorder=0)
axes[2].set(xlabel="excitation / kHz", ylabel="rate / Hz", title="inhibition learns to balance")
axes[2].legend(frameon=False)
plt.savefig("stdp_competition.png")

edges = 100 * np.mean((weights < 0.1) | (weights > 0.9))
early, late = rate[:5].mean(), rate[-20:].mean()
print(f"weights at either end: {edges:.0f} %; rate {early:.0f} Hz, then {late:.0f} Hz")
held = rates[-10:].mean(axis=0)
apart = f"{rates[0].std():.1f} Hz apart at first, {held.std():.1f} Hz then"
print(f"balanced at {held.mean():.1f} Hz: {apart}")
assert edges > 50
assert late < early
assert abs(held.mean() - 8) < 1
assert held.std() < rates[0].std()
