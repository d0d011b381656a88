# SPDX-License-Identifier: Apache-2.0
"""Changes to a network, live or not."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._area import gradient_of, shape_of
from ._arrays import floats_of, ids_of, ranges_of
from ._copying import NotCopied
from ._synapses import delay_in_steps, pair_columns, synapse_columns
from .errors import InvalidArgumentError, WrongTypeError
from .model import Model, port_of_targets
from .population import Population, Selection
from .units import flag, float32_in, shown, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .network import Network
    from .neurons import LIF, Neuron


class Edit(NotCopied):
    """Changes, in order. Ids are those of the network; populations are given by name or as they are. A call
    that raises adds nothing.

    with engine.editing() as edit:
        edit.set_neurons(E[:10], rb.LIF(v_threshold=15))
        edit.set_weights([0, 0], [5, 6], [0.3, 0.4])
    """

    _instead = "Apply it to each engine, or make another."

    def __init__(self, network: Network, apply: Callable[[Edit], None] | None = None) -> None:
        from .network import Network

        if not isinstance(network, Network):
            raise WrongTypeError(f"{shown(network)} is not a Network.")
        if apply is not None and not callable(apply):
            raise WrongTypeError(f"apply = {shown(apply)} cannot be called.")
        self._network = network
        self._apply = apply
        self._core = _core.NetworkEdit()
        self._neuron_count = network.neuron_count
        self._names = set(network)
        self._added: list[Population] = []
        self._models = network.models

    def __len__(self) -> int:
        return len(self._core)

    def __repr__(self) -> str:
        return f"<Edit: {len(self):,} changes>"

    def set_neurons(self, which: Population | Selection | str, neuron: LIF | Neuron) -> None:
        """New parameters; potentials and countdowns stay. In a brain of FEAGI's a new refractory period
        does what `set_refractory_period` says, and neurons that no longer accumulate go back to rest.
        """
        part, kind = self._network.part(which), _kind(neuron)
        dt = self._network.dt
        if kind._varied():
            self._set(part, kind._all_values(dt, len(part)))
            return
        params = kind.core(dt)
        for first, count in ranges_of(part.ids):
            self._core.set_params(first, count, params)

    def set_values(self, which: Population | Selection | str, **values: Any) -> None:
        """Parameters of the model of these neurons, each one number for all, one for each, or a
        distribution, from which each draws what it would have drawn when the network was built; their
        states stay (`edit.set_values("E", tau=12)`)."""
        part = self._network.part(which)
        model = self._network.models.get(part.population.name)
        if model is None:
            raise InvalidArgumentError(
                f"the neurons of {part.population!r} have no model. Use set_neurons."
            )
        changed = model(**values)._core_values()
        for name, numbers in changed:
            if isinstance(numbers, np.ndarray) and numbers.size not in (1, len(part)):
                raise InvalidArgumentError(
                    f"{numbers.size} values of {name!r} do not fit {len(part)} neurons. "
                    "Give one, or one for each."
                )
        self._set(part, changed)

    def _set(self, part: Population | Selection, values: list[tuple[str, Any]]) -> None:
        """Arrays with one number or one for each neuron, and distributions."""
        begin = 0
        for first, count in ranges_of(part.ids):
            some = slice(begin, begin + count)
            cut = [
                (k, v[some].copy() if isinstance(v, np.ndarray) and v.size != 1 else v)
                for k, v in values
            ]
            self._core.set_values(first, count, cut)
            begin += count

    def set_refractory_period(self, which: Population | Selection | str, bursts: int) -> None:
        """As FEAGI sets it for an area of a running brain: in one of its brains the runs of fires begin
        anew, though the period be the old one; a running countdown goes on, and ends at once if
        `bursts` is 0."""
        period = whole(bursts, "bursts", most=65535)
        for first, count in ranges_of(self._network.part(which).ids):
            self._core.set_refractory_period(first, count, period)

    def set_accumulates(self, which: Population | Selection | str, on: bool) -> None:
        """As FEAGI sets it for an area of a running brain: off means back to rest at once."""
        value = flag(on, "on")
        for first, count in ranges_of(self._network.part(which).ids):
            self._core.set_accumulates(first, count, value)

    def set_psp_mode(
        self,
        which: Population | Selection | str,
        *,
        uniform: bool = True,
        potential_driven: bool = False,
    ) -> None:
        """How spikes of these neurons make their charge; see `NetworkBuilder.area`."""
        mode = flag(uniform, "uniform"), flag(potential_driven, "potential_driven")
        for first, count in ranges_of(self._network.part(which).ids):
            self._core.set_psp_mode(first, count, *mode)

    def population(
        self, name: str, size: int, neuron: LIF | Neuron | Model | None = None, **values: Any
    ) -> Population:
        """Adds `size` neurons without voxels, whose ids follow all others; `values` as
        `NetworkBuilder.population`."""
        v = None
        if isinstance(neuron, Model):
            neuron = neuron(**values)
        elif values:
            from .neurons import LIF, changed

            v = values.pop("v", None)
            neuron = changed(_kind(LIF() if neuron is None else neuron), values)
        return self.area(name, (whole(size, "size", least=1), 1, 1), neuron, v=v)

    def area(
        self,
        name: str,
        shape: Sequence[int],
        neuron: LIF | Neuron | Model | None = None,
        *,
        neurons_per_voxel: int = 1,
        threshold_gradient: Sequence[float] = (0.0, 0.0, 0.0),
        psp_uniform: bool = True,
        psp_potential_driven: bool = False,
        role: str = "custom",
        v: Any = None,
    ) -> Population:
        """Adds an area of voxels x, y, z, as `NetworkBuilder.area`; its ids follow all others. What the
        engine records stays as it was."""
        from .neurons import LIF, first_potentials

        if isinstance(neuron, Model):
            if v is not None:
                raise InvalidArgumentError(
                    f"population {name!r} has a model, and states of its own. Use model(v=...)."
                )
            return self._model_area(name, shape, neuron, neurons_per_voxel, role)
        kind = _kind(LIF() if neuron is None else neuron)
        if text(name, "name") in self._names:
            raise InvalidArgumentError(f"population {name!r} exists already. Take another name.")
        size, per, count = shape_of(shape, neurons_per_voxel, name)
        dt = self._network.dt
        varied = [*kind._values(dt, count), *first_potentials(v, count)]
        self._core.add_area(
            name,
            list(size),
            per,
            kind._even(dt),
            gradient_of(threshold_gradient, name, any(n == "threshold" for n, _ in varied)),
            flag(psp_uniform, "psp_uniform"),
            flag(psp_potential_driven, "psp_potential_driven"),
            text(role, "role"),
            varied,
        )
        made = Population(name, self._neuron_count, count, size, per, role)
        self._names.add(name)
        self._added.append(made)
        self._neuron_count += count
        return made

    def _model_area(
        self, name: str, shape: Sequence[int], model: Model, neurons_per_voxel: int, role: str
    ) -> Population:
        if text(name, "name") in self._names:
            raise InvalidArgumentError(f"population {name!r} exists already. Take another name.")
        size, per, count = shape_of(shape, neurons_per_voxel, name)
        values = model._core_values()
        self._core.add_model(name, list(size), per, model._core, values, text(role, "role"))
        made = Population(name, self._neuron_count, count, size, per, role)
        self._names.add(name)
        self._added.append(made)
        self._models[name] = model
        self._neuron_count += count
        return made

    def add_synapses(
        self,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        weight: Any = 1.0,
        delay: Any = None,
        psp: Any = 1.0,
        port: str | int | None = None,
    ) -> None:
        """New synapses; `weight` (mV), `delay` (ms) and `psp` are one value for all or arrays. port: where
        they end in neurons with a model."""
        network = self._network
        columns = synapse_columns(pre, post, weight, delay, psp, self._neuron_count, network.dt)
        populations = [*network.populations.values(), *self._added]
        place = port_of_targets(columns[1], populations, self._models, port)
        self._core.add_synapses(*columns, place)

    def remove_synapse(self, pre: int, post: int) -> None:
        """The first synapse pre -> post; none is an error when the edit is applied."""
        self._core.remove_synapse(self._one(pre, "pre"), self._one(post, "post"))

    def set_weight(self, pre: int, post: int, weight: Any) -> None:
        """Of the first synapse pre -> post, mV."""
        self.set_weights([pre], [post], float32_in(weight, "mV", "weight"))

    def set_weights(self, pre: npt.ArrayLike, post: npt.ArrayLike, weight: Any) -> None:
        """Of the first synapse of each pair pre[i] -> post[i], mV: one value for all or an array. A pair
        that has no synapse is an error when the edit is applied, and then nothing is changed."""
        sources, targets = pair_columns(pre, post, self._neuron_count)
        n = int(sources.size)
        self._core.set_weights(sources, targets, floats_of(weight, n, "weight", "mV"))

    def set_delay(self, pre: int, post: int, delay: Any) -> None:
        """Of the first synapse pre -> post, ms; it comes behind all others of that pair and delay."""
        steps = delay_in_steps(delay, self._network.dt)
        self._core.set_delay(self._one(pre, "pre"), self._one(post, "post"), steps)

    def set_psp(self, which: Population | Selection | str, psp: float) -> None:
        """Of every synapse that leaves these neurons."""
        value = float32_in(psp, "dimensionless", "psp")
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
        return whole(value, what, most=self._neuron_count - 1)


def _kind(neuron: LIF | Neuron) -> LIF | Neuron:
    from .neurons import neuron_kind

    return neuron_kind(neuron)
