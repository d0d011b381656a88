# SPDX-License-Identifier: Apache-2.0
"""How a synapse changes with the time between the spikes of its ends: pairs, and triplets at several rates.

Bi & Poo, J. Neurosci. 18:10464 (1998) measured the window with 60 pairs; Sjöström et al., Neuron 32:1149
(2001) how it depends on the rate of pairing, which the rule of Pfister & Gerstner (2006) describes.
"""

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

import rheobase as rb

DT, PAIRS = 0.5, 60  # ms
LAGS = np.arange(-80.0, 80.5, 2.5)  # ms, the target's spike after the source's
LAGS = LAGS[LAGS != 0]
# fires when it is told to, whatever it hears
GIVEN = rb.Model("model given; port heard sum; port told sum; fire told > 0")


def changes(
    rule: rb.SynapseModel, lags: npt.NDArray[np.float64], interval: float
) -> npt.NDArray[np.float64]:
    """Relative change of a synapse of each lag after pairs of spikes, one every `interval` ms."""
    nb = rb.NetworkBuilder(dt=DT)
    pre = nb.population("pre", len(lags), GIVEN)
    post = nb.population("post", len(lags), GIVEN)
    nb.connect(pre, post, rb.one_to_one(), weight=0.5, delay=DT, plasticity=rule)
    eng = rb.Engine(nb.build())
    begins = 100 + interval * np.arange(PAIRS)
    # a spike needs a step to the synapse
    times = np.concatenate([begins.repeat(len(lags)) - DT, (begins[:, None] + lags).ravel()])
    ids = np.concatenate([np.tile(pre.first + np.arange(len(lags)), PAIRS)] * 2)
    ids[ids.size // 2 :] += len(lags)
    eng.schedule(times, ids, 1.0, port="told")
    eng.run(float(np.ceil(times.max() / DT) * DT + 10))
    return np.asarray(eng.plastic[0].weights / 0.5 - 1, np.float64)


pairs = changes(rb.synapses.stdp_additive(A_plus=0.005, A_minus=0.0035, tau_minus=34), LAGS, 1000.0)
triplets = rb.synapses.stdp_triplet(A3_minus=0.0, W_max=5)
rates = np.array([0.1, 5.0, 10.0, 20.0, 40.0])
by_rate = np.array([changes(triplets, np.array([-10.0, 10.0]), 1000 / rate) for rate in rates])

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
left.axhline(0, color="0.8")
left.plot(LAGS, 100 * pairs, "o", markersize=3)
left.set(xlabel="target after source / ms", ylabel="change / %", title="60 pairs, one a second")
right.axhline(0, color="0.8")
for column, label in ((1, "target 10 ms after source"), (0, "target 10 ms before source")):
    right.plot(rates, 100 * by_rate[:, column], "o-", markersize=3, label=label)
right.set(xlabel="pairs a second", title="triplets: the rate counts")
right.legend(frameon=False)
plt.savefig("stdp_window.png")

print(
    f"pairs 10 ms apart: {100 * pairs[LAGS == 10][0]:+.0f} % and {100 * pairs[LAGS == -10][0]:+.0f} %"
)
print(f"triplets at 40 Hz: {100 * by_rate[-1, 1]:+.0f} % and {100 * by_rate[-1, 0]:+.0f} %")
assert pairs[LAGS > 0].min() > 0 > pairs[LAGS < 0].max()
assert by_rate[-1].min() > 0 > by_rate[0, 0]  # at a high rate both orders potentiate
