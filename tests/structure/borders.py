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
    "src/definition": ("rheobase/", "model/", "platform/", "definition/"),
    "src/network": ("rheobase/", "model/", "platform/", "definition/", "network/"),
    "src/io": ("rheobase/", "model/", "platform/", "network/", "io/"),
    "src/engine": ("rheobase/", "model/", "platform/", "network/", "engine/"),
    "src/coding": ("rheobase/", "model/", "coding/"),
    "src/server": ("rheobase/", "server/", "io/json_text.h", "io/base64.h"),  # one reader of each
    "src/cli": ("rheobase/", "cli/", "io/json_text.h", "io/base64.h", "io/object_reader.h", "server/serve.h"),
    "examples": ("rheobase/",),
    "python/bindings": ("rheobase/", "arrays.h", "bindings.h", "column_sink.h", "drive_kind.h"),
}
BACKEND = ("rheobase/", "model/", "platform/", "network/view.h", "engine/backend.h")
# headers in angle brackets that belong to one place
OWNED = {
    "nlohmann/": ("src/io", "src/cli", "tests"),
    "CLI/": ("src/cli",),
    "cairo.h": ("src/cli",),
    "boost/": ("src/server/web.cpp",),
    "zmq.h": ("src/server/zmq_sockets.cpp",),
    "hdf5.h": ("src/io", "tests"),
    "zstd.h": ("src/io",),
    "fmt/format.h": ("src/platform/text.cpp",),
    "fmt/printf.h": ("src/cli", "src/engine", "src/backends"),
    "unistd.h": ("src/platform", "tests"),
    "sys/": ("src/platform", "tests"),
    "sched.h": ("src/platform", "tests"),
    "fcntl.h": ("src/platform", "tests"),
    "dlfcn.h": ("src/platform", "tests"),
    "windows.h": ("src/platform", "tests"),
}
MODEL_STD = {"array", "bit", "cstdint", "cstddef", "limits", "span", "vector"}
# no libm and no library distributions where spikes are decided
PURE = ("src/model", "src/definition", "src/network", "src/engine", "src/backends", "src/coding")
IMPURE_HEADERS = {"cmath", "math.h", "random", "complex", "numbers"}
LIBM = re.compile(r"(?<![\w.>])(?:std::|::)?(exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|sinh|cosh|tanh|"
                  r"asin|acos|atan|atan2|cbrt|hypot|fma|erf|tgamma|lgamma|fmod|remainder)[fl]?\s*\(")
DISTRIBUTION = re.compile(r"\bstd::\w+_distribution\b")
# numbers and names become text in include/rheobase/text.h alone; tables are made by fmt::sprintf
HAND_MADE_TEXT = (
    (re.compile(r"\bstd::to_string\s*\(|(?<![:\w])v?s?n?printf\s*\(|std::v?[fs]?n?printf\s*\(|\bstd::setprecision\b|<iomanip>|"
                r"\bstd::sto[fd]\s*\(|\bstrto[fd]\s*\(|\bato[fi]\s*\("),
     "a number becomes text or is read another way than by rheobase/text.h"),
    (re.compile(r''''"\s*\+|\+\s*"'|\\""\s*\+|\+\s*"\\"(?!")'''),
     "a name is quoted by hand (quoted_name of rheobase/text.h does it)"),
)
TEXT_FREE = ("src/platform/text.cpp", "src/io/recording/npy")
FAST_MATH = re.compile(r"-f(fast-math|associative-math|unsafe-math-optimizations)|-Ofast")
COMMENT_OR_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|//.*$')
# threads are made in one place, which says what happens where the system gives none
THREAD = re.compile(r"\bstd::(?:jthread|async|thread(?!::id|::hardware_concurrency))\b|\bpthread_create\b")
THREAD_PLACE = ("src/platform/thread.h", "src/platform/thread.cpp")
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
    if path.startswith(("src/", "include/")) and module is None and not path.startswith("src/backends/"):
        yield "belongs to no module"
    backend = re.match(r"src/backends/([^/]+)/", path)
    for number, line in enumerate(lines, 1):
        if path.startswith(tuple(p + "/" for p in PURE)):
            code = COMMENT_OR_TEXT.sub("", line)
            if LIBM.search(code) or DISTRIBUTION.search(code):
                yield f"{number}: a libm function or a library distribution"
        if path.startswith(("src/", "python/bindings/", "include/")) and not path.startswith(TEXT_FREE):
            for pattern, breach in HAND_MADE_TEXT:
                if pattern.search(line.split("//")[0]):
                    yield f"{number}: {breach}"
        if OS_MACRO.match(line) and not path.startswith(("src/platform/", "include/rheobase/export.h")):
            yield f"{number}: a switch by operating system outside src/platform"
        if (path.startswith(("src/", "include/", "python/bindings/")) and path not in THREAD_PLACE
                and THREAD.search(COMMENT_OR_TEXT.sub("", line))):
            yield f"{number}: a thread made outside src/platform/thread.h"
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, angled = match.groups()
        if quoted and "/" not in quoted and path.startswith(("src/", "include/")):
            yield f"{number}: \"{quoted}\" has no module in its path"
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
            if path.startswith("include/") and ("/" in angled or "." in angled):
                yield f"{number}: public headers may not include <{angled}>"
            for header, places in OWNED.items():
                if angled.startswith(header) and not path.startswith(tuple(p if "." in p else p + "/" for p in places)):
                    yield f"{number}: <{angled}> belongs to {', '.join(places)}"
            if module == "src/model" and angled not in MODEL_STD:
                yield f"{number}: the model may not include <{angled}>"
            if path.startswith(tuple(p + "/" for p in PURE)) and angled in IMPURE_HEADERS:
                yield f"{number}: <{angled}> is no part of exact arithmetic"


def breaches_of_build(path, text):
    """Flags that let the compiler change results belong only where a test looks at what they do."""
    for number, line in enumerate(text.splitlines(), 1):
        if FAST_MATH.search(line) and not path.startswith("tests/hostile/"):
            yield f"{number}: a flag that gives up exact arithmetic"


def check(root):
    sources = [f for end in ("*.h", "*.cpp") for folder in ("include", "src", "python", "examples", "tests",
                                                           "bench")
               for f in (root / folder).rglob(end)]
    found = []
    for file in sorted(sources):
        path = file.relative_to(root).as_posix()
        found += [f"{path}: {breach}" for breach in breaches_of(path, file.read_text(encoding="utf-8"))]
    builds = [f for pattern in ("CMakeLists.txt", "CMakePresets.json", "Makefile", "cmake/*", "tools/*",
                                "tests/**/CMakeLists.txt", "examples/**/CMakeLists.txt") for f in root.glob(pattern)]
    for file in sorted(f for f in builds if f.is_file()):
        path = file.relative_to(root).as_posix()
        found += [f"{path}: {breach}" for breach in breaches_of_build(path, file.read_text(encoding="utf-8"))]
    return len(sources), found


def main():
    count, found = check(pathlib.Path(sys.argv[1]))
    print("\n".join(found))
    print(f"{count} files, {len(found)} breaches")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
