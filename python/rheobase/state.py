# SPDX-License-Identifier: Apache-2.0
"""What changes while a network runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import Ids, floats_of, ids_of
from .errors import InvalidArgumentError, WrongTypeError
from .units import array_in, items, shown, whole

Floats = npt.NDArray[np.float32]
Bursts = npt.NDArray[np.uint64]


@dataclass(eq=False)
class State:
    """What changes while a network runs, one value for each neuron. It moves between engines of the
    same network, whatever their backend."""

    burst: int  #: number of the last finished step
    v: Floats  #: potential, mV, as `Recording.v` shows it
    refractory_countdown: npt.NDArray[np.uint16]
    fire_count: npt.NDArray[np.uint16]
    snooze_countdown: npt.NDArray[np.uint16]
    forget: npt.NDArray[np.uint8]
    #: (ids, potentials at firing) of the last steps, newest first; as many as the longest delay
    fired: list[tuple[Ids, Floats]]
    #: of populations with a model: for each the number of its area, and its states in their order
    tables: list[tuple[int, list[Floats]]] = field(default_factory=list)
    #: of projections that learn: states of synapses, traces of sources and of targets as they were at
    #: their last spikes, steps of these
    learned: list[tuple[list[Floats], list[Floats], list[Floats], Bursts, Bursts]] = field(
        default_factory=list
    )
    #: potentials as they were read, and relative to rest, as engines hold them
    _kept: tuple[Floats, Floats] | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        names = ("burst", "v", "refractory_countdown", "fire_count", "snooze_countdown", "forget")
        return (
            all(np.array_equal(getattr(self, n), getattr(other, n)) for n in names)
            and len(self.fired) == len(other.fired)
            and len(self.tables) == len(other.tables)
            and _same_learned(self.learned, other.learned)
            and all(
                x == y and all(np.array_equal(p, q) for p, q in zip(a, b, strict=True))
                for (x, a), (y, b) in zip(self.tables, other.tables, strict=True)
            )
            and all(
                np.array_equal(a, b)
                for mine, theirs in zip(self.fired, other.fired, strict=True)
                for a, b in zip(mine, theirs, strict=True)
            )
        )

    __hash__ = None  # type: ignore[assignment]

    def _relative(self, rest: Floats) -> Floats:
        """Potentials relative to `rest`. Those that were not touched since they were read are what they
        were, bit for bit."""
        v = floats_of(self.v, rest.size, "v", "mV")
        u: Floats = v - rest
        if self._kept is not None and self._kept[0].shape == v.shape:
            read, exact = self._kept
            u = np.where(v == read, exact, u)
        return np.ascontiguousarray(u, np.float32)


def read_state(core: _core.Engine, rest: Floats) -> State:
    """Of an engine."""
    s = core.state()
    v = s["u"] + rest
    return State(
        s["burst"],
        v,
        s["refractory_countdown"],
        s["fire_count"],
        s["snooze_countdown"],
        s["forget"],
        list(s["fired"]),
        [(area, list(columns)) for area, columns in s["tables"]],
        [(list(a), list(b), list(c), d, e) for a, b, c, d, e in s["learned"]],
        (v.copy(), s["u"]),
    )


def write_state(core: _core.Engine, state: State, rest: Floats) -> None:
    """Into an engine, if all of it is right."""
    if not isinstance(state, State):
        raise WrongTypeError(f"{shown(state)} is not a State.")
    n = int(rest.size)
    core.set_state(
        whole(state.burst, "burst", most=2**63),
        state._relative(rest),
        _column(state.refractory_countdown, n, np.uint16, "refractory_countdown"),
        _column(state.fire_count, n, np.uint16, "fire_count"),
        _column(state.snooze_countdown, n, np.uint16, "snooze_countdown"),
        _column(state.forget, n, np.uint8, "forget"),
        list(_queues(state.fired, n)),
        list(_tables(state.tables)),
        list(_learned(state.learned)),
    )


def _column(values: Any, count: int, kind: type[np.unsignedinteger[Any]], what: str) -> Any:
    """Whole numbers, one for each neuron."""
    array = array_in(values, "dimensionless", what)
    if array.dtype.kind not in "iu" or array.shape != (count,):
        raise WrongTypeError(
            f"{what} have the shape {array.shape} and type {array.dtype} ({count} whole numbers are "
            "expected)."
        )
    most = np.iinfo(kind).max
    if array.size and (int(array.min()) < 0 or int(array.max()) > most):
        raise InvalidArgumentError(f"{what} are out of range (0 to {most}).")
    return np.ascontiguousarray(array, kind)


def _tables(tables: Any) -> Sequence[tuple[int, list[Floats]]]:
    """The states of populations with a model."""
    found = []
    for entry in items(tables, "tables"):
        pair = items(entry, "tables")
        if len(pair) != 2:
            raise WrongTypeError(f"tables: {shown(entry)} is not (area, columns).")
        found.append((whole(pair[0], "tables", most=2**32 - 1), _floats(pair[1], "tables")))
    return found


def _same_learned(mine: Any, theirs: Any) -> bool:
    """Whether all arrays of what was learned are equal."""
    if isinstance(mine, np.ndarray):
        return np.array_equal(mine, theirs)
    return len(mine) == len(theirs) and all(map(_same_learned, mine, theirs))


def _learned(projections: Any) -> Sequence[tuple[Any, ...]]:
    """What synapses that learn hold."""
    found = []
    for entry in items(projections, "learned"):
        parts = items(entry, "learned")
        if len(parts) != 5:
            raise WrongTypeError(
                f"learned: {shown(entry)} is not (states, traces, traces, steps, steps)."
            )
        columns = [_floats(part, "learned") for part in parts[:3]]
        spiked = [
            _column(b, int(array_in(b, "dimensionless", "learned").size), np.uint64, "learned")
            for b in parts[3:]
        ]
        found.append((*columns, *spiked))
    return found


def _floats(columns: Any, what: str) -> list[Floats]:
    return [
        floats_of(c, int(array_in(c, "dimensionless", what).size), what, "mV")
        for c in items(columns, what)
    ]


def _queues(fired: Any, neurons: int) -> Sequence[tuple[Ids, Floats]]:
    """The spikes of the last steps."""
    found = []
    for entry in items(fired, "fired"):
        pair = items(entry, "fired")
        if len(pair) != 2:
            raise WrongTypeError(f"fired: {shown(entry)} is not (ids, potentials).")
        ids = ids_of(pair[0], neurons, "fired")
        # potentials are kept only where something is driven by them
        count = int(ids.size) if np.size(pair[1]) else 0
        found.append((ids, floats_of(pair[1], count, "fired", "mV")))
    return found
