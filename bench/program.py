# SPDX-License-Identifier: Apache-2.0
"""What bench/cpu.py and bench/gpu.py share: the program run, and the machine it ran on."""

import json
import pathlib
import platform
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
RESULTS = HERE / "results"


def lines_of(program: str, options: list[str]) -> list[str]:
    """What `rheobase bench` prints, shown as it comes."""
    lines = []
    with subprocess.Popen([program, "bench", *options], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            lines.append(line.rstrip("\n"))
            if not line.startswith("[{"):
                print(line, end="", flush=True)
    if run.returncode != 0:
        raise SystemExit(f"rheobase bench {' '.join(options)} ended with {run.returncode}")
    return lines


def rows_of(program: str, options: list[str]) -> list[dict]:
    return json.loads(lines_of(program, [*options, "--json"])[-1])


def machine(commit: str = "") -> dict[str, str]:
    """commit: where there is no repository to ask."""
    facts = pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines()
    models = [line.split(":")[1].strip() for line in facts if line.startswith("model name")]
    if not commit:
        commit = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=HERE
        ).stdout.strip()
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": str(len(models)),
        "commit": commit,
        "date": time.strftime("%Y-%m-%d"),
    }


def write(path: str, results: dict) -> None:
    out = pathlib.Path(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1) + "\n")
