# SPDX-License-Identifier: Apache-2.0
"""The command `rheobase`: the program that comes with the package."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

from .errors import UnavailableError


def main() -> int:
    """Run the program with this process's arguments; return its exit code."""
    name = "rheobase.exe" if os.name == "nt" else "rheobase"
    program = pathlib.Path(__file__).parent / "bin" / name
    if not program.exists():
        raise UnavailableError(
            f"the program is not in this package ({program} is missing). "
            "It is in wheels; from source, `make build` makes it."
        )
    if os.name == "nt":
        return subprocess.run([program, *sys.argv[1:]], check=False).returncode
    os.execv(program, [str(program), *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
