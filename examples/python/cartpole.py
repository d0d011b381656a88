# SPDX-License-Identifier: Apache-2.0
"""A spiking network balances Gymnasium's CartPole.

Each observation drives a pair of populations, one while it is positive, one while it is negative; both
act on two pools of neurons that push the cart left and right. The weights are those of a plain linear
controller: push toward where the pole falls.
"""

import sys

import numpy as np

import rheobase as rb

try:
    import gymnasium
except ImportError:
    sys.stderr.write("needs gymnasium (pip install gymnasium)\n")
    sys.exit(77)

SCALE = np.array([2.4, 2.0, 0.2, 2.0])  # observations at which a population is driven by 1 mV
SENSES = ("position", "speed", "angle", "turn")
WEIGHTS = (0.2, 0.6, 1.0, 1.2)  # mV, of cart position and speed, pole angle and angular speed
NEURONS = 20  # in each population
STEPS = 10  # ms of brain for each 20 ms of the world


def network() -> rb.Network:
    """Eight populations that sense, two that push."""
    nb = rb.NetworkBuilder(dt=1.0, seed=1)
    sensor = rb.LIF(tau_m=10, v_threshold=1, v_reset=0)
    push = rb.LIF(tau_m=20, v_threshold=10, v_reset=0)
    left, right = nb.population("left", NEURONS, push), nb.population("right", NEURONS, push)
    for name, weight in zip(SENSES, WEIGHTS, strict=True):
        for sign, toward, away in (("+", right, left), ("-", left, right)):
            senses = nb.population(name + sign, NEURONS, sensor)
            nb.connect(senses, toward, rb.all_to_all(), weight=weight / NEURONS * 10)
            nb.connect(senses, away, rb.all_to_all(), weight=-weight / NEURONS * 10)
    return nb.build()


def balance(engine: rb.Engine, seed: int) -> int:
    """Steps until the pole falls, 500 at most."""
    net = engine.network
    engine.record(spikes=[net["left"], net["right"]])
    senses = np.concatenate([net[n + s].ids for n in SENSES for s in "+-"])
    spread = np.linspace(0.5, 1.5, NEURONS)  # neurons differ, so that together they are graded
    world = gymnasium.make("CartPole-v1")
    seen, _ = world.reset(seed=seed)
    for step in range(1, 501):
        potentials = (rb.encode.signed_pair(seen / SCALE)[..., None] * spread).ravel()
        counts = np.zeros(2, int)
        for _ in range(STEPS):
            engine.inject(senses, potentials)
            spikes = engine.run(bursts=1).spikes
            counts += len(spikes["left"]), len(spikes["right"])
        tie = counts[0] == counts[1]
        seen, _, fell, _, _ = world.step(step % 2 if tie else int(rb.decode.winner(counts)))
        if fell:
            return step
    return 500


def main() -> None:
    """Five episodes."""
    net = network()
    lengths = [balance(rb.Engine(net, backend="cpu"), seed) for seed in range(5)]
    print(
        f"{len(lengths)} episodes: {', '.join(map(str, lengths))} steps (500 at most; at random about 22)"
    )
    assert np.median(lengths) > 150, "the pole falls too soon"


if __name__ == "__main__":
    main()
