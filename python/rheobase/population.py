# SPDX-License-Identifier: Apache-2.0
"""Populations (FEAGI: cortical areas) and parts of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from ._arrays import Ids, ids_of, ranges_of
from .errors import InvalidArgumentError


@dataclass(frozen=True)
class Population:
    """Neurons with consecutive ids `first` .. `first + size - 1` in the network.

    `E[10]`, `E[:500]`, `E[::2]`, `E[[1, 5]]` and `E[mask]` are parts of it. A population of voxels
    (`shape` x, y, z) numbers them x outermost, then y, then z, innermost the neurons of one voxel.
    """

    name: str
    first: int
    size: int
    shape: tuple[int, int, int]
    neurons_per_voxel: int = 1
    role: str = "custom"

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: Any) -> Selection:
        return Selection(self, self._local(part))

    def __repr__(self) -> str:
        return f"<Population {self.name!r}: {self.size:,} neurons>"

    @property
    def ids(self) -> Ids:
        """Ids in the network."""
        return np.arange(self.first, self.first + self.size, dtype=np.uint32)

    def ranges(self) -> list[tuple[int, int]]:
        """Runs (first, count) of ids in the network."""
        return [(self.first, self.size)]

    def _local(self, part: Any) -> Ids:
        if isinstance(part, slice):
            chosen: Ids = np.arange(self.size)[part].astype(np.uint32)
            return chosen
        array: npt.NDArray[Any] = np.atleast_1d(np.asarray(part))
        if array.dtype == np.bool_:
            if array.shape != (self.size,):
                raise InvalidArgumentError(
                    f"a mask of the shape {array.shape} does not fit {self.name!r} "
                    f"({self.size} neurons)."
                )
            marked: Ids = np.flatnonzero(array).astype(np.uint32)
            return marked
        if array.dtype.kind == "i":
            array = np.where(array < 0, array + self.size, array)
        return ids_of(array, self.size, f"neurons of {self.name!r}")

    def at(self, voxels: npt.ArrayLike) -> Ids:
        """Ids of the receiving (last) neurons of voxels, an (n, 3) array of x, y, z."""
        v = np.atleast_2d(np.asarray(voxels))
        if v.ndim != 2 or v.shape[1] != 3 or v.dtype.kind not in "iu":
            raise InvalidArgumentError(
                f"voxels have the shape {v.shape} and type {v.dtype} (whole numbers (n, 3) are expected)."
            )
        outside = ((v < 0) | (v >= np.array(self.shape))).any(axis=1)
        if outside.any():
            wrong = tuple(int(c) for c in v[int(np.argmax(outside))])
            raise InvalidArgumentError(
                f"voxel {wrong} is outside of {self.name!r} (size {self.shape})."
            )
        index = (v[:, 0].astype(np.int64) * self.shape[1] + v[:, 1]) * self.shape[2] + v[:, 2]
        per = self.neurons_per_voxel
        ids: Ids = (self.first + index * per + per - 1).astype(np.uint32)
        return ids

    def voxels(self, local: npt.ArrayLike | None = None) -> npt.NDArray[np.uint32]:
        """Voxels x, y, z of neurons (indices within the population; default all), shape (n, 3)."""
        index = np.arange(self.size) if local is None else np.asarray(local, np.int64)
        voxel = index // self.neurons_per_voxel
        _, y, z = self.shape
        return np.stack((voxel // (y * z), voxel // z % y, voxel % z), axis=-1).astype(np.uint32)


@dataclass(frozen=True)
class Selection:
    """Some neurons of a population; `local` are their indices in it."""

    population: Population
    local: Ids

    def __len__(self) -> int:
        return int(self.local.size)

    def __repr__(self) -> str:
        return f"<{len(self):,} of {self.population!r}>"

    @property
    def ids(self) -> Ids:
        """Ids in the network."""
        return (self.local + np.uint32(self.population.first)).astype(np.uint32)

    def ranges(self) -> list[tuple[int, int]]:
        """Runs (first, count) of ids in the network, ascending, each id once."""
        return ranges_of(np.unique(self.ids))


#: one population or part of one, or several
Selector = Union[Population, Selection]
Selectors = Union[Selector, Iterable[Selector]]


def each(selectors: Selectors, what: str) -> list[Selector]:
    """One or several, as a list."""
    found = [selectors] if isinstance(selectors, (Population, Selection)) else list(selectors)
    for s in found:
        if not isinstance(s, (Population, Selection)):
            raise InvalidArgumentError(
                f"{what}: {s!r} is neither a population nor a part of one (such as E or E[:500])."
            )
    return found


def populations(selectors: Selectors, what: str) -> list[Population]:
    """Whole populations only."""
    found = []
    for s in each(selectors, what):
        if isinstance(s, Selection):
            raise InvalidArgumentError(
                f"{what} takes whole populations, not parts ({s!r}). "
                "Use connect_pairs for single synapses, or make the part a population."
            )
        found.append(s)
    return found
