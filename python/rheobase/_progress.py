# SPDX-License-Identifier: Apache-2.0
"""How long work is shown."""

from __future__ import annotations

from typing import Any

from .errors import needs


def progress_bar(steps: int, dt: float) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise needs("tqdm", "notebook") from None
    return tqdm(total=steps, unit=" steps", unit_scale=True, desc=f"{steps * dt:g} ms")
