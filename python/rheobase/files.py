# SPDX-License-Identifier: Apache-2.0
"""Files written whole or not at all, by the same code as the program's."""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core


def write_bytes(path: str | os.PathLike[str], *parts: bytes | memoryview) -> None:
    """Parts that follow one another. The old file is there or the new one, never a part; its mode
    stays. Raises FileError."""
    _core.write_file(os.fspath(path), [np.frombuffer(part, np.uint8) for part in parts if part])


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """As UTF-8. Raises FileError."""
    write_bytes(path, text.encode())


def write_array(path: str | os.PathLike[str], values: npt.NDArray[Any]) -> None:
    """As NumPy's .npy, without a copy. Raises FileError."""
    ordered = np.ascontiguousarray(values)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(ordered))
    data: Any = ordered.reshape(-1).view(np.uint8)  # NumPy's stubs do not say that it is a buffer
    write_bytes(path, header.getvalue(), memoryview(data))
