# SPDX-License-Identifier: Apache-2.0
"""Which part of the code may see which: borders.py SOURCE_DIR prints every breach and exits 1.

The table is that of docs/design/0001: a file may include its own module and those listed."""
import pathlib
import re
import sys

# module -> prefixes of includes in quotes that it may have
ALLOWED = {
    "include/rheobase": ("rheobase/",),
    "src/model": ("model/",),
    "src/platform": ("rheobase/", "platform/"),
    "src/network": ("rheobase/", "model/", "platform/", "network/"),
    "src/io": ("rheobase/", "model/", "platform/", "network/", "io/"),
    "src/engine": ("rheobase/", "model/", "platform/", "network/", "engine/"),
    "src/cli": ("rheobase/", "cli/"),
    "examples": ("rheobase/",),
}
BACKEND = ("rheobase/", "model/", "platform/", "network/view.h", "engine/backend.h")
# headers in angle brackets that belong to one place
OWNED = {
    "nlohmann/": ("src/io", "src/cli", "tests"),
    "CLI/": ("src/cli",),
    "cairo.h": ("src/cli",),
    "hdf5.h": ("src/io", "tests"),
    "unistd.h": ("src/platform",),
    "sys/": ("src/platform",),
    "sched.h": ("src/platform",),
    "fcntl.h": ("src/platform",),
    "dlfcn.h": ("src/platform",),
    "windows.h": ("src/platform",),
}
MODEL_STD = {"array", "bit", "cstdint", "cstddef", "limits", "vector"}
# no libm and no library distributions where spikes are decided
PURE = ("src/model", "src/network", "src/engine", "src/backends")
IMPURE_HEADERS = {"cmath", "math.h", "random", "complex", "numbers"}
OS_MACRO = re.compile(r"^\s*#\s*if.*\b(_WIN32|__linux__|__APPLE__|__unix__)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def module_of(path):
    for module in ALLOWED:
        if path.startswith(module + "/"):
            return module
    return None


def breaches_of(path, text):
    lines = text.splitlines()
    if not lines or "SPDX-License-Identifier: Apache-2.0" not in lines[0]:
        yield "the first line is not the SPDX line"
    if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)?", path.rsplit("/", 1)[-1]):
        yield "the file's name is not in snake_case"
    module = module_of(path)
    backend = re.match(r"src/backends/([^/]+)/", path)
    for number, line in enumerate(lines, 1):
        if OS_MACRO.match(line) and not path.startswith("src/platform/"):
            yield f"{number}: a switch by operating system outside src/platform"
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, angled = match.groups()
        if quoted and "/" in quoted:
            if backend:
                own = f"backends/{backend[1]}/"
                fine = quoted.startswith((own, *BACKEND))
            elif path == "src/engine/registry.cpp":
                fine = quoted.startswith((*ALLOWED["src/engine"], "backends/"))
            else:
                fine = module is None or quoted.startswith(ALLOWED[module])
            if not fine:
                yield f"{number}: may not include {quoted}"
        if angled:
            for header, places in OWNED.items():
                if angled.startswith(header) and not path.startswith(tuple(p + "/" for p in places)):
                    yield f"{number}: <{angled}> belongs to {', '.join(places)}"
            if module == "src/model" and angled not in MODEL_STD:
                yield f"{number}: the model may not include <{angled}>"
            if path.startswith(tuple(p + "/" for p in PURE)) and angled in IMPURE_HEADERS:
                yield f"{number}: <{angled}> is no part of exact arithmetic"


def check(root):
    files = [f for end in ("*.h", "*.cpp") for folder in ("include", "src", "examples") for f in
             (root / folder).rglob(end)]
    found = []
    for file in sorted(files):
        path = file.relative_to(root).as_posix()
        found += [f"{path}: {breach}" for breach in breaches_of(path, file.read_text(encoding="utf-8"))]
    return len(files), found


def main():
    count, found = check(pathlib.Path(sys.argv[1]))
    print("\n".join(found))
    print(f"{count} files, {len(found)} breaches")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
