# SPDX-License-Identifier: Apache-2.0
"""The connectome as bytes and as a file: a NumPy archive (.npz) of columns, state and facts.

Entries: `format` ("rheobase connectome 1"), `facts` (JSON: burst count, power amount, fatigue flag,
ledger window, windows and names of areas, semantics), `neurons/<column>`, `synapses/<column>`,
`state/<field>`, `fired/<age>/ids` and `fired/<age>/potentials`.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import FileError, InvalidFileError
from ...files import write_bytes

if TYPE_CHECKING:
    import threading

    from .brain import Brain
    from .columns import Columns, Synapses

_FORMAT = "rheobase connectome 1"
_STATE = ("u", "refractory_countdown", "fire_count", "snooze_countdown", "forget")


class Snapshot:
    """Of RustNPU; its columns and its brain are made there."""

    _neurons: Columns
    _synapses: Synapses
    _brain: Brain
    _lock: threading.RLock
    _power_amount: float
    _fatigue: bool
    _power: Any
    _window: int
    _windows: dict[int, int]
    _names: dict[int, str]
    _semantics: str
    _neuron_capacity: int
    _synapse_capacity: int
    _ledger: Any
    _last: Any
    _pending: list[Any]

    def export_connectome_bytes(self) -> bytes:
        """Neurons, synapses and state, in Rheobase's own documented form."""
        with self._lock:
            arrays: dict[str, Any] = {"format": np.array(_FORMAT), "facts": np.array(self._facts())}
            for group, columns in (("neurons", self._neurons), ("synapses", self._synapses)):
                for name in columns.names:
                    arrays[f"{group}/{name}"] = columns[name]
            if len(self._neurons):
                state = self._brain.state()
                for name in _STATE:
                    arrays[f"state/{name}"] = state[name]
                for age, (ids, potentials) in enumerate(state["fired"]):
                    arrays[f"fired/{age}/ids"] = ids
                    arrays[f"fired/{age}/potentials"] = potentials
            out = io.BytesIO()
            np.savez_compressed(out, **arrays)
            return out.getvalue()

    def import_connectome_bytes(self, binary_data: bytes) -> bool:
        """Become what was exported; True. Raises InvalidFileError and changes nothing if damaged."""
        with self._lock:
            try:
                with np.load(io.BytesIO(binary_data), allow_pickle=False) as archive:
                    arrays = {name: archive[name] for name in archive.files}
                if str(arrays["format"]) != _FORMAT:
                    raise KeyError(str(arrays["format"]))
                facts = json.loads(str(arrays["facts"]))
                columns = [self._read(arrays, g, c) for g, c in self._groups()]
                state = self._read_state(arrays, int(facts["bursts"]), len(columns[0]["alive"]))
            except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
                raise InvalidFileError(
                    f"this is not a connectome that RustNPU exported ({error})."
                ) from None
            if len(columns[0]["alive"]) > self._neuron_capacity:
                raise RuntimeError("Memory allocation error: Neuron array capacity exceeded")
            if len(columns[1]["alive"]) > self._synapse_capacity:
                raise RuntimeError("Memory allocation error: Synapse array capacity exceeded")
            self._become(facts, columns, state)
            return True

    def save_connectome_to_file(self, file_path: str | os.PathLike[str]) -> bool:
        """Write `export_connectome_bytes`, whole or not at all; True."""
        write_bytes(file_path, self.export_connectome_bytes())
        return True

    def load_connectome_from_file(self, file_path: str | os.PathLike[str]) -> bool:
        """Become what was saved; True."""
        try:
            data = Path(file_path).read_bytes()
        except OSError as error:
            raise FileError(f"cannot read {file_path} ({error.strerror}).") from None
        return self.import_connectome_bytes(data)

    def _groups(self) -> list[tuple[str, Columns]]:
        return [("neurons", self._neurons), ("synapses", self._synapses)]

    def _facts(self) -> str:
        return json.dumps(
            {
                "bursts": self._brain.bursts,
                "power_amount": self._power_amount,
                "fatigue": self._fatigue,
                "fire_ledger_window": self._window,
                "windows": {str(k): v for k, v in self._windows.items()},
                "names": {str(k): v for k, v in self._names.items()},
                "semantics": self._semantics,
            }
        )

    @staticmethod
    def _read(arrays: dict[str, Any], group: str, columns: Columns) -> dict[str, Any]:
        found = {name: arrays[f"{group}/{name}"] for name in columns.names}
        if len({a.shape for a in found.values()}) != 1:
            raise ValueError(f"the columns of {group} differ in length")
        for name, array in found.items():
            if array.dtype != columns[name].dtype:
                raise ValueError(f"{group}/{name} is of type {array.dtype}")
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ValueError(f"{group}/{name} is not finite")
        return found

    @staticmethod
    def _read_state(arrays: dict[str, Any], bursts: int, neurons: int) -> dict[str, Any] | None:
        if neurons == 0:
            return None
        state = {name: arrays[f"state/{name}"] for name in _STATE}
        if any(column.shape != (neurons + 1,) for column in state.values()):
            raise ValueError("the state does not fit the neurons")
        ages = sum(1 for name in arrays if name.startswith("fired/") and name.endswith("/ids"))
        state["fired"] = [
            (arrays[f"fired/{age}/ids"], arrays[f"fired/{age}/potentials"]) for age in range(ages)
        ]
        state["burst"] = bursts
        return state

    def _become(
        self, facts: dict[str, Any], columns: list[dict[str, Any]], state: dict[str, Any] | None
    ) -> None:
        from .brain import Brain
        from .columns import Synapses, neuron_columns

        neurons, synapses = neuron_columns(), Synapses()
        neurons.extend(len(columns[0]["alive"]), **columns[0])
        synapses.extend(len(columns[1]["alive"]), **columns[1])
        brain = Brain(neurons, synapses, self._brain.asked_backend, facts["semantics"])
        brain.bursts = int(facts["bursts"])
        if state is not None:
            brain.set_state(state)
        self._neurons, self._synapses, self._brain = neurons, synapses, brain
        self._semantics = facts["semantics"]
        self._power_amount = float(facts["power_amount"])
        self._fatigue = bool(facts.get("fatigue", False))
        self._power = None
        self._window = int(facts["fire_ledger_window"])
        self._windows = {int(k): int(v) for k, v in facts["windows"].items()}
        self._names = {int(k): str(v) for k, v in facts["names"].items()}
        self._ledger.clear()
        self._last = np.empty(0, np.uint32)
        self._pending = []
