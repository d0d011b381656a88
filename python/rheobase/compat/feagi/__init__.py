# SPDX-License-Identifier: Apache-2.0
"""FEAGI's classes of 2025-10-24: `from rheobase.compat.feagi import RustNPU, RustNPUIntegration`.

What differs on purpose: new synapses work at once (`rebuild_indexes` does nothing), `remove_synapse`
returns True only if it removed one, deleted neurons fall silent, `inject_sensory_batch` has an effect,
the interpreter is free while a burst runs, and results are the same on every backend.
"""

from .integration import RustNPUIntegration
from .npu import BurstResult, RustNPU

__all__ = ["BurstResult", "RustNPU", "RustNPUIntegration"]
