# SPDX-License-Identifier: Apache-2.0
"""Many networks of one size, stepped together: for learning environments and evolution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import floats_of, ids_of
from ._copying import NotCopied
from ._synapses import pair_columns
from .errors import InvalidArgumentError, WrongTypeError
from .network import Network
from .population import Selectors
from .units import array_in, flag, items, shown, text, thread_count, whole


class VectorEngine(NotCopied):
    """Members, each a network with a state, run seed and weights of its own, that are stepped together.

    Args:
        network: What all members run, or one network for each, alike in size and populations (those of
            a generation, for instance).
        members: How many (None: one for each network given).
        inputs: Populations, names or parts whose neurons `step` gives potentials to, in that order.
        outputs: Populations, names or parts whose spikes are counted, each by itself.
        seed: Run seed of member 0; the next member has the next.
        threads: That share the members (None: one per core).
        backend: Of each member.

    A member fires as an `Engine` of its own with its seed does. Unlike the members of a joined network
    (`join`) each can be reset, and its weights changed, by itself.
    """

    _instead = "Make another."

    def __init__(
        self,
        network: Network | Iterable[Network],
        members: int | None = None,
        *,
        inputs: Selectors = (),
        outputs: Selectors = (),
        seed: int = 1,
        threads: int | None = None,
        backend: str = "cpu",
    ) -> None:
        networks = _networks(network, members)
        first = networks[0]
        self._populations = first.populations
        for other in networks[1:]:
            if other is not first and other.populations != self._populations:
                raise InvalidArgumentError(
                    "the networks differ in their populations. Give networks that were built alike."
                )
        ids = [first.part(s).ids for s in first.parts(inputs, "inputs")]
        self._inputs = np.concatenate([*ids, np.empty(0, np.uint32)]).astype(np.uint32)
        groups = [first.part(s) for s in first.parts(outputs, "outputs")]
        self._outputs = tuple(len(g) for g in groups)
        self._neurons = first.neuron_count
        self._quantum = first.quantum
        self._members = len(networks)
        self._core = _core.VectorEngine(
            [n._core for n in networks],
            self._inputs,
            [np.ascontiguousarray(g.ids, np.uint32) for g in groups],
            text(backend, "backend"),
            thread_count(threads),
            whole(seed, "seed", most=2**64 - 1 - self._members),
        )

    @property
    def members(self) -> int:
        """How many there are."""
        return self._members

    @property
    def inputs(self) -> int:
        """How many neurons get input."""
        return int(self._inputs.size)

    @property
    def outputs(self) -> tuple[int, ...]:
        """Neurons of each output."""
        return self._outputs

    def step(
        self, bursts: int, potentials: Any = None, running: Any = None
    ) -> npt.NDArray[np.uint32]:
        """Runs `bursts` time steps, in each of which every input neuron gets its potential in mV.

        potentials: (members, inputs), or (inputs,) for all members alike, or None. running: a mask of
        the members that run (None: all). Gives the spikes of these steps, (members, outputs), 0 of
        members that did not run.
        """
        count = whole(bursts, "bursts", most=10**6)
        given = np.empty(0, np.float32)
        if potentials is not None:
            given = self._each(potentials, self.inputs, "potentials")
        mask = np.empty(0, np.uint8) if running is None else self._mask(running).view(np.uint8)
        return self._core.step(count, given, mask)

    def reset(self, members: Any = None) -> None:
        """The state before the first step, of a member, of several (a list or a mask), or of all (None).
        Their time goes on, so that what drives draw differs from episode to episode. Weights stay."""
        self._core.reset(self._chosen(members))

    def set_weights(
        self,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        values: Any,
        member: int | None = None,
        *,
        rounded: bool = False,
    ) -> None:
        """Weights, mV, of the first synapse of each pair pre[i] -> post[i].

        values: one for each pair, for all members, or (members, pairs), or with `member` of that member
        alone. Weights are whole multiples of `Network.quantum`: build with `quantum_bits=` for fine ones;
        others are an OutOfRangeError, or with `rounded` rounded to the nearest multiple first. A pair
        without a synapse is an InvalidArgumentError, and then nothing is changed.
        """
        sources, targets = pair_columns(pre, post, self._neurons)
        n = int(sources.size)
        if flag(rounded, "rounded"):
            values = np.rint(array_in(values, "mV", "values") / self._quantum) * self._quantum
        if member is not None:
            number = whole(member, "member", most=self._members - 1)
            weights = floats_of(values, n, "values", "mV")
            self._core.set_member_weights(number, sources, targets, weights)
            return
        array = array_in(values, "mV", "values")
        one_each = array.ndim == 2
        weights = self._each(array, n, "values") if one_each else floats_of(array, n, "values")
        self._core.set_weights(sources, targets, weights)

    def weights(self, pre: npt.ArrayLike, post: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Weights, mV, of the first synapse of each pair, (members, pairs)."""
        sources, targets = pair_columns(pre, post, self._neurons)
        rows = [
            _core.weights_of(self._core.network(m), sources, targets) for m in range(self._members)
        ]
        return np.stack(rows)

    def network(self, member: int) -> Network:
        """The network of a member, with its weights."""
        return Network(self._core.network(whole(member, "member", most=self._members - 1)))

    def signature(self, member: int) -> str:
        """Over all spikes of a member since the engine was made, 16 hexadecimal digits."""
        return f"{self._core.signature(whole(member, 'member', most=self._members - 1)):016x}"

    def __repr__(self) -> str:
        return f"<VectorEngine of {self._members} members of {self._neurons:,} neurons>"

    def _each(self, values: Any, count: int, what: str) -> npt.NDArray[np.float32]:
        """(members, count), or (count,) for all members, as one axis."""
        array = array_in(values, "mV", what)
        if array.shape not in ((self._members, count), (count,)):
            raise InvalidArgumentError(
                f"{what} have the shape {array.shape} ({(self._members, count)} is expected, or "
                f"{(count,)} for all members alike)."
            )
        flat = np.broadcast_to(array, (self._members, count)).reshape(-1)
        if flat.dtype == np.float32:
            return np.ascontiguousarray(flat)  # NaN and infinity are seen by the compiled module
        return floats_of(flat, self._members * count, what, "dimensionless")

    def _mask(self, running: Any) -> npt.NDArray[np.bool_]:
        mask = np.asarray(running)
        if mask.dtype != np.bool_ or mask.shape != (self._members,):
            raise InvalidArgumentError(
                f"running is no mask of {self._members} members (True where one runs)."
            )
        return np.ascontiguousarray(mask)

    def _chosen(self, members: Any) -> npt.NDArray[np.uint32]:
        if members is None:
            return np.arange(self._members, dtype=np.uint32)
        if np.asarray(members).dtype == np.bool_:
            return np.flatnonzero(self._mask(members)).astype(np.uint32)
        return ids_of(members, self._members, "members")


def _networks(network: Any, members: Any) -> list[Network]:
    if isinstance(network, Network):
        most = 1_000_000  # each is an engine of its own
        return [network] * (1 if members is None else whole(members, "members", 1, most))
    networks = items(network, "network")
    for one in networks:
        if not isinstance(one, Network):
            raise WrongTypeError(f"{shown(one)} is not a Network.")
    if not networks:
        raise InvalidArgumentError("there are no networks to run. Give one or more.")
    if members is not None and whole(members, "members") != len(networks):
        raise InvalidArgumentError(
            f"members = {members} does not fit {len(networks)} networks. Leave it out."
        )
    return networks
