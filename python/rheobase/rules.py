# SPDX-License-Identifier: Apache-2.0
"""Connection rules: which neuron of one population sends to which of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import Ids, ids_of
from .errors import InvalidArgumentError, UnknownNameError, WrongTypeError
from .kernels import Kernel
from .units import array_in, flag, items, shown, text, value_in, whole

_MOST = 2**32 - 1
list_of = list  # an argument of `patterns` has its name


class ConnectionRule:
    """Which neuron of one population sends to which neuron of another. Pure: the same rule, sizes and
    wiring seed give the same pairs. Made by `all_to_all`, `fixed_indegree` and the like; equal, copied and
    pickled by what it was made of."""

    def __init__(self, name: str, *arguments: Any) -> None:
        """name: of the function that makes it; arguments: what that takes."""
        if not isinstance(name, str) or name not in _makers:
            raise UnknownNameError(
                f"there is no rule {shown(name)} (there are {', '.join(sorted(_makers))})."
            )
        try:
            made = _makers[name](*arguments)
        except TypeError as e:
            if isinstance(e, InvalidArgumentError):
                raise
            raise WrongTypeError(f"{name} takes other arguments ({e}).") from None
        self._core: _core.ConnectionRule = made._core
        self._recipe: tuple[Any, ...] = made._recipe

    def __repr__(self) -> str:
        return repr(self._core)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ConnectionRule):
            return NotImplemented
        return _plain(self._recipe) == _plain(other._recipe)

    def __hash__(self) -> int:
        return hash(_plain(self._recipe))

    def __reduce__(self) -> tuple[Any, ...]:
        return ConnectionRule, self._recipe


def _plain(recipe: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((v.shape, v.tobytes()) if isinstance(v, np.ndarray) else v for v in recipe)


def _rule(core: _core.ConnectionRule, *recipe: Any) -> ConnectionRule:
    made = ConnectionRule.__new__(ConnectionRule)
    made._core = core
    made._recipe = recipe
    return made


def all_to_all(autapses: bool = True) -> ConnectionRule:
    """Every neuron to every neuron. `autapses`: a neuron may connect to itself."""
    own = flag(autapses, "autapses")
    return _rule(_core.all_to_all(own), "all_to_all", own)


def one_to_one() -> ConnectionRule:
    """Neuron i to neuron i; both populations have one size."""
    return _rule(_core.one_to_one(), "one_to_one")


def fixed_probability(p: float, autapses: bool = True) -> ConnectionRule:
    """Each pair independently with probability p, 0 to 1 (NEST: pairwise_bernoulli)."""
    share, own = value_in(p, "dimensionless", "p"), flag(autapses, "autapses")
    return _rule(_core.fixed_probability(share, own), "fixed_probability", share, own)


def fixed_indegree(indegree: int, autapses: bool = True, multapses: bool = True) -> ConnectionRule:
    """Each target draws `indegree` sources; with `multapses`, one may be drawn repeatedly. Without
    `autapses` a neuron does not draw itself."""
    n = whole(indegree, "indegree")
    own, many = flag(autapses, "autapses"), flag(multapses, "multapses")
    return _rule(_core.fixed_indegree(n, own, many), "fixed_indegree", n, own, many)


def fixed_outdegree(
    outdegree: int, autapses: bool = True, multapses: bool = True
) -> ConnectionRule:
    """Each source draws `outdegree` targets; with `multapses`, one may be drawn repeatedly."""
    n = whole(outdegree, "outdegree")
    own, many = flag(autapses, "autapses"), flag(multapses, "multapses")
    return _rule(_core.fixed_outdegree(n, own, many), "fixed_outdegree", n, own, many)


def fixed_total_number(n: int, autapses: bool = True, multapses: bool = True) -> ConnectionRule:
    """`n` synapses in all (at most 2**40), each from a uniformly drawn source to a uniformly drawn target.
    Without `multapses` every set of n pairs is equally likely."""
    count = whole(n, "n", most=2**40)
    own, many = flag(autapses, "autapses"), flag(multapses, "multapses")
    return _rule(_core.fixed_total_number(count, own, many), "fixed_total_number", count, own, many)


def distance_probability(
    kernel: Kernel,
    p: float = 1.0,
    periodic: bool = False,
    positions: npt.ArrayLike | None = None,
    target_positions: npt.ArrayLike | None = None,
    extent: Any = None,
    pitch: Any = 1.0,
    target_pitch: Any = None,
    max_distance: Any = None,
    autapses: bool = True,
) -> ConnectionRule:
    """Each pair independently with the probability p * kernel(distance).

    kernel: of `rheobase.kernels`: gaussian(sigma), exponential(length), linear(reach), within(radius).
    p: probability at distance 0, 0 to 1.
    periodic: distances are measured around: along an axis of length L none is above L / 2.
    positions: points of the neurons of the source population, one row each, of 1 to 3 coordinates; also
    of those of the targets if `target_positions` is None. Without them a neuron is in the middle of
    its voxel.
    extent: L, one for all axes or one for each; needed for periodic distances between positions.
    Without positions, L is the shape of the areas times the pitch.
    pitch, target_pitch: length of a voxel of the source and the target area (None: the same), one for
    all axes or x, y, z.
    max_distance: no pair farther apart is connected (NEST: a circular mask).
    autapses: a neuron may connect to itself.

    Positions belong to the whole population, also where a part of it is connected. The cost is that of the
    pairs that are made. Distances are in single precision, and a kernel below 1e-10 counts as 0.
    """
    if not isinstance(kernel, Kernel):
        raise WrongTypeError(
            f"{shown(kernel)} is no kernel. Use rheobase.kernels.gaussian(sigma) or another."
        )
    share, around, own = (
        value_in(p, "dimensionless", "p"),
        flag(periodic, "periodic"),
        flag(autapses, "autapses"),
    )
    sources = None if positions is None else _points(positions, "positions")
    targets = None if target_positions is None else _points(target_positions, "target_positions")
    lengths = _axes(0.0 if extent is None else extent, "extent", fill=0.0)
    steps = _axes(pitch, "pitch")
    target_steps = steps if target_pitch is None else _axes(target_pitch, "target_pitch")
    most = None if max_distance is None else value_in(max_distance, "um", "max_distance")
    core = _core.distance_probability(
        kernel.shape,
        kernel.scale,
        share,
        around,
        None if sources is None else sources.ravel(),
        0 if sources is None else sources.shape[1],
        None if targets is None else targets.ravel(),
        0 if targets is None else targets.shape[1],
        list(lengths),
        list(steps),
        list(target_steps),
        float("inf") if most is None else most,
        own,
    )
    given = (sources, targets, lengths, steps, target_steps, most, own)
    return _rule(core, "distance_probability", kernel, share, around, *given)


def index_pairs(sources: npt.ArrayLike, targets: npt.ArrayLike) -> ConnectionRule:
    """Explicit pairs of indices within the two populations; duplicates make parallel synapses."""
    s: Ids = ids_of(sources, _MOST, "sources").copy()
    t: Ids = ids_of(targets, _MOST, "targets").copy()
    if s.size != t.size:
        raise InvalidArgumentError(f"sources and targets differ in length ({s.size} and {t.size}).")
    return _rule(_core.index_pairs(s, t), "index_pairs", s, t)


def vectors(offsets: Iterable[Sequence[int]]) -> ConnectionRule:
    """FEAGI `vectors`: target voxel = source voxel + each (x, y, z) offset, dropped outside the area."""
    given = tuple(
        _triple(o, f"offsets[{i}]", -(2**31), 2**31 - 1)
        for i, o in enumerate(items(offsets, "offsets"))
    )
    return _rule(_core.vectors(list(given)), "vectors", given)


def patterns(list: Iterable[tuple[Sequence[str], Sequence[str]]]) -> ConnectionRule:
    """FEAGI `patterns`: pairs of (source, target) triples in the notation of genomes, such as
    (('*', '*', '0'), ('?', '!', '1'))."""
    given: list_of[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for i, pair in enumerate(items(list, "list")):
        ends = items(pair, f"list[{i}]")
        if len(ends) != 2:
            raise WrongTypeError(f"list[{i}] = {shown(pair)} is not (source, target).")
        given.append((_words(ends[0], f"list[{i}]"), _words(ends[1], f"list[{i}]")))
    return _rule(_core.patterns(given), "patterns", tuple(given))


def voxel_function(name: str) -> ConnectionRule:
    """FEAGI `functions` by name; `voxel_function_names()` lists them."""
    return _rule(_core.voxel_function(text(name, "name")), "voxel_function", name)


def voxel_function_names() -> list[str]:
    """The names that `voxel_function` knows."""
    return _core.voxel_function_names()


def composite(
    seed: Sequence[int], pattern: Sequence[Sequence[int]], mapper: ConnectionRule
) -> ConnectionRule:
    """The source area is cut into tiles of `seed` voxels; per axis (choose, skip). The mapper connects each
    chosen tile to the whole target area."""
    tile = _triple(seed, "seed", 1, _MOST)
    axes = []
    for i, axis in enumerate(items(pattern, "pattern")):
        pair = items(axis, f"pattern[{i}]")
        if len(pair) != 2:
            raise WrongTypeError(f"pattern[{i}] = {shown(axis)} is not (choose, skip).")
        axes.append(tuple(whole(n, f"pattern[{i}]", most=_MOST) for n in pair))
    if len(axes) != 3:
        raise WrongTypeError(f"pattern = {shown(pattern)} has not three axes.")
    inner = _as_rule(mapper, "mapper")
    core = _core.composite(list_of(tile), [list_of(a) for a in axes], inner._core)
    return _rule(core, "composite", tile, tuple(axes), inner)


def thinned(rule: ConnectionRule, percent: float) -> ConnectionRule:
    """Each pair of `rule` is kept with probability percent / 100, at the cost of those that are kept beside
    what `rule` costs (next to nothing for `all_to_all`)."""
    inner, kept = _as_rule(rule, "rule"), value_in(percent, "dimensionless", "percent")
    return _rule(_core.thinned(inner._core, kept), "thinned", inner, kept)


def attractivity(rule: ConnectionRule, percent: int) -> ConnectionRule:
    """The same with a draw for each pair, as genomes are grown (FEAGI: synapse_attractivity)."""
    inner, kept = _as_rule(rule, "rule"), whole(percent, "percent", most=100)
    return _rule(_core.attractivity(inner._core, kept), "attractivity", inner, kept)


def _as_rule(rule: Any, what: str) -> ConnectionRule:
    if not isinstance(rule, ConnectionRule):
        raise WrongTypeError(f"{what} = {shown(rule)} is not a connection rule.")
    return rule


def _points(values: Any, what: str) -> npt.NDArray[np.float64]:
    """Rows of 1 to 3 coordinates; one axis of numbers is a line."""
    points = np.array(array_in(values, "um", what), np.float64)
    if points.ndim == 1:
        points = points[:, None]
    if points.ndim != 2 or not 1 <= points.shape[1] <= 3:
        raise InvalidArgumentError(
            f"{what} have the shape {points.shape} (rows of 1 to 3 coordinates are expected)."
        )
    points.flags.writeable = False
    return points


def _axes(value: Any, what: str, fill: float = 1.0) -> tuple[float, float, float]:
    """One length for all axes, or one for each of up to three."""
    lengths = np.asarray(array_in(value, "um", what), np.float64)
    if lengths.ndim == 0:
        lengths = np.full(3, lengths)
    if lengths.ndim != 1 or not 1 <= lengths.size <= 3 or not np.isfinite(lengths).all():
        raise InvalidArgumentError(
            f"{what} = {shown(value)} is not a length (one number, or one for each of up to three axes)."
        )
    x, y, z = (*lengths.tolist(), fill, fill)[:3]
    return x, y, z


def _words(values: Any, what: str) -> tuple[str, ...]:
    words = items(values, what)
    if len(words) != 3:
        raise WrongTypeError(f"{what}: {shown(values)} is not (x, y, z).")
    return tuple(text(w, what) for w in words)


def _triple(values: Any, what: str, least: int, most: int) -> tuple[int, int, int]:
    three = items(values, what)
    if len(three) != 3:
        raise WrongTypeError(f"{what} = {shown(values)} is not (x, y, z).")
    x, y, z = (whole(n, what, least, most) for n in three)
    return x, y, z


_makers = {
    f.__name__: f
    for f in (
        all_to_all,
        one_to_one,
        fixed_probability,
        fixed_indegree,
        fixed_outdegree,
        fixed_total_number,
        distance_probability,
        index_pairs,
        vectors,
        patterns,
        voxel_function,
        composite,
        thinned,
        attractivity,
    )
}
