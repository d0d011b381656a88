# SPDX-License-Identifier: Apache-2.0
"""What was made of a file."""

from __future__ import annotations

from dataclasses import dataclass

from ._text import shown_name


@dataclass(frozen=True)
class ImportNote:
    """kind: "taken", "changed" or "ignored"; where: the part of the file; message: what and why."""

    kind: str
    where: str
    message: str


@dataclass(frozen=True)
class ImportReport:
    """What was taken from a file, what was read differently, what has no effect."""

    format: str
    title: str
    notes: tuple[ImportNote, ...]

    def __str__(self) -> str:
        lines = [f"{self.format}: {shown_name(self.title)}" if self.title else self.format]
        lines += [f"  {n.kind:8} {shown_name(n.where)}: {n.message}" for n in self.notes]
        return "\n".join(lines)


def report_of(given: tuple[str, str, list[tuple[str, str, str]]]) -> ImportReport:
    """From what the compiled module says."""
    return ImportReport(given[0], given[1], tuple(ImportNote(*note) for note in given[2]))
