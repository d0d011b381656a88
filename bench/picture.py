# SPDX-License-Identifier: Apache-2.0
"""What a camera's picture onto an area costs in Python: 640 x 480, by type and stride, processor time.

Run with build/tests/python on PYTHONPATH. bench/picture.cpp is the same in C++.
"""

import statistics
import time

import numpy as np

import rheobase as rb


def median(engine: rb.Engine, picture: np.ndarray, times: int = 100) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        engine.inject("camera", picture)
        taken.append(time.process_time() - start)
        engine.run(bursts=1)
    return statistics.median(taken) * 1e3


def main() -> None:
    nb = rb.NetworkBuilder()
    nb.area("camera", (640, 480, 1), rb.Neuron(threshold=1e6))
    engine = rb.Engine(nb.build(), "cpu", threads=1)
    engine.record()
    full = np.random.default_rng(1).integers(1, 256, (480, 640))
    sparse = full * (full % 10 == 0)
    for name, picture in (("all", full), ("1 in 10", sparse)):
        for kind in (np.uint8, np.uint16, np.float32, np.float64):
            print(f"{np.dtype(kind).name:8} {name:8} {median(engine, picture.astype(kind)):.2f} ms")
    wide = np.zeros((480, 1280, 3), np.uint8)
    wide[:, ::2, 1] = full
    print(f"every second column of the green channel: {median(engine, wide[:, ::2, 1]):.2f} ms")
    print(f"upside down: {median(engine, full.astype(np.uint8)[::-1]):.2f} ms")


if __name__ == "__main__":
    main()
