# SPDX-License-Identifier: Apache-2.0
"""Networks described in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._area import gradient_of, size_of
from ._synapses import delay_in_steps, synapse_columns
from .errors import InvalidArgumentError
from .network import Network
from .neurons import LIF, DriveRule, Neuron
from .population import Population, Selectors, populations
from .units import thread_count, value_in, whole


class NetworkBuilder:
    """Describes a network; `build` makes it.

    Args:
        dt: Length of a time step (burst), ms, > 0.
        seed: Wiring seed, from which random rules draw. The run seed is the engine's.
        semantics: Rules of the step: "plain" (a leaky integrate-and-fire neuron), or how FEAGI
            behaves: "feagi-0.0.53", "feagi-0.0.49", "feagi-2026-02", "feagi-2025-10".
        quantum_bits: Charge is counted in whole multiples of 2**-quantum_bits; chosen if None.
        threads: That build the network; one for each core if None. It is the same with any number.
    """

    def __init__(
        self,
        dt: Any = 1.0,
        seed: int = 1,
        semantics: str = "plain",
        quantum_bits: int | None = None,
        threads: int | None = None,
    ) -> None:
        self.dt = value_in(dt, "ms", "dt")
        self.seed = whole(seed, "seed", most=2**64 - 1)
        bits = None if quantum_bits is None else whole(quantum_bits, "quantum_bits", most=60)
        self._core = _core.Builder(self.dt, self.seed, semantics, bits, thread_count(threads))
        self._populations: dict[str, Population] = {}
        self._numbers: dict[str, int] = {}
        self._neurons: dict[str, LIF | Neuron] = {}

    def population(self, name: str, size: int, neuron: LIF | Neuron = LIF()) -> Population:
        """Adds `size` neurons without voxels. `neuron` may hold arrays with one value for each."""
        return self.area(name, (whole(size, "size", least=1), 1, 1), neuron)

    def area(
        self,
        name: str,
        shape: Sequence[int],
        neuron: LIF | Neuron = Neuron(),
        *,
        neurons_per_voxel: int = 1,
        threshold_gradient: Sequence[float] = (0.0, 0.0, 0.0),
        psp_uniform: bool = True,
        psp_potential_driven: bool = False,
        role: str = "custom",
    ) -> Population:
        """Adds an area of voxels x, y, z (FEAGI: cortical area).

        threshold_gradient: added to the threshold per voxel along x, y, z.
        psp_uniform: a spike brings each synapse its whole charge; otherwise it is divided among them.
        psp_potential_driven: the charge is the potential at firing.
        """
        size = size_of(shape, name)
        per = whole(neurons_per_voxel, "neurons_per_voxel", least=1)
        count = size[0] * size[1] * size[2] * per
        varied = neuron.arrays(count)
        number = self._core.add_area(
            name,
            list(size),
            per,
            neuron.core(self.dt, 0 if varied else None),
            gradient_of(threshold_gradient, name, varied),
            psp_uniform,
            psp_potential_driven,
            role,
        )
        made = Population(name, self._core.first(number), count, size, per, role)
        self._populations[name] = made
        self._numbers[name] = number
        if varied:
            self._neurons[name] = neuron
        return made

    def connect(
        self,
        pre: Selectors,
        post: Selectors,
        rule: _core.ConnectionRule,
        weight: Any = 1.0,
        delay: Any = None,
        psp: float = 1.0,
    ) -> None:
        """Connects each population of `pre` with each of `post`.

        weight: mV that a spike adds, negative for inhibition. delay: ms, a multiple of dt, 1 to 255
        steps; one step if None. psp: factor of the weight (FEAGI), 1 elsewhere. Several calls for one
        pair of populations make parallel synapses.
        """
        w = value_in(weight, "mV", "weight")
        steps = delay_in_steps(delay, self.dt)
        for a in populations(pre, "pre"):
            for b in populations(post, "post"):
                self._core.connect(self._number(a), self._number(b), rule, w, psp, steps)

    def connect_pairs(
        self,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        weight: Any = 1.0,
        delay: Any = None,
        psp: Any = 1.0,
    ) -> None:
        """Single synapses between neurons by their ids in the network; `weight` (mV), `delay` (ms) and
        `psp` are one value for all or arrays."""
        limit = sum(p.size for p in self._populations.values())
        self._core.connect_pairs(*synapse_columns(pre, post, weight, delay, psp, limit, self.dt))

    def drive(self, targets: Selectors, rule: DriveRule, weight: Any = 1.0) -> None:
        """External input of `weight` mV per event into all neurons of populations."""
        if not isinstance(rule, DriveRule):
            raise InvalidArgumentError(
                f"{rule!r} is not a drive. Use rheobase.poisson(rate), regular(rate) or constant()."
            )
        w = value_in(weight, "mV", "weight")
        for p in populations(targets, "targets"):
            self._core.drive(self._number(p), rule.kind, w, rule.rate)

    def build(self) -> Network:
        """The network. The builder can go on and build another one."""
        network = self._core.build()
        edit = _core.NetworkEdit()
        for name, neuron in self._neurons.items():
            _set_arrays(edit, self._populations[name], neuron, self.dt)
        return Network(network.edited(edit) if len(edit) else network)

    def _number(self, population: Population) -> int:
        if self._populations.get(population.name) != population:
            raise InvalidArgumentError(f"{population!r} is not of this builder.")
        return self._numbers[population.name]


def _set_arrays(edit: _core.NetworkEdit, p: Population, neuron: LIF | Neuron, dt: float) -> None:
    """Runs of equal neurons become one operation each."""
    varied = neuron.arrays(p.size)
    columns = [np.unique(np.asarray(v), return_inverse=True)[1] for v in varied.values()]
    keys = np.stack(columns, axis=-1)
    starts = np.concatenate(([0], np.flatnonzero((np.diff(keys, axis=0) != 0).any(axis=1)) + 1))
    ends = np.append(starts[1:], p.size)
    for a, b in zip(starts.tolist(), ends.tolist(), strict=True):
        edit.set_params(p.first + a, b - a, neuron.core(dt, a))
