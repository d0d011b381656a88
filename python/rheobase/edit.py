# SPDX-License-Identifier: Apache-2.0
"""Changes to a network, live or not."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._area import gradient_of, size_of
from ._arrays import floats_of, ids_of, ranges_of
from ._synapses import delay_in_steps, synapse_columns
from .population import Population, Selection
from .units import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .network import Network
    from .neurons import LIF, Neuron


class Edit:
    """Changes, in order. Ids are those of the network.

    with engine.editing() as edit:
        edit.set_neurons(E[:10], rb.LIF(v_threshold=15))
        edit.set_weight(0, 5, 0.3)
    """

    def __init__(self, network: Network, apply: Callable[[Edit], None] | None = None) -> None:
        self._network = network
        self._apply = apply
        self._core = _core.NetworkEdit()
        self._neuron_count = network.neuron_count

    def __len__(self) -> int:
        return len(self._core)

    def set_neurons(self, which: Population | Selection, neuron: LIF | Neuron) -> None:
        """New parameters; potentials and countdowns stay."""
        part = self._network.part(which)
        if neuron.arrays(len(part)):
            for k, i in enumerate(part.ids.tolist()):
                self._core.set_params(i, 1, neuron.core(self._network.dt, k))
            return
        params = neuron.core(self._network.dt)
        for first, count in ranges_of(part.ids):
            self._core.set_params(first, count, params)

    def set_psp_mode(
        self, which: Population | Selection, *, uniform: bool = True, potential_driven: bool = False
    ) -> None:
        """How spikes of these neurons make their charge; see `NetworkBuilder.area`."""
        for first, count in ranges_of(self._network.part(which).ids):
            self._core.set_psp_mode(first, count, uniform, potential_driven)

    def population(self, name: str, size: int, neuron: LIF | Neuron | None = None) -> Population:
        """Adds `size` neurons without voxels, whose ids follow all others."""
        return self.area(name, (whole(size, "size", least=1), 1, 1), neuron)

    def area(
        self,
        name: str,
        shape: Sequence[int],
        neuron: LIF | Neuron | None = None,
        *,
        neurons_per_voxel: int = 1,
        threshold_gradient: Sequence[float] = (0.0, 0.0, 0.0),
        psp_uniform: bool = True,
        psp_potential_driven: bool = False,
        role: str = "custom",
    ) -> Population:
        """Adds an area of voxels x, y, z, as `NetworkBuilder.area`; its ids follow all others. What the
        engine records stays as it was."""
        from .neurons import LIF

        kind = LIF() if neuron is None else neuron
        size = size_of(shape, name)
        per = whole(neurons_per_voxel, "neurons_per_voxel", least=1)
        count = size[0] * size[1] * size[2] * per
        varied = kind.arrays(count)
        dt = self._network.dt
        gradient = gradient_of(threshold_gradient, name, varied)
        self._core.add_area(
            name,
            list(size),
            per,
            kind.core(dt, 0 if varied else None),
            gradient,
            psp_uniform,
            psp_potential_driven,
            role,
        )
        made = Population(name, self._neuron_count, count, size, per, role)
        self._neuron_count += count
        for k in range(count if varied else 0):
            self._core.set_params(made.first + k, 1, kind.core(dt, k))
        return made

    def add_synapses(
        self,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        weight: Any = 1.0,
        delay: Any = None,
        psp: Any = 1.0,
    ) -> None:
        """New synapses; `weight` (mV), `delay` (ms) and `psp` are one value for all or arrays."""
        network = self._network
        self._core.add_synapses(
            *synapse_columns(pre, post, weight, delay, psp, self._neuron_count, network.dt)
        )

    def remove_synapse(self, pre: int, post: int) -> None:
        """The first synapse pre -> post; none is an error when the edit is applied."""
        self._core.remove_synapse(self._one(pre, "pre"), self._one(post, "post"))

    def set_weight(self, pre: int, post: int, weight: float) -> None:
        """Of the first synapse pre -> post."""
        w = floats_of(weight, 1, "weight")
        self._core.set_weight(self._one(pre, "pre"), self._one(post, "post"), float(w[0]))

    def set_delay(self, pre: int, post: int, delay: Any) -> None:
        """Of the first synapse pre -> post, ms; it comes behind all others of that pair and delay."""
        steps = delay_in_steps(delay, self._network.dt)
        self._core.set_delay(self._one(pre, "pre"), self._one(post, "post"), steps)

    def set_psp(self, which: Population | Selection, psp: float) -> None:
        """Of every synapse that leaves these neurons."""
        value = float(floats_of(psp, 1, "psp")[0])
        for first, count in ranges_of(self._network.part(which).ids):
            self._core.set_psp(first, count, value)

    def delete_neurons(self, ids: npt.ArrayLike) -> None:
        """They never fire again; their synapses are removed; their ids are not used again."""
        for first, count in ranges_of(np.unique(self._ids(ids, "ids")).astype(np.uint32)):
            self._core.delete_neurons(first, count)

    def __enter__(self) -> Edit:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._apply is not None and len(self):
            self._apply(self)

    def _ids(self, values: npt.ArrayLike, what: str) -> npt.NDArray[np.uint32]:
        return ids_of(values, self._neuron_count, what)

    def _one(self, value: int, what: str) -> int:
        return int(self._ids([value], what)[0])
