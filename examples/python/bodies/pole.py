# SPDX-License-Identifier: Apache-2.0
"""A pole on a cart, as Gymnasium's CartPole-v1 has it (Barto, Sutton and Anderson 1983)."""

import math
import random


class Pole:
    """The body: `push` it, read `seen`, until it `fell`."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self._state = [chance.uniform(-0.05, 0.05) for _ in range(4)]

    @property
    def seen(self) -> list[float]:
        """Position (m) and speed of the cart, angle (rad) and angular speed of the pole."""
        return list(self._state)

    @property
    def fell(self) -> bool:
        """True beyond 2.4 m or 12 degrees."""
        return abs(self._state[0]) > 2.4 or abs(self._state[2]) > math.radians(12)

    def push(self, right: bool) -> None:
        """10 N for 20 ms."""
        x, v, angle, turn = self._state
        force, gravity, cart, pole, length, dt = 10.0 if right else -10.0, 9.8, 1.0, 0.1, 0.5, 0.02
        swing = (force + pole * length * turn**2 * math.sin(angle)) / (cart + pole)
        inertia = length * (4 / 3 - pole * math.cos(angle) ** 2 / (cart + pole))
        turning = (gravity * math.sin(angle) - math.cos(angle) * swing) / inertia
        rolling = swing - pole * length * turning * math.cos(angle) / (cart + pole)
        steps = (v, rolling, turn, turning)
        self._state = [s + dt * step for s, step in zip((x, v, angle, turn), steps, strict=True)]
