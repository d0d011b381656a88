# SPDX-License-Identifier: Apache-2.0
"""Why a neuron fired, or did not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ._arrays import Ids
from ._by_value import ByValue


@dataclass(frozen=True, eq=False)
class Why(ByValue):
    """All terms of one neuron in one time step; printing it shows them. Potentials in mV, absolute."""

    neuron: int  #: id in the network
    burst: int
    fired: bool
    verdict: str  #: what decided, in one line
    before: float  #: potential
    synaptic: float  #: sum of all synapses
    injected: float  #: sum of all injections and drives
    tested: float  #: what was compared with the threshold
    after: float
    pre: Ids  #: sources whose spikes arrived; the next four have one value for each
    delay: npt.NDArray[np.uint32]  #: time steps
    weight: npt.NDArray[np.float32]
    psp: npt.NDArray[np.float32]
    charge: npt.NDArray[np.float64]
    injections: tuple[tuple[str, int, float], ...]  #: where from, events, potential
    branches: tuple[str, ...]  #: of the step
    _text: str = field(repr=False, default="")

    def __str__(self) -> str:
        return self._text


def from_facts(neuron: int, facts: dict[str, Any]) -> Why:
    """What the core says of a neuron."""
    return Why(
        neuron,
        facts["burst"],
        facts["fired"],
        facts["verdict"],
        facts["before"],
        facts["synaptic"],
        facts["injected"],
        facts["tested"],
        facts["after"],
        facts["pre"],
        facts["delay"],
        facts["weight"],
        facts["psp"],
        facts["charge"],
        tuple(facts["injections"]),
        tuple(facts["branches"]),
        facts["text"],
    )
