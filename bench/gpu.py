#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gpu.py PROGRAM: what `rheobase bench` can tell about a GPU and all cores beside it; writes bench/results/gpu.json.

`bench/report.py` makes bench/RESULTS.md of it. The machine needs no more than Python: the file may be carried from elsewhere.
"""

import argparse
import json
import os

from program import RESULTS, lines_of, machine, rows_of, write

# what is asked, and with which options of `bench gpu`
QUESTIONS = {
    "size and firing": [],
    "accumulators of 64 bits": [
        *("--neurons", "500000,1000000,4000000", "--firing", "1,20"),
        *("--backends", "wgpu", "--real-weights"),
    ],
    "events counted (FEAGI's rules)": [
        *("--neurons", "500000,1000000,4000000", "--firing", "1,20"),
        *("--backends", "wgpu", "--candidates"),
    ],
}
TILES = {
    f"tile by tile or not, {name}": [
        *("--neurons", str(neurons), "--firing", "0.1,1,20"),
        *("--backends", f"wgpu,wgpu+tile={neurons}"),
    ]
    for name, neurons in {"10 M": 10_000_000, "16 M": 16_000_000}.items()
}
LINES = {
    "many brains": [
        *("copies", "--copies", "1,100,1000", "--backends", "cpu@1,cpu,wgpu", "--seconds", "0.2"),
    ],
    "real time": ["realtime", "--backend", "wgpu", "--neurons", "100000"],
    "recording": ["record", "--backend", "wgpu", "--bursts", "300"],
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("--commit", default="")
    parser.add_argument(
        "--no-tiles", action="store_true", help="without what needs 30 GB of memory"
    )
    parser.add_argument("--out", default=str(RESULTS / "gpu.json"))
    given = parser.parse_args()
    results = {"machine": machine(given.commit), "answers": {}, "lines": {}}
    for question, options in {**QUESTIONS, **({} if given.no_tiles else TILES)}.items():
        print(question, flush=True)
        lines = lines_of(
            given.program, ["gpu", "--json", "--seconds", str(given.seconds), *options]
        )
        results["answers"][question] = json.loads(lines[-1])
        # "# wgpu:0: NVIDIA H100 … (driver …)"
        results["machine"]["gpu"] = next(
            line[2:].split(": ", 1)[1] for line in lines if line.startswith("# wgpu")
        )
        write(given.out, results)  # what there is, whatever comes
    print("threads", flush=True)
    threads = [str(n) for n in (1, 2, 4, 8, 16, 32, 64) if n <= os.cpu_count()]
    results["threads"] = rows_of(
        given.program,
        [
            *("cpu", "--seconds", str(given.seconds), "--threads", ",".join(threads)),
            *("--neurons", "10000,100000,1000000", "--firing", "0.1,1,20"),
        ],
    )
    write(given.out, results)
    for question, options in LINES.items():
        print(question, flush=True)
        results["lines"][question] = lines_of(given.program, options)
        write(given.out, results)


if __name__ == "__main__":
    main()
