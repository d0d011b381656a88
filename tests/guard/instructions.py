#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""instructions.py PROGRAM [--write]: the instructions that a burst costs, counted by callgrind, against the stored numbers.

Times on shared machines vary, instructions of one thread do not. A case is red if it costs 5 % more than stored, or if its
signature is another. What is faster by 5 % is red too, so that the stored numbers follow: --write stores what was counted.
Numbers belong to one compiler, which the file names; with another, the test is skipped (exit code 77).
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

STORED = pathlib.Path(__file__).with_name("instructions.json")
TOLERANCE = 0.05
SKIPPED = 77
FEW, MANY = 50, 150  # bursts; the difference leaves out what loading costs

# name: kind and neurons of the generated network, what else `run` is told, rules other than the kind's
CASES = {
    "balanced": ("balanced", 2000, [], None),
    "balanced, rules of no profile": ("balanced", 2000, [], {"leak": "every_burst", "countdown": "every_burst",
                                                             "test": "every_burst", "saturating_count": True}),
    "balanced, two delays and recording": ("layered", 2000, ["-o", "out", "--record", "layer 4[0:100]"], None),
    "rows found by the table and fetched ahead": ("layered", 4000, ["--drive", "layer 1=300Hz:30"], None),
    "vision genome with drive": ("vision", 2000, ["--drive", "Camera=20Hz:1.5"], None),
}


def count(program, folder, network, options, bursts):
    """Instructions of a run, and its signature."""
    out = folder / f"{network.stem}-{bursts}.callgrind"
    options = [str(folder / f"{network.stem}-{bursts}-out") if o == "out" else o for o in options]
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, "run", network, "--bursts", str(bursts),
         "--backend", "cpu", "--threads", "1", "--json", *options],
        capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"valgrind failed: {run.stdout}{run.stderr}")
    return int(found.group(1)), json.loads(run.stdout.splitlines()[-1])["signature"]


def measure(program, folder, name):
    kind, neurons, options, rules = CASES[name]
    network = folder / f"{re.sub('[^a-z]', '_', name)}.json"
    subprocess.run([program, "generate", kind, network, "--neurons", str(neurons)], check=True, capture_output=True)
    if rules is not None:
        network.write_text(json.dumps(json.loads(network.read_text()) | {"rules": rules}))
    few, _ = count(program, folder, network, options, FEW)
    many, signature = count(program, folder, network, options, MANY)
    return {"instructions_per_burst": (many - few) // (MANY - FEW), "signature": signature}


def main():
    program, write = sys.argv[1], "--write" in sys.argv
    compiler = subprocess.run(["c++", "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    stored = json.loads(STORED.read_text()) if STORED.exists() else {"compiler": compiler, "cases": {}}
    if stored["compiler"] != compiler and not write:
        print(f"skipped: the numbers are those of GCC {stored['compiler']}, here is {compiler}")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        folder = pathlib.Path(name)
        counted = dict(zip(CASES, pool.map(lambda case: measure(program, folder, case), CASES)))
    failed = 0
    for case, now in counted.items():
        before = stored["cases"].get(case, {"instructions_per_burst": 0, "signature": ""})
        ratio = now["instructions_per_burst"] / max(before["instructions_per_burst"], 1)
        wrong = []
        if abs(ratio - 1) > TOLERANCE:
            wrong.append(f"stored are {before['instructions_per_burst']:,}; if that is meant: tests/guard/instructions.py PROGRAM --write")
        if now["signature"] != before["signature"]:
            wrong.append(f"the signature is {now['signature']}, stored is {before['signature']}")
        failed += bool(wrong)
        print(f"{case}: {now['instructions_per_burst']:,} instructions a burst ({100 * (ratio - 1):+.1f} %)", *wrong, sep="; ")
    if write:
        STORED.write_text(json.dumps({"compiler": compiler, "cases": counted}, indent=1) + "\n")
    elif failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
