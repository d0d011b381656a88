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
from .units import flag, items, shown, text, value_in, whole

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
    return tuple(v.tobytes() if isinstance(v, np.ndarray) else v for v in recipe)


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
    """Each target draws `indegree` sources; with `multapses`, one may be drawn repeatedly."""
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


def thinned(rule: ConnectionRule, percent: int) -> ConnectionRule:
    """Each pair of `rule` is kept with probability percent / 100."""
    inner, kept = _as_rule(rule, "rule"), whole(percent, "percent", most=100)
    return _rule(_core.thinned(inner._core, kept), "thinned", inner, kept)


def _as_rule(rule: Any, what: str) -> ConnectionRule:
    if not isinstance(rule, ConnectionRule):
        raise WrongTypeError(f"{what} = {shown(rule)} is not a connection rule.")
    return rule


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
        index_pairs,
        vectors,
        patterns,
        voxel_function,
        composite,
        thinned,
    )
}
