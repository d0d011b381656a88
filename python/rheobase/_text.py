# SPDX-License-Identifier: Apache-2.0
"""Names from files and programs, as text for people: nothing in them acts on a terminal or page."""

from __future__ import annotations

import html
from collections.abc import Sequence


def shown_name(name: str) -> str:
    """Without line breaks, terminal escapes and direction marks."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name
    )


def html_text(value: object) -> str:
    """For a page: as text, whatever it holds."""
    return html.escape(shown_name(str(value)))


def html_table(head: Sequence[str], rows: Sequence[Sequence[object]], below: str) -> str:
    """A table and a line below it."""
    cells = "".join(f"<th>{html_text(h)}</th>" for h in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{html_text(value)}</td>" for value in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{cells}</tr>{lines}</table><p>{html_text(below)}</p>"


def picture_text(name: str) -> str:
    """For matplotlib, which reads formulas between dollars."""
    return shown_name(name).replace("$", r"\$")
