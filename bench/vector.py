# SPDX-License-Identifier: Apache-2.0
"""Steps of learning environments a second: 200 neurons, ten bursts a step, by public calls.

vector.py [members] [threads]. The network is that of examples/python/cartpole.py. Also steps by processor
time, which other programs do not change.
"""

import pathlib
import sys
import time

import numpy as np

import rheobase as rb

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "examples" / "python"))


def main() -> None:
    from cartpole import network

    net = network()
    given = [int(a) for a in sys.argv[1:]]
    members, threads = (given + [64, 2][len(given) :])[:2]
    names = ("position", "speed", "angle", "turn")
    for level in (0.2, 0.7):
        brains = rb.VectorEngine(
            net,
            members,
            inputs=[n + "+" for n in names],
            outputs=["left", "right"],
            threads=threads,
        )
        potentials = np.full((members, brains.inputs), level, np.float32)
        brains.step(10, potentials)
        steps = 40_000 // members
        wall, processor = time.perf_counter(), time.process_time()
        spikes = sum(int(brains.step(10, potentials).sum()) for _ in range(steps))
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        n = steps * members
        print(
            f"{members} members, {threads} threads, input {level} mV, {spikes / n:.0f} output spikes a step: "
            f"{n / wall:,.0f} steps/s, {processor / n * 1e6:.1f} us of processor time a step"
        )


if __name__ == "__main__":
    main()
