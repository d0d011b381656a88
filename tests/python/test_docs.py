# SPDX-License-Identifier: Apache-2.0
"""Every Python block of the documentation runs, in the order of its file, from an empty folder.

On the site these are the code cells; its other blocks are code for other simulators, shown beside ours.
"""

import pathlib
import re

import matplotlib.pyplot as plt
import pytest

ROOT = pathlib.Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CELL = re.compile(
    r"^```\{code-cell\} python\n(?::[\w-]+:[^\n]*\n)*(.*?)^```$", re.MULTILINE | re.DOTALL
)


def blocks(page: pathlib.Path) -> list[re.Match[str]]:
    pattern = CELL if "site" in page.parts else BLOCK
    return list(pattern.finditer(page.read_text(encoding="utf-8")))


PAGES = [p for p in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if blocks(p)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_blocks_run(
    page: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    text = page.read_text(encoding="utf-8")
    for block in blocks(page):
        line = text[: block.start(1)].count("\n")
        code = compile("\n" * line + block.group(1), str(page), "exec")
        exec(code, names)
    plt.close("all")


def test_the_readme_gives_what_it_says(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_blocks_run(ROOT / "README.md", tmp_path, monkeypatch)
    assert (tmp_path / "raster.png").stat().st_size > 10_000
    assert (tmp_path / "run" / "spikes.npy").exists()
