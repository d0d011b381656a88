# SPDX-License-Identifier: Apache-2.0
"""SONATA spike files, through h5py: the layout of the command line program's spikes.h5."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import needs
from .files import write_bytes

_ORDERS = {"none": 0, "by_id": 1, "by_time": 2}  # SONATA's enumeration


@dataclass(frozen=True)
class Columns:
    """Spikes of one population, in order of time; `ids` count within it."""

    population: str
    first_id: int  #: of the population in the network
    dt: float  #: ms
    times: npt.NDArray[np.float64]  #: ms
    ids: npt.NDArray[np.uint32]


def write_spikes(populations: Iterable[Columns], path: str | os.PathLike[str]) -> None:
    """Write all of `path` or nothing. Raises FileError."""
    try:
        import h5py
    except ImportError:
        raise needs("h5py", "sonata") from None
    sorting = h5py.enum_dtype(_ORDERS, basetype=np.uint8)
    taken: set[str] = set()
    # made in memory, so that HDF5 never meets a disk that refuses
    image = io.BytesIO()
    with h5py.File(image, "w") as f:
        f.attrs["magic"] = np.uint32(0x0A7A)
        f.attrs["version"] = np.array([0, 1], np.uint32)
        f.attrs["finished"] = np.uint8(1)
        f.create_group("spikes")
        for spikes in populations:
            group = f.create_group(f"spikes/{_group_name(spikes.population, taken)}")
            group.attrs.create("sorting", _ORDERS["by_time"], dtype=sorting)
            _write_text(group, "area", spikes.population)
            group.attrs["first_id"] = np.uint64(spikes.first_id)
            group.attrs["dt_ms"] = spikes.dt
            times = group.create_dataset("timestamps", data=spikes.times)
            _write_text(times, "units", "ms")
            group.create_dataset("node_ids", data=spikes.ids.astype(np.uint64))
    write_bytes(path, image.getbuffer())


def _group_name(population: str, taken: set[str]) -> str:
    """A name that can stand in an HDF5 path, unlike those that are taken."""
    base = population.replace("/", "_").replace("\0", "_")
    if base in ("", ".", ".."):
        base = "area"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name


def _write_text(where: Any, name: str, text: str) -> None:
    """As text of a fixed length, as the program writes it."""
    import h5py

    data = text.encode()
    kind = h5py.string_dtype("utf-8", max(len(data), 1))
    where.attrs.create(name, data, dtype=kind)
