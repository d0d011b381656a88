# SPDX-License-Identifier: Apache-2.0
"""Brains as environments of Gymnasium (`pip install rheobase[gym]`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgumentError, WrongTypeError, needs
from .network import Network
from .population import Selectors
from .units import float32_in, shown, whole
from .vector import VectorEngine

try:
    from gymnasium import spaces
    from gymnasium.vector import AutoresetMode, VectorEnv
    from gymnasium.vector.utils import batch_space
except ImportError:
    raise needs("gymnasium", "gym") from None

__all__ = ["Vector"]

Counts = npt.NDArray[np.uint32]
#: (counts, actions) of all members: (rewards, whether each has ended)
Reward = Callable[[Counts, npt.NDArray[np.float32]], tuple[Any, Any]]


class Vector(VectorEnv):
    """A vector environment of brains: an action is input that is held for some time steps, an observation
    the spikes of each output in them. One engine runs all members (`engine`, a `VectorEngine`).

    Args:
        network, members, inputs, outputs, seed, threads: as of `VectorEngine`.
        bursts: time steps of the brain for each step of the environment.
        reward: called with counts (members, outputs) and actions (members, inputs) after each step; gives
            rewards (members,) and whether each member has ended (members,). None: 0 and never.
        most_steps: a member's episode is cut off after so many (None: never).
        low, high: limits of the actions, mV.

    As Gymnasium's environments by default, a member that has ended is reset by the next step, which then
    gives its first observation (no spikes), the reward 0 and ignores its action. `reset` with
    `options={"reset_mask": mask}` resets some.
    """

    metadata = {"autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012 (as Gymnasium has it)

    def __init__(
        self,
        network: Network | Iterable[Network],
        members: int | None = None,
        *,
        inputs: Selectors,
        outputs: Selectors,
        bursts: int = 10,
        reward: Reward | None = None,
        most_steps: int | None = None,
        low: float = -10.0,
        high: float = 10.0,
        seed: int = 1,
        threads: int | None = None,
    ) -> None:
        if reward is not None and not callable(reward):
            raise WrongTypeError(f"reward = {shown(reward)} cannot be called.")
        self.engine = VectorEngine(
            network, members, inputs=inputs, outputs=outputs, seed=seed, threads=threads
        )
        self._bursts = whole(bursts, "bursts", least=1, most=10**6)
        self._reward = reward
        self._most = None if most_steps is None else whole(most_steps, "most_steps", least=1)
        self.num_envs = n = self.engine.members
        ends = float32_in(low, "mV", "low"), float32_in(high, "mV", "high")
        if not ends[0] < ends[1]:
            raise InvalidArgumentError(f"low = {ends[0]:g} is not below high = {ends[1]:g}.")
        self._limits = ends
        most = np.array(self.engine.outputs, np.uint32) * np.uint32(self._bursts)
        self.single_action_space = spaces.Box(*ends, (self.engine.inputs,), np.float32)
        self.single_observation_space = spaces.Box(np.zeros_like(most), most, dtype=np.uint32)
        self.action_space = batch_space(self.single_action_space, n)
        self.observation_space = batch_space(self.single_observation_space, n)
        self._ended = np.zeros(n, np.bool_)
        self._steps = np.zeros(n, np.int64)
        self._seen: Counts = np.zeros((n, len(most)), np.uint32)

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Counts, dict[str, Any]]:
        """The members' first observations, without spikes. Draws follow from the engine's run seed alone:
        `seed` is Gymnasium's, of its own generator."""
        super().reset(seed=seed[0] if isinstance(seed, list) else seed)
        mask = None if options is None else options.get("reset_mask")
        if mask is None:
            mask = np.ones(self.num_envs, np.bool_)
        self._begin(np.asarray(mask))
        return self._seen.copy(), {}

    def _begin(self, mask: npt.NDArray[np.bool_]) -> None:
        self.engine.reset(mask)
        self._steps[mask] = 0
        self._ended[mask] = False
        self._seen[mask] = 0

    def step(
        self, actions: Any
    ) -> tuple[
        Counts,
        npt.NDArray[np.float64],
        npt.NDArray[np.bool_],
        npt.NDArray[np.bool_],
        dict[str, Any],
    ]:
        """(observations, rewards, terminations, truncations, infos); actions: mV, (members, inputs)."""
        given = np.clip(np.asarray(actions, np.float32), *self._limits)
        runs = ~self._ended
        if self._ended.any():
            counts = self.engine.step(self._bursts, given, runs)
            self._begin(self._ended.copy())
        else:
            counts = self.engine.step(self._bursts, given)
        self._seen = counts
        self._steps += runs
        rewards, ended = np.zeros(self.num_envs), np.zeros(self.num_envs, np.bool_)
        if self._reward is not None:
            gained, over = self._reward(counts, given)
            rewards[runs] = np.broadcast_to(np.asarray(gained, np.float64), runs.shape)[runs]
            ended[runs] = np.broadcast_to(np.asarray(over, np.bool_), runs.shape)[runs]
        cut = np.zeros_like(ended) if self._most is None else runs & (self._steps >= self._most)
        self._ended = ended | cut
        return counts.copy(), rewards, ended, cut & ~ended, {}
