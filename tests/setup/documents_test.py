#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether what documents name is there: files of the repository, targets of make, links between them; and versions that stand in two places."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# these name files of the repository alone
DOCUMENTS = ("CONTRIBUTING.md", "SECURITY.md", "THIRD_PARTY.md")
FOLDERS = tuple(p.name for p in ROOT.iterdir() if p.is_dir() and p.name not in ("build", "dist", ".git"))


def named_paths(text):
    for quoted in re.findall(r"`([^`\s]+)`", text):
        if quoted.split("/")[0] in FOLDERS and "/" in quoted or re.fullmatch(r"[A-Z_]+\.md|CMakeLists\.txt|Makefile|pyproject\.toml", quoted):
            yield quoted


def pinned(file):
    return dict(re.findall(r"^([A-Za-z0-9_-]+)==([^\s;\\]+)", (ROOT / file).read_text(), re.M))


class Documents(unittest.TestCase):
    def test_files_that_are_named_are_there(self):
        for name in DOCUMENTS:
            found = list(named_paths((ROOT / name).read_text()))
            self.assertGreater(len(found), 3, name)
            for path in found:
                pattern = path.replace("NAME", "*")
                self.assertTrue(any(ROOT.glob(pattern.rstrip("/"))), f"{name} names {path}, which is not there")

    def test_links_lead_somewhere(self):
        for name in (*DOCUMENTS, "README.md"):
            for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text()):
                self.assertTrue((ROOT / link).exists(), f"{name} links to {link}")

    def test_targets_of_make_are_there(self):
        makefile = (ROOT / "Makefile").read_text()
        targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
        for name in (*DOCUMENTS, "README.md", "docs/reliability.md"):
            for target in re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text()):
                self.assertIn(target, targets, name)
        for target in targets:
            self.assertRegex(makefile, rf"(?m)^## (make )?{target}\b|^{target}-check:|\bformat-check\b", "it is not in `make help`")

    def test_the_wheel_has_one_set_of_tools(self):
        wheel = pinned("tools/requirements/wheel.txt")
        requires = re.search(r"requires = \[([^\]]+)\]", (ROOT / "pyproject.toml").read_text())[1]
        named = dict(re.findall(r'"([\w-]+)==([^"]+)"', requires))
        self.assertEqual(len(named), requires.count(",") + 1, "a tool without a version")
        for name, version in named.items():
            self.assertEqual(version, wheel.get(name), name)
        for file in ("wheel", "python", "docs", "peers"):
            wanted, got = pinned(f"tools/requirements/{file}.in"), pinned(f"tools/requirements/{file}.txt")
            self.assertEqual({n: v for n, v in wanted.items() if got.get(n) != v}, {}, f"{file}.txt is not made from {file}.in")
        python = pinned("tools/requirements/python.txt")
        for file in ("wheel", "docs"):
            other = pinned(f"tools/requirements/{file}.txt")
            self.assertEqual({n: v for n, v in other.items() if python.get(n, v) != v}, {}, f"{file}.txt and python.txt differ")

    def test_every_licence_text_is_told_of(self):
        table = (ROOT / "THIRD_PARTY.md").read_text()
        for file in (ROOT / "LICENSES").iterdir():
            self.assertIn(f"LICENSES/{file.name}", table)

    def test_crates_are_counted(self):
        crates = re.findall(r"^[\w-]+ \d\S*: .", (ROOT / "LICENSES" / "wgpu-native.txt").read_text(), re.M)
        self.assertIn(f"and {len(crates)} Rust crates", (ROOT / "THIRD_PARTY.md").read_text())
        version = re.search(r"carries wgpu-native (\S+)", (ROOT / "tools" / "fetch_wgpu.py").read_text())[1]
        self.assertIn(f"wgpu-native {version} is distributed", (ROOT / "LICENSES" / "wgpu-native.txt").read_text())


if __name__ == "__main__":
    sys.exit(unittest.main(argv=sys.argv[:1], verbosity=1))
