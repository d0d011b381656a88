# SPDX-License-Identifier: Apache-2.0
"""SONATA spike files, through h5py."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import FileError
from .spikes import needs

if TYPE_CHECKING:
    from .spikes import Spikes


def write_spikes(spikes: Spikes, path: str | os.PathLike[str]) -> None:
    """One population each; written beside `path`, then renamed. Raises FileError."""
    try:
        import h5py
    except ImportError:
        raise needs("h5py", "sonata") from None
    target = Path(path)
    partial = target.with_name(target.name + ".partial")
    try:
        with h5py.File(partial, "w") as f:
            for part in spikes.parts():
                assert part.population is not None
                group = f.create_group(f"spikes/{part.population.name.replace('/', '_')}")
                group.attrs["sorting"] = np.bytes_("by_time")
                group.attrs["area"] = part.population.name
                group.attrs["first_id"] = part.population.first
                group.attrs["dt_ms"] = part.dt
                times = group.create_dataset("timestamps", data=part.times)
                times.attrs["units"] = "ms"
                group.create_dataset("node_ids", data=part.ids.astype(np.uint64))
        os.replace(partial, target)
    except OSError as e:
        partial.unlink(missing_ok=True)
        raise FileError(f"cannot write {target} ({e.strerror or e}).") from None
