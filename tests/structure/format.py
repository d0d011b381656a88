# SPDX-License-Identifier: Apache-2.0
"""All sources are formatted by clang-format: format.py CLANG_FORMAT SOURCE_DIR"""
import pathlib
import subprocess
import sys

clang_format, root = sys.argv[1], pathlib.Path(sys.argv[2])
folders = ("include", "src", "tests", "examples", "bench")
files = sorted(str(f) for folder in folders for end in ("*.h", "*.cpp") for f in (root / folder).rglob(end))
assert files, f"no sources under {root}"
sys.exit(subprocess.run([clang_format, "--dry-run", "--Werror", *files]).returncode)
