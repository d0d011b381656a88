# SPDX-License-Identifier: Apache-2.0
"""The network that all simulators run: n neurons, k random synapses each; every neuron fires every `period` steps.

What is delivered stays far below the threshold, so the same neurons fire in the same steps everywhere. A driver is called as
`DRIVER FOLDER NEURONS SYNAPSES PERIOD BURSTS THREADS` and prints one JSON object: `spikes` in all bursts, `bytes` of memory that
the network took, `ms` a burst in each of some stretches.
"""

import json
import pathlib
import sys
import time

import numpy as np

STRETCHES = 5


def write(folder: pathlib.Path, neurons: int, synapses: int, period: int) -> None:
    """posts.u32: the targets, row by row. fired.u32: for each step of a period how many fire, and who."""
    draw = np.random.default_rng(1)
    draw.integers(0, neurons, neurons * synapses, dtype=np.uint32).tofile(folder / "posts.u32")
    phase = draw.permutation(neurons) % period
    phase.astype(np.uint32).tofile(folder / "phase.u32")
    with open(folder / "fired.u32", "wb") as out:
        for step in range(period):
            fired = np.flatnonzero(phase == step).astype(np.uint32)
            np.array([fired.size], np.uint32).tofile(out)
            fired.tofile(out)


class Workload:
    """What a driver in Python is called with."""

    def __init__(self) -> None:
        folder, *numbers = sys.argv[1:]
        self.neurons, self.synapses, self.period, self.bursts, self.threads = map(int, numbers)
        self.folder = pathlib.Path(folder)
        self.phase = np.fromfile(self.folder / "phase.u32", np.uint32)

    def posts(self) -> np.ndarray:
        return np.fromfile(self.folder / "posts.u32", np.uint32)

    def pres(self) -> np.ndarray:
        return np.repeat(np.arange(self.neurons, dtype=np.uint32), self.synapses)


def resident() -> int:
    """Memory that this process holds, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def timed(run, bursts: int) -> list[float]:
    """Milliseconds a burst, in each of some stretches; one more goes before."""
    run(bursts)
    times = []
    for _ in range(STRETCHES):
        start = time.perf_counter()
        run(bursts)
        times.append((time.perf_counter() - start) / bursts * 1e3)
    return times


def report(spikes: int, memory: int, ms: list[float]) -> None:
    print(json.dumps({"spikes": int(spikes), "bytes": memory, "ms": ms}))
