# SPDX-License-Identifier: Apache-2.0
"""Rheobase: a scheduled input makes a neuron fire."""

import os

import numpy as np
from workload import STRETCHES, Workload, report, resident, timed

import rheobase as rb

w = Workload()
before = resident()
pre, post = w.pres(), w.posts()
neuron = rb.Neuron(threshold=1e9)
net = rb.Network.from_arrays(pre, post, 1.0, size=w.neurons, neuron=neuron)
del pre, post
# of the threads that there are, as many as it chooses itself
eng = rb.Engine(net, backend="cpu", threads=None if w.threads == os.cpu_count() else w.threads)
memory = resident() - before
steps = 1 + np.arange(w.bursts * (STRETCHES + 1))
fired = [np.flatnonzero(w.phase == step) for step in range(w.period)]
lists = [fired[step % w.period] for step in steps]
eng.schedule(np.repeat(steps, [ids.size for ids in lists]), np.concatenate(lists), 2e9)
eng.record()
spikes = 0


def run(bursts):
    global spikes
    spikes += eng.run(bursts=bursts).counters.spikes.sum()


ms = timed(run, w.bursts)
report(spikes, memory, ms)
