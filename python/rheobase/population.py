# SPDX-License-Identifier: Apache-2.0
"""Populations (FEAGI: cortical areas) and parts of them, which behave as sequences do."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from ._arrays import Ids, ids_of, ranges_of
from .errors import InvalidArgumentError, OutOfBoundsError, WrongTypeError
from .units import has_unit, holds_units, shown, text, whole


def _chosen(part: Any, size: int, whose: str) -> npt.NDArray[np.int64]:
    """Positions that a subscript names, among `size`."""
    if isinstance(part, slice):
        try:
            return np.arange(*part.indices(size), dtype=np.int64)
        except (TypeError, ValueError):
            raise WrongTypeError(f"{shown(part)} is no slice of {whose}.") from None
    if has_unit(part) or holds_units(part):
        raise WrongTypeError(f"neurons of {whose} are not chosen by {shown(part)}.")
    try:
        array: npt.NDArray[Any] = np.atleast_1d(np.asarray(part))
    except Exception:  # ragged lists, or whatever a stranger's class raises
        raise WrongTypeError(f"neurons of {whose} are not chosen by {shown(part)}.") from None
    if array.dtype == np.bool_:
        if array.shape != (size,):
            raise InvalidArgumentError(
                f"a mask of the shape {array.shape} does not fit {whose} ({size} neurons)."
            )
        return np.flatnonzero(array)
    if array.dtype.kind == "i":
        low = int(array.min(initial=0))
        if low < -size:
            raise OutOfBoundsError(
                f"neurons of {whose}: {low} does not exist ({-size} to {size - 1} do)."
            )
        array = np.where(array < 0, array + size, array)
    return ids_of(array, size, f"neurons of {whose}").astype(np.int64)


class _Neurons:
    """What populations and parts of them have in common."""

    def _whole(self) -> Population:
        raise NotImplementedError

    def _places(self) -> npt.NDArray[np.int64]:
        """Indices within the population."""
        raise NotImplementedError

    @property
    def ids(self) -> Ids:
        """Ids in the network."""
        return (self._places() + self._whole().first).astype(np.uint32)

    def ranges(self) -> list[tuple[int, int]]:
        """Runs (first, count) of ids in the network, ascending, each id once."""
        return ranges_of(np.unique(self.ids))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Ids in the network, so that calls that take ids take neurons."""
        return self.ids if dtype is None else self.ids.astype(dtype)

    def __getitem__(self, part: Any) -> Selection:
        places = self._places()
        return Selection(
            self._whole(), places[_chosen(part, places.size, repr(self))].astype(np.uint32)
        )

    def __iter__(self) -> Iterator[Selection]:
        for i in self._places():
            yield Selection(self._whole(), np.array([i], np.uint32))

    def __reversed__(self) -> Iterator[Selection]:
        return iter(self[::-1])

    def __contains__(self, what: object) -> bool:
        """Whether neurons (of the same population), or the neuron with that index, are here."""
        if isinstance(what, _Neurons):
            return what._whole() == self._whole() and bool(
                np.isin(what._places(), self._places()).all()
            )
        index = index_of(what)
        return index is not None and 0 <= index < 2**32 and bool((self._places() == index).any())

    def __add__(self, other: Any) -> Selection:
        """These neurons, then those."""
        return self._with(other, "+", lambda a, b: np.concatenate((a, b)))

    def __or__(self, other: Any) -> Selection:
        """Neurons of either, ascending."""
        return self._with(other, "|", np.union1d)

    def __and__(self, other: Any) -> Selection:
        """Neurons of both, ascending."""
        return self._with(other, "&", np.intersect1d)

    def __sub__(self, other: Any) -> Selection:
        """These neurons without those, ascending."""
        return self._with(other, "-", np.setdiff1d)

    def __xor__(self, other: Any) -> Selection:
        """Neurons of one of the two, ascending."""
        return self._with(other, "^", np.setxor1d)

    def _with(self, other: Any, sign: str, combined: Callable[[Any, Any], Any]) -> Selection:
        if not isinstance(other, _Neurons):
            raise WrongTypeError(
                f"{self!r} {sign} {shown(other)} cannot be (the other is no part of a population)."
            )
        if other._whole() != self._whole():
            raise InvalidArgumentError(
                f"{self!r} {sign} {other!r} cannot be (they belong to different populations). "
                "Give both as a list."
            )
        return Selection(self._whole(), combined(self._places(), other._places()).astype(np.uint32))


