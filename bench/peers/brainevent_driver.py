# SPDX-License-Identifier: Apache-2.0
"""brainevent on JAX, CPU: the step is written here, the delivery is brainevent's event-driven product."""

import os

from workload import Workload, report, resident, timed

w = Workload()
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["NUMBA_NUM_THREADS"] = str(w.threads)
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if w.threads > 1 else 'false'}"

import brainevent
import jax
import jax.numpy as jnp

before = resident()
posts = jnp.asarray(w.posts().reshape(w.neurons, w.synapses).astype("int32"))
connections = brainevent.FixedNumPerPre(
    (jnp.asarray(1e-9, jnp.float32), posts), shape=(w.neurons, w.neurons)
)
potential = jnp.asarray(((w.period - w.phase) % w.period).astype("float32"))
fired = jnp.zeros(w.neurons, bool)


@jax.jit
def step(potential, fired):
    received = brainevent.BinaryArray(fired) @ connections
    v = potential + 1.0 + received
    fires = v > w.period - 0.5
    return jnp.where(fires, 0.0, v), fires, jnp.sum(fires)


state = jax.block_until_ready(step(potential, fired))
memory = resident() - before
spikes = 0


def run(bursts):
    global state, spikes
    for _ in range(bursts):
        state = step(state[0], state[1])
        spikes += state[2]
    jax.block_until_ready(state)


state = (potential, fired, 0)
ms = timed(run, w.bursts)
report(int(spikes), memory, ms)
