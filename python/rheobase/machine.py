# SPDX-License-Identifier: Apache-2.0
"""What this machine can run networks on, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from . import _core


@dataclass(frozen=True)
class Device:
    """A backend and what it runs on; `reason` says why it is not usable, or facts about it."""

    backend: str
    device: str
    usable: bool
    reason: str


def devices() -> list[Device]:
    """Every backend of this machine."""
    return [Device(*d) for d in _core.devices()]


@dataclass(frozen=True)
class Finding:
    """One thing that a GPU needs: found or not, and how to mend it."""

    subject: str
    fine: bool
    what: str
    mend: str


def diagnose_gpu() -> list[Finding]:
    """Why a GPU can or cannot be used, from the WebGPU library to the device."""
    return [Finding(*f) for f in _core.diagnose_gpu()]
