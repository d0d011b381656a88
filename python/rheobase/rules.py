# SPDX-License-Identifier: Apache-2.0
"""Connection rules that need arrays; the others come from the compiled module."""

from __future__ import annotations

import numpy.typing as npt

from . import _core
from ._arrays import ids_of
from .errors import InvalidArgumentError


def index_pairs(sources: npt.ArrayLike, targets: npt.ArrayLike) -> _core.ConnectionRule:
    """Explicit pairs of indices within the two populations; duplicates make parallel synapses."""
    s = ids_of(sources, 2**32 - 1, "sources")
    t = ids_of(targets, 2**32 - 1, "targets")
    if s.size != t.size:
        raise InvalidArgumentError(f"sources and targets differ in length ({s.size} and {t.size}).")
    return _core.index_pairs(s, t)