@dataclass(frozen=True, eq=False)
class Population(_Neurons):
    """Neurons with consecutive ids `first` .. `first + size - 1` in the network.

    `E[10]`, `E[:500]`, `E[::2]`, `E[[1, 5]]` and `E[mask]` are parts of it; so are `E[:10] + E[20:30]`, and
    by `|`, `&`, `-` and `^` those of sets. Iterating gives the neurons one by one. A population of voxels
    (`shape` x, y, z) numbers them x outermost, then y, then z, innermost the neurons of one voxel.
    """

    name: str
    first: int
    size: int
    shape: tuple[int, int, int]
    neurons_per_voxel: int = 1
    role: str = "custom"
    #: tells builders apart
    owner: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        text(self.name, "name")
        text(self.role, "role")
        whole(self.first, "first")
        whole(self.size, "size")
        whole(self.neurons_per_voxel, "neurons_per_voxel", least=1)
        if not isinstance(self.shape, tuple) or len(self.shape) != 3:
            raise WrongTypeError(f"shape = {shown(self.shape)} of {self.name!r} is not (x, y, z).")
        count = self.neurons_per_voxel
        for extent in self.shape:
            count *= whole(extent, "shape", least=1)
        if count != self.size:
            raise InvalidArgumentError(
                f"{self.name!r} cannot have {self.size} neurons (its shape holds {count})."
            )

    def _key(self) -> tuple[object, ...]:
        return (self.name, self.first, self.size, self.shape, self.neurons_per_voxel, self.role)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Population):
            return self._key() == other._key()
        return other == self if isinstance(other, Selection) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"<Population {self.name!r}: {self.size:,} neurons>"

    def _whole(self) -> Population:
        return self

    def _places(self) -> npt.NDArray[np.int64]:
        return np.arange(self.size)

    def ranges(self) -> list[tuple[int, int]]:
        """Runs (first, count) of ids in the network."""
        return [(self.first, self.size)]

    def at(self, voxels: npt.ArrayLike) -> Ids:
        """Ids of the receiving (last) neurons of voxels, an (n, 3) array of x, y, z."""
        try:
            v = np.atleast_2d(np.asarray(voxels))
        except Exception:  # ragged lists, or whatever a stranger's class raises
            raise WrongTypeError(
                f"voxels = {shown(voxels)} are not whole numbers (n, 3)."
            ) from None
        if v.size == 0 and v.dtype.kind in "iuf":
            return np.empty(0, np.uint32)
        if v.ndim != 2 or v.shape[1] != 3 or v.dtype.kind not in "iu" or has_unit(voxels):
            raise WrongTypeError(
                f"voxels have the shape {v.shape} and type {v.dtype} (whole numbers (n, 3) are expected)."
            )
        outside = ((v < 0) | (v >= np.array(self.shape))).any(axis=1)
        if outside.any():
            wrong = tuple(int(c) for c in v[int(np.argmax(outside))])
            raise OutOfBoundsError(
                f"voxel {wrong} is outside of {self.name!r} (size {self.shape})."
            )
        index = (v[:, 0].astype(np.int64) * self.shape[1] + v[:, 1].astype(np.int64)) * self.shape[
            2
        ] + v[:, 2].astype(np.int64)
        per = self.neurons_per_voxel
        ids: Ids = (self.first + index * per + per - 1).astype(np.uint32)
        return ids

    def voxels(self, local: npt.ArrayLike | None = None) -> npt.NDArray[np.uint32]:
        """Voxels x, y, z of neurons (indices within the population; default all), shape (n, 3)."""
        index = (
            np.arange(self.size)
            if local is None
            else ids_of(local, self.size, f"neurons of {self.name!r}").astype(np.int64)
        )
        voxel = index // self.neurons_per_voxel
        _, y, z = self.shape
        return np.stack((voxel // (y * z), voxel // z % y, voxel % z), axis=-1).astype(np.uint32)


@dataclass(frozen=True, eq=False)
class Selection(_Neurons):
    """Some neurons of a population; `local` are their indices in it, in the order in which they were named.

    It is a sequence as the population is: `part[0]`, `part[1:]`, `len(part)`, `E[3] in part`.
    """

    population: Population
    local: Ids

    def __post_init__(self) -> None:
        if not isinstance(self.population, Population):
            raise WrongTypeError(f"{shown(self.population)} is not a population.")
        local = ids_of(self.local, self.population.size, f"neurons of {self.population.name!r}")
        local = local.view()
        local.flags.writeable = False
        object.__setattr__(self, "local", local)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Neurons):
            return NotImplemented
        return self.population == other._whole() and np.array_equal(self.local, other._places())

    def __hash__(self) -> int:
        if np.array_equal(self.local, self.population._places()):
            return hash(self.population)  # to which it is equal
        return hash((self.population, self.local.tobytes()))

    def __len__(self) -> int:
        return int(self.local.size)

    def __repr__(self) -> str:
        return f"<{len(self):,} of {self.population!r}>"

    def _whole(self) -> Population:
        return self.population

    def _places(self) -> npt.NDArray[np.int64]:
        return self.local.astype(np.int64)


#: one population or part of one, or several; by name, too
Selector = Union[Population, Selection]
Selectors = Union[Selector, str, Iterable[Union[Selector, str]]]


def each(selectors: Any, what: str, named: Callable[[str], Population]) -> list[Selector]:
    """One or several, by name or as they are, as a list."""
    if isinstance(selectors, (Population, Selection, str)):
        found = [selectors]
    else:
        try:
            found = list(selectors)
        except TypeError:
            found = [selectors]
    parts: list[Selector] = []
    for s in found:
        if isinstance(s, str):
            parts.append(named(s))
        elif isinstance(s, (Population, Selection)):
            parts.append(s)
        else:
            raise WrongTypeError(
                f"{what}: {shown(s)} is neither a population, nor its name, nor a part of one "
                "(such as E or E[:500])."
            )
    return parts


def population_named(name: Any, populations: dict[str, Population], where: str) -> Population:
    """Raises UnknownNameError that names those that are there."""
    from .errors import UnknownNameError

    try:
        return populations[name]
    except (KeyError, TypeError):
        there = ", ".join(repr(p) for p in list(populations)[:20]) or "none"
        raise UnknownNameError(
            f"there is no population {shown(name)} in {where} (there are {there})."
        ) from None


def index_of(value: object) -> int | None:
    """A whole number, or None."""
    try:
        number: Any = value
        return None if isinstance(value, bool) or has_unit(value) else operator.index(number)
    except TypeError:
        return None
