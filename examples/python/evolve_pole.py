# SPDX-License-Identifier: Apache-2.0
"""Evolution: brains learn to balance Gymnasium's CartPole, a generation at a time.

All brains of a generation run in one engine, each with weights of its own and before a world of its own.
A genome is four numbers: how strongly cart position and speed, pole angle and angular speed push. The best
quarter become parents of the next generation, with small random changes.
"""

import sys

import numpy as np

import rheobase as rb

try:
    import gymnasium
except ImportError:
    sys.stderr.write("needs gymnasium (pip install gymnasium)\n")
    sys.exit(77)

BRAINS, GENERATIONS, MOST_STEPS = 32, 12, 200
SCALE = np.array([2.4, 2.0, 0.2, 2.0])  # observations at which neurons are driven by 1 mV
NEURONS = 10  # in each population


def network() -> rb.Network:
    """Neurons that sense, in pairs for positive and negative values, all connected with two that push."""
    nb = rb.NetworkBuilder(dt=1.0, quantum_bits=16)  # weights are multiples of 2^-16
    senses = nb.population("senses", 8 * NEURONS, rb.LIF(tau_m=10, v_threshold=1, v_reset=0))
    push = nb.population("push", 2, rb.LIF(tau_m=20, v_threshold=10, v_reset=0))
    nb.connect(senses, push, rb.all_to_all(), weight=0.5)
    return nb.build()


def weights_of(genomes: np.ndarray) -> np.ndarray:
    """(brains, synapses): what is positive pushes right and keeps from pushing left, and the reverse."""
    signs = np.array([[-1, 1], [1, -1]])  # of a pair (+, -), toward (left, right)
    weights = genomes[:, :, None, None, None] * signs[:, None, :] * np.ones((NEURONS, 1)) / NEURONS
    flat: np.ndarray = weights.reshape(len(genomes), -1)
    return flat


def live(brains: rb.VectorEngine, seed: int) -> np.ndarray:
    """Steps until the pole of each falls, MOST_STEPS at most."""
    worlds = gymnasium.make_vec("CartPole-v1", num_envs=BRAINS, vectorization_mode="sync")
    seen, _ = worlds.reset(seed=seed)
    brains.reset()
    spread = np.linspace(0.5, 1.5, NEURONS)  # neurons differ, so that together they are graded
    steps, alive = np.zeros(BRAINS, int), np.ones(BRAINS, bool)
    while alive.any() and steps.max() < MOST_STEPS:
        potentials = rb.encode.signed_pair(seen / SCALE)[..., None] * spread
        counts = brains.step(10, potentials.reshape(BRAINS, -1), running=alive)
        seen, _, fell, _, _ = worlds.step((counts[:, 1] > counts[:, 0]).astype(int))
        steps += alive
        alive &= ~fell
    return steps


def main() -> None:
    """Generations until half of the brains hold the pole up to the end."""
    net = network()
    brains = rb.VectorEngine(net, BRAINS, inputs="senses", outputs=[net["push"][0], net["push"][1]])
    pre, post = (
        ids.ravel() for ids in np.meshgrid(net["senses"].ids, net["push"].ids, indexing="ij")
    )
    draw = np.random.default_rng(1)
    genomes = draw.normal(0, 2, (BRAINS, 4))
    for generation in range(GENERATIONS):
        brains.set_weights(pre, post, weights_of(genomes), rounded=True)
        steps = live(brains, seed=generation)
        print(f"generation {generation}: {np.median(steps):.0f} steps, the best {steps.max()}")
        if np.median(steps) >= MOST_STEPS:
            break
        parents = genomes[np.argsort(-steps, kind="stable")[: BRAINS // 4]]
        genomes = parents[draw.integers(len(parents), size=BRAINS)] + draw.normal(
            0, 0.7, (BRAINS, 4)
        )
    best = genomes[steps.argmax()]
    print("its weights of position, speed, angle, angular speed:", np.round(best, 2))
    assert np.median(steps) > 100, "nothing was learnt"


if __name__ == "__main__":
    main()
