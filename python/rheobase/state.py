# SPDX-License-Identifier: Apache-2.0
"""What changes while a network runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ._arrays import Ids


@dataclass
class State:
    """What changes while a network runs, one value for each neuron. It moves between engines of the
    same network, whatever their backend."""

    burst: int  #: number of the last finished step
    v: npt.NDArray[np.float32]  #: potential relative to rest, mV
    refractory_countdown: npt.NDArray[np.uint16]
    fire_count: npt.NDArray[np.uint16]
    snooze_countdown: npt.NDArray[np.uint16]
    forget: npt.NDArray[np.uint8]
    #: (ids, potentials at firing) of the last steps, newest first; as many as the longest delay
    fired: list[tuple[Ids, npt.NDArray[np.float32]]]
