#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""crate_licences.py LIBRARY: writes LICENSES/wgpu-native.txt, the licences of the Rust crates that LIBRARY, libwgpu_native, is made of.

To be run when tools/fetch_wgpu.py takes another version. The library names those crates that may panic, with their versions; cargo resolves the
rest around them, and each crate brings its texts."""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# wgpu-native's own features and dependencies
WANTED = {"wgpu-core": ["vulkan", "gles", "wgsl", "spirv", "glsl", "strict_asserts"], "wgpu-types": ["strict_asserts"], "wgpu-hal": [],
          "naga": ["wgsl-in", "spv-in", "glsl-in", "wgsl-out"]}
HEAD = """wgpu-native {version} is distributed under the MIT licence or the Apache License 2.0, at your choice; here it is used under the second
(LICENSE). It is taken from the wheel of wgpu-py, whose own licence is in wgpu-py.txt.

It is made of these Rust crates, and of Rust's standard library (MIT or Apache-2.0). Where a crate leaves a choice that includes Apache-2.0,
it is used under that (LICENSE); its copyright lines and other texts follow all the same.

"""


def metadata(folder, library):
    named = dict(re.findall(rb"index\.crates\.io-[0-9a-f]+/([A-Za-z0-9_-]+?)-(\d+\.\d+\.\d+[^/]*)/", library))
    named = {name.decode(): version.decode() for name, version in named.items()}
    wgpu = named["wgpu-core"]
    lines = [f'{name} = {{ version = "={wgpu}", features = {json.dumps(features)} }}' for name, features in WANTED.items()]
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").touch()
    (folder / "Cargo.toml").write_text('[package]\nname = "whole"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nraw-window-handle = "0.6"\n'
                                       'paste = "1"\n' + "\n".join(lines) + "\n")
    run = lambda *a: subprocess.run(["cargo", *a], cwd=folder, capture_output=True, text=True, check=False)  # noqa: E731
    run("generate-lockfile")
    for name, version in named.items():
        if name != "hashbrown":  # several at once
            run("update", "-p", name, "--precise", version)
    answer = run("metadata", "--format-version=1", "--filter-platform", "x86_64-unknown-linux-gnu")
    if answer.returncode:
        sys.exit(answer.stderr)
    return json.loads(answer.stdout)


def reached(data):
    """Packages whose code ends up in the library: no macros, no build scripts."""
    nodes = {n["id"]: n for n in data["resolve"]["nodes"]}
    packages = {p["id"]: p for p in data["packages"]}
    is_macro = lambda i: any("proc-macro" in t["kind"] for t in packages[i]["targets"])  # noqa: E731
    seen, todo = set(), [data["resolve"]["root"]]
    while todo:
        for dep in nodes[todo.pop()]["deps"]:
            if dep["pkg"] not in seen and any(k["kind"] is None for k in dep["dep_kinds"]) and not is_macro(dep["pkg"]):
                seen.add(dep["pkg"])
                todo.append(dep["pkg"])
    return sorted((packages[i] for i in seen), key=lambda p: (p["name"], p["version"]))


def main():
    library = pathlib.Path(sys.argv[1]).read_bytes()
    with tempfile.TemporaryDirectory() as place:
        crates = reached(metadata(pathlib.Path(place), library))
        version = (re.search(rb"carries wgpu-native ([0-9.]+)", (ROOT / "tools" / "fetch_wgpu.py").read_bytes()) or [b"", b"?"])[1].decode()
        text = HEAD.format(version=version)
        texts = collections.defaultdict(list)
        for crate in crates:
            name = f"{crate['name']} {crate['version']}"
            text += f"{name}: {crate['license'] or 'see its text'}\n"
            for file in sorted(pathlib.Path(crate["manifest_path"]).parent.glob("*")):
                if not re.match(r"(?i)(licen[sc]e|copying|notice|unlicense)", file.name) or not file.is_file():
                    continue
                body = "\n".join(line.rstrip() for line in file.read_text(encoding="utf-8", errors="replace").strip().splitlines())
                if "Apache License" in body[:200] and "Version 2.0" in body[:300]:
                    continue  # LICENSE
                texts[body].append(name)
    for body, names in texts.items():
        text += f"\n{'-' * 80}\n{', '.join(names)}\n{'-' * 80}\n{body}\n"
    (ROOT / "LICENSES" / "wgpu-native.txt").write_text(text, encoding="utf-8")
    print(f"{len(crates)} crates, {len(texts)} texts besides Apache-2.0")


if __name__ == "__main__":
    main()
