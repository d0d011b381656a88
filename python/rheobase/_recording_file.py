# SPDX-License-Identifier: Apache-2.0
"""Recordings on disk, as docs/formats/recording.md says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import merged, ranges_of
from .errors import FileError, InvalidFileError
from .files import write_array, write_text
from .population import Population
from .units import shown

if TYPE_CHECKING:
    from .recording import Recording

_FIELDS = ("v", "refractory_countdown", "fire_count", "snooze_countdown")


def save_facts(recording: Recording, folder: Path) -> Path:
    """Writes each file whole or not at all; a file `unfinished` is there meanwhile. Raises FileError,
    also if another run is writing there."""
    spikes = recording.spikes
    with _core.RecordingFolder(os.fspath(folder)):
        columns = np.stack((spikes.bursts, spikes.ids.astype(np.uint64)), axis=-1)
        write_array(folder / "spikes.npy", columns)
        counts = np.stack((recording.counters.spikes, recording.counters.events), axis=-1)
        write_array(folder / "counters.npy", counts)
        probes: list[dict[str, Any]] = []
        kept = [(name, getattr(recording, name)) for name in _FIELDS]
        kept += [(name, traces) for name, traces in recording.states.items() if name not in _FIELDS]
        for name, traces in kept:
            for trace in traces.values():
                file = f"probe_{len(probes)}.npy"
                write_array(folder / file, trace.values)
                probes.append(
                    {
                        "file": file,
                        "area": trace.population.name,
                        "field": trace.field,
                        "of_model": trace.population.name in recording.states.get(name, ()),
                        "neurons": trace.neurons.tolist(),
                        "times_ms": trace.times.tolist(),
                    }
                )
        if probes:
            write_text(folder / "probes.json", json.dumps(probes) + "\n")
        _remove_former(folder, len(probes))
        write_text(folder / "run.json", json.dumps(_facts(recording), indent=1) + "\n")
    return folder


def _remove_former(folder: Path, probes: int) -> None:
    """What an earlier recording left that this one does not replace."""
    names = ["spikes.h5", "spikes.csv", "raster.png", "profile.json"]
    names += [] if probes else ["probes.json"]
    try:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        while (stale := folder / f"probe_{probes}.npy").exists():
            stale.unlink()
            probes += 1
    except OSError as e:
        raise FileError(f"cannot remove {shown(str(e.filename))} ({e.strerror}).") from None


def _facts(recording: Recording) -> dict[str, Any]:
    spikes = recording.spikes
    counters = recording.counters
    return {
        "finished": True,
        "signature": recording.signature,
        "seed": recording.seed,
        "backend": recording.backend,
        "dt_ms": recording.dt,
        "first_burst": spikes._first,
        "bursts": int(counters.bursts.size),
        "spikes": int(counters.spikes.sum()),
        "events": int(counters.events.sum()),
        "branches": recording.branches,
        "rates_hz": recording.rates(),
        "seconds": recording.seconds,
        "populations": [_described(p) for p in spikes._populations],
        "within": None if spikes._within is None else spikes._within.name,
        "recorded": None if spikes._recorded is None else merged(ranges_of(spikes._recorded)),
    }


def _described(p: Population) -> dict[str, Any]:
    return {
        "name": p.name,
        "first": p.first,
        "size": p.size,
        "shape": list(p.shape),
        "neurons_per_voxel": p.neurons_per_voxel,
        "role": p.role,
    }


def load_facts(folder: Path) -> dict[str, Any]:
    """What a Recording is made of. Raises FileError, InvalidFileError."""
    if (folder / "unfinished").exists():
        raise InvalidFileError(
            f"{shown(str(folder))} is not finished (its run goes on, or was killed or could not write)."
        )
    try:
        return _loaded(folder)
    except (FileError, InvalidFileError):
        raise
    except OSError as e:
        raise FileError(
            f"cannot read the recording in {shown(str(folder))} ({e.strerror})."
        ) from None
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        EOFError,
        RecursionError,
        ArithmeticError,
    ) as e:
        reason = " ".join(str(e).split())[:100]
        raise InvalidFileError(
            f"{shown(str(folder))} is damaged, or no recording that Recording.save wrote ({reason})."
        ) from None


def _loaded(folder: Path) -> dict[str, Any]:
    facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if "populations" not in facts:
        raise InvalidFileError(
            f"{shown(str(folder / 'run.json'))} names no populations (Recording.save did not write it). "
            "Load the brain, and run it in Python."
        )
    populations = [
        Population(
            p["name"],
            p["first"],
            p["size"],
            tuple(p["shape"]),
            p["neurons_per_voxel"],
            p["role"],
        )
        for p in facts["populations"]
    ]
    named = {p.name: p for p in populations}
    first, n = int(facts["first_burst"]), int(facts["bursts"])
    columns = _read_array(folder / "spikes.npy", 2, np.uint64)
    counts = _read_array(folder / "counters.npy", 2, np.uint64)
    steps = columns[:, 0] - np.uint64(first)
    if counts.shape != (n, 2) or (steps.size and int(steps.max()) >= n):
        raise ValueError("run.json and the columns do not match")
    if (columns[1:, 0] < columns[:-1, 0]).any():
        raise ValueError("spikes.npy is not sorted by burst")
    begin = np.zeros(n + 1, np.uint64)
    begin[1:] = np.cumsum(np.bincount(steps.astype(np.int64), minlength=n))
    recorded = facts["recorded"]
    if recorded is not None and not isinstance(recorded, list):
        raise ValueError("recorded is no list of ranges")
    if recorded is not None:
        runs = [np.arange(a, a + b, dtype=np.uint32) for a, b in recorded]
        recorded = np.concatenate(runs) if runs else np.empty(0, np.uint32)
    within = None if facts["within"] is None else named[facts["within"]]
    dt = float(facts["dt_ms"])
    return {
        "spikes": (columns[:, 1], begin, first, dt, populations, within, recorded),
        "counters": (
            np.arange(first, first + n, dtype=np.uint64),
            counts[:, 0].copy(),
            counts[:, 1].copy(),
        ),
        "traces": _traces(folder, named),
        "about": {
            "branches": dict(facts["branches"]),
            "signature": str(facts["signature"]),
            "seed": int(facts["seed"]),
            "backend": str(facts["backend"]),
            "seconds": float(facts["seconds"]),
            "dt": dt,
        },
    }


def _traces(folder: Path, named: dict[str, Population]) -> list[dict[str, Any]]:
    path = folder / "probes.json"
    if not path.exists():
        return []
    found = []
    for i, probe in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        values = _read_array(folder / f"probe_{i}.npy", 2, None)
        times = np.array(probe["times_ms"], np.float64)
        neurons = np.array(probe["neurons"], np.uint32)
        of_model = bool(probe.get("of_model", False))
        known = isinstance(probe["field"], str) and (of_model or probe["field"] in _FIELDS)
        if values.shape != (times.size, neurons.size) or not known:
            raise ValueError(f"probe_{i}.npy does not match probes.json")
        found.append(
            {
                "population": named[probe["area"]],
                "field": probe["field"],
                "of_model": of_model,
                "neurons": neurons,
                "times": times,
                "values": values,
            }
        )
    return found


def _read_array(path: Path, axes: int, kind: Any) -> npt.NDArray[Any]:
    array = np.load(path, allow_pickle=False)
    if not isinstance(array, np.ndarray) or array.ndim != axes or array.dtype.kind not in "iuf":
        raise ValueError(f"{path.name} is no table of numbers")
    if kind is not None and array.dtype != kind:
        raise ValueError(f"{path.name} holds {array.dtype}")
    return array
