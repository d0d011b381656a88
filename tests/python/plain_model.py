# SPDX-License-Identifier: Apache-2.0
"""The plain neuron in NumPy, step by step, from the description in docs/state.md: a model that knows
nothing of the engine."""

from __future__ import annotations

import numpy as np


class PlainModel:
    """Leaky integrate-and-fire neurons with whole charges, in float32 as the documentation says."""

    def __init__(
        self, n: int, keep: float, threshold: float, reset: float, refractory: int
    ) -> None:
        self.n = n
        self.keep, self.threshold, self.reset = (
            np.float32(keep),
            np.float32(threshold),
            np.float32(reset),
        )
        self.refractory = refractory
        self.v = np.zeros(n, np.float32)
        self.countdown = np.zeros(n, np.int64)
        self.synapses: list[tuple[int, int, int, int]] = []  # pre, post, weight, delay
        self.history: list[set[int]] = []

    def step(self, injected: dict[int, float]) -> set[int]:
        sums = np.zeros(self.n, np.int64)
        for pre, post, weight, delay in self.synapses:
            if delay <= len(self.history) and pre in self.history[-delay]:
                sums[post] += weight
        fired = set()
        for i in range(self.n):
            if self.countdown[i] > 0:
                self.countdown[i] -= 1
                continue
            total = np.float32(np.float32(injected.get(i, 0.0)) + np.float32(sums[i]))
            self.v[i] = np.float32(np.float32(self.v[i] * self.keep) + total)
            if self.v[i] >= self.threshold:
                fired.add(i)
                self.v[i] = self.reset
                self.countdown[i] = self.refractory
        # the state of a network holds as many past steps as its longest delay, so that a longer one
        # added later finds no older spikes
        longest = max([delay for *_, delay in self.synapses], default=1)
        self.history = [*self.history, fired][-longest:]
        return fired
