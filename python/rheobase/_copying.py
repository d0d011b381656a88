# SPDX-License-Identifier: Apache-2.0
"""Objects that pickle and copy, or say why they do not."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from .errors import FileError, InvalidArgumentError


class NotCopied:
    """Base of what can be neither pickled nor copied; `_instead` says what to do."""

    _instead = ""

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise InvalidArgumentError(
            f"a {type(self).__name__} can be neither copied nor pickled. {self._instead}"
        )


def bytes_of(save: Callable[[str], None]) -> bytes:
    """What a function that writes a file writes."""
    try:
        with tempfile.TemporaryDirectory(prefix="rheobase-") as folder:
            path = os.path.join(folder, "kept")
            save(path)
            return Path(path).read_bytes()
    except FileError:
        raise
    except OSError as e:
        raise FileError(f"cannot write to the folder for temporary files ({e.strerror}).") from None


def from_bytes(data: bytes, load: Callable[[str], Any]) -> Any:
    """What a function that reads a file makes of bytes."""
    try:
        with tempfile.TemporaryDirectory(prefix="rheobase-") as folder:
            path = os.path.join(folder, "kept")
            Path(path).write_bytes(data)
            return load(path)
    except FileError:
        raise
    except OSError as e:
        raise FileError(f"cannot write to the folder for temporary files ({e.strerror}).") from None
