# SPDX-License-Identifier: Apache-2.0
"""Networks from files, and files made of them."""

from __future__ import annotations

import os

from . import _core
from .network import Network
from .report import ImportReport, report_of
from .units import flag, path_of, text, thread_count, whole


def load(
    path: str | os.PathLike[str],
    *,
    semantics: str = "feagi-0.0.53",
    strict: bool = False,
    wiring_seed: int = 1,
    threads: int | None = None,
    skip_broken: bool = False,
    quantum_bits: int | None = None,
) -> Network:
    """A FEAGI genome (any schema up to 7) or a network recipe; the content decides.

    semantics: the FEAGI engine to follow for genomes. strict: read broken genomes exactly as FEAGI
    does, instead of as their author meant. skip_broken: leave out what cannot be read of a broken
    genome, take the rest and list what was left out. threads: that build it; one for each core if
    None, and the same network with any number. quantum_bits: charge is counted in multiples of
    2**-quantum_bits, for finer weights by later edits than the file has (None: as the file needs).
    `.report` of the result says what was taken, changed and ignored. Raises
    InvalidFileError, FileError, OutOfMemoryError.
    """
    core, report = _core.load(
        path_of(path),
        text(semantics, "semantics"),
        flag(strict, "strict"),
        whole(wiring_seed, "wiring_seed", most=2**64 - 1),
        thread_count(threads),
        flag(skip_broken, "skip_broken"),
        None if quantum_bits is None else whole(quantum_bits, "quantum_bits", most=40),
    )
    return Network(core, report_of(report))


def convert(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> ImportReport:
    """Writes a genome in FEAGI's current schema; nothing that it holds is lost."""
    return report_of(_core.convert(path_of(source, "source"), path_of(target, "target")))


def generate(kind: str, neurons: int = 10000, seed: int = 1) -> str:
    """Text of a brain made by rule, for a file that `load` reads: one of `generator_names()`."""
    return _core.generate(
        text(kind, "kind"),
        whole(neurons, "neurons", least=1),
        whole(seed, "seed", most=2**64 - 1),
    )


def generator_names() -> list[str]:
    """What `generate` can make."""
    return _core.generator_names()
