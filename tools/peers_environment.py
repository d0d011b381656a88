# SPDX-License-Identifier: Apache-2.0
"""The environment that has the other simulators: build/peers, of tools/requirements/peers.txt."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / "build" / "peers"


def enter():
    """Goes on inside it; it also finds Rheobase's own package, where that was built."""
    if pathlib.Path(sys.prefix).resolve() == VENV.resolve():
        return
    subprocess.run([ROOT / "tools" / "setup-python", VENV, "peers"], check=True)
    python = str(VENV / "bin" / "python")
    package = str(ROOT / "build" / "tests" / "python")
    os.execve(python, [python, *sys.argv], {**os.environ, "PYTHONPATH": package})
