# SPDX-License-Identifier: Apache-2.0
"""Whether a folder (an unpacked wheel or archive) holds the texts of the licences of all that is in it."""

import pathlib
import re


def built_in(source):
    """Names of the texts of what the compiler puts into the library, from the one place where dependencies are found."""
    text = (source / "cmake" / "Dependencies.cmake").read_text()
    return set(re.findall(r"(?:fetch_headers|FetchContent_Declare)\((?!\$)(\w+) ", text))


def needed(source, folder):
    names = built_in(source)
    for file in folder.rglob("*"):
        if file.name.startswith("_core."):
            names |= {"nanobind", "robin_map"}
        if "wgpu_native" in file.name:
            names |= {"wgpu-native", "wgpu-py", "webgpu-headers"}
        # libraries that were grafted in, each with a text of its own; and GCC's where they are linked statically
        if re.search(r"\.so(\.|$)|\.dll$|\.dylib$", file.name) and not re.match(r"(lib)?wgpu_native|_core", file.name):
            names.add(re.split(r"[-.]", file.name)[0])
        if file.parent.name == "bin" and file.is_file() and b"libstdc++.so" not in file.read_bytes():
            names.add("libstdcxx")
    return names


def missing(source, folder):
    """What lacks: texts, and names in THIRD_PARTY.md."""
    there = {file.stem for file in folder.rglob("LICENSES/*.txt") if file.stat().st_size > 300}
    lacks = [f"LICENSES/{name}.txt" for name in sorted(needed(source, folder) - there)]
    for name, word in (("LICENSE", "Apache License"), ("THIRD_PARTY.md", "wgpu-native")):
        if not any(word in file.read_text() for file in folder.rglob(name)):
            lacks.append(name)
    table = (source / "THIRD_PARTY.md").read_text()
    return lacks + [f"{name} in THIRD_PARTY.md" for name in sorted(needed(source, folder)) if f"LICENSES/{name}.txt" not in table]


def require(source, folder):
    lacks = missing(pathlib.Path(source), pathlib.Path(folder))
    if lacks:
        raise SystemExit(f"{folder} lacks: {', '.join(lacks)}")
