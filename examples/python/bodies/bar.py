# SPDX-License-Identifier: Apache-2.0
"""A small body: a camera on a turning head, and a bar that moves to and fro before it.

Places are columns of the camera's picture. The motor changes how fast the head turns, as muscles of the
eye do in the optokinetic reflex: whatever slips over the retina speeds the head up in that direction,
until nothing slips.
"""

from dataclasses import dataclass, field

import numpy as np

GAIN = 0.15  # columns a burst, by which a burst of the motor changes the speed
SPEED = 0.12  # columns a burst, of the bar
TURN = 120  # bursts after which the bar turns back


@dataclass
class Body:
    """Camera, head and the world that moves before them."""

    width: int  #: of the camera, columns and rows
    motor_is_cut: bool = False
    head: float = 0.0
    speed: float = 0.0
    burst: int = 0
    heads: list[float] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)

    def bar(self) -> float:
        """Where the bar is in the world: a triangle wave around 0."""
        phase = (self.burst + TURN / 2) % (2 * TURN)
        return SPEED * (min(phase, 2 * TURN - phase) - TURN / 2)

    def picture(self) -> np.ndarray:
        """What the camera sees: a bright column, if the bar is in view."""
        picture = np.zeros((self.width, self.width), np.float32)
        column = round(self.bar() - self.head + (self.width - 1) / 2)
        if 0 <= column < self.width:
            picture[:, column] = 1.5
        return picture

    def move(self, motor: np.ndarray, half: int) -> None:
        """One burst goes by. motor: voxels (n, 3) that fired; those from column `half` on turn right."""
        if not self.motor_is_cut and len(motor):
            right = int((motor[:, 0] >= half).sum())
            self.speed += GAIN * np.sign(right - (len(motor) - right))
        self.head += self.speed
        self.burst += 1
        self.heads.append(self.head)
        self.bars.append(self.bar())

    def error(self) -> float:
        """Mean distance of the bar from where the camera looks, in columns."""
        return float(np.mean(np.abs(np.subtract(self.heads, self.bars))))
