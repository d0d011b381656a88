# SPDX-License-Identifier: Apache-2.0
"""SONATA spike files, through h5py."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .errors import FileError, needs


@dataclass(frozen=True)
class Columns:
    """Spikes of one population, in order of time; `ids` count within it."""

    population: str
    first_id: int  #: of the population in the network
    dt: float  #: ms
    times: npt.NDArray[np.float64]  #: ms
    ids: npt.NDArray[np.uint32]


def write_spikes(populations: Iterable[Columns], path: str | os.PathLike[str]) -> None:
    """Write beside `path`, then rename. Raises FileError."""
    try:
        import h5py
    except ImportError:
        raise needs("h5py", "sonata") from None
    target = Path(path)
    partial = target.with_name(target.name + ".partial")
    try:
        with h5py.File(partial, "w") as f:
            for spikes in populations:
                group = f.create_group(f"spikes/{spikes.population.replace('/', '_')}")
                group.attrs["sorting"] = np.bytes_("by_time")
                group.attrs["area"] = spikes.population
                group.attrs["first_id"] = spikes.first_id
                group.attrs["dt_ms"] = spikes.dt
                times = group.create_dataset("timestamps", data=spikes.times)
                times.attrs["units"] = "ms"
                group.create_dataset("node_ids", data=spikes.ids.astype(np.uint64))
        os.replace(partial, target)
    except OSError as e:
        partial.unlink(missing_ok=True)
        raise FileError(f"cannot write {target} ({e.strerror or e}).") from None
