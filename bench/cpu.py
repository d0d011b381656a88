#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cpu.py PROGRAM: all that `rheobase bench cpu` can tell, in one run; writes bench/results/cpu.json.

`bench/report.py` makes bench/RESULTS.md of it.
"""

import argparse

from program import RESULTS, machine, rows_of, write

# what is asked, and with which options
QUESTIONS = {
    "size and firing": ["--neurons", "10000,100000,1000000"],
    "ten million neurons": ["--neurons", "10000000", "--firing", "1,10", "--threads", "2"],
    "accumulators of 64 bits": [
        "--neurons",
        "100000,1000000",
        "--firing",
        "1,10",
        "--real-weights",
    ],
    "events counted (FEAGI's rules)": [
        "--neurons",
        "100000,1000000",
        "--firing",
        "1,10",
        "--candidates",
    ],
    "synapses of 8 bytes": ["--neurons", "100000,1000000", "--firing", "1,10", "--wide"],
    "all spikes recorded": ["--neurons", "10000,100000,1000000", "--firing", "1,10", "--record"],
}
CURVES = {
    "neurons": (
        "--neurons",
        [3000, 10000, 30000, 100000, 300000, 1000000, 3000000],
        ["--firing", "1"],
    ),
    "synapses": ("--synapses", [10, 30, 100, 300, 1000], ["--neurons", "100000", "--firing", "1"]),
    "firing": ("--firing", [0.1, 0.3, 1, 3, 10, 30], ["--neurons", "300000"]),
    "delays": ("--delays", [1, 2, 4, 8, 16], ["--neurons", "300000", "--firing", "1"]),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--threads", default="")
    parser.add_argument("--out", default=str(RESULTS / "cpu.json"))
    given = parser.parse_args()
    threads = ["--threads", given.threads] if given.threads else []
    seconds = ["--seconds", str(given.seconds)]
    answers = {}
    for question, options in QUESTIONS.items():
        print(question, flush=True)
        answers[question] = rows_of(given.program, ["cpu", *seconds, *options, *threads])
    curves = {}
    for name, (option, values, others) in CURVES.items():
        print(f"cost against {name}", flush=True)
        curves[name] = [
            rows_of(
                given.program,
                ["cpu", *seconds, option, str(v), *others, "--threads", "1", "--no-limits"],
            )[0]
            for v in values
        ]
    write(given.out, {"machine": machine(), "answers": answers, "curves": curves})


if __name__ == "__main__":
    main()
