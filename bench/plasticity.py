#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What does it cost if synapses learn? bench/plasticity.py PROGRAM [BACKEND...]

Networks in which a share of the neurons fires in each burst, driven from outside; all synapses learn, or none. us a burst, the least of three runs, and how
many times the network without learning that is."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

SIZES = ((10_000, 100), (10_000, 1_000), (100_000, 100), (100_000, 1_000))
RULES = (None, "stdp_additive", "stdp_triplet")


def recipe(neurons, indegree, share, rule):
    connection = {
        "pre": "a",
        "post": "a",
        "rule": {"name": "fixed_indegree", "indegree": indegree},
        "weight": 1e-4,
        "delay": 1,
    }
    if rule:
        connection |= {"plasticity": rule, "plasticity_values": {"W_max": 2e-4}}
    return {
        "format": "rheobase-network",
        "version": 1,
        "dt_ms": 1.0,
        "connections": [connection],
        "populations": [
            {"name": "a", "count": neurons, "lif": {"tau_m_ms": 20, "v_threshold_mv": 10}}
        ],
        "drives": [
            {"population": "a", "kind": "poisson", "rate_hz": share * 1000, "amplitude": 20.0}
        ],
    }


def us_a_burst(program, brain, backend, bursts):
    least = float("inf")
    for _ in range(3):
        said = subprocess.run(
            [program, "run", brain, *backend.split(), "--bursts", str(bursts), "--seed", "1"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        least = min(least, 1e6 / float(re.search(r"([\d,.]+) bursts/s", said)[1].replace(",", "")))
    return least


def main(program, *backends):
    backends = backends or ("--backend cpu --threads 1", "--backend cpu")
    with tempfile.TemporaryDirectory() as folder:
        brain = pathlib.Path(folder) / "brain.json"
        for neurons, indegree in SIZES:
            for share in (0.01, 0.1):
                events = neurons * indegree * share
                for backend in backends:
                    times = []
                    for rule in RULES:
                        brain.write_text(json.dumps(recipe(neurons, indegree, share, rule)))
                        times.append(
                            us_a_burst(program, brain, backend, 200 if events < 2e6 else 40)
                        )
                    plain, *learning = times
                    shown = ", ".join(
                        f"{r} {t:.0f} us ({t / plain:.1f} times, {t * 1e3 / events:.2f} ns an event)"
                        for r, t in zip(RULES[1:], learning, strict=True)
                    )
                    print(
                        f"{neurons} x {indegree}, {share:.0%}, {backend}: {plain:.0f} us; {shown}",
                        flush=True,
                    )


if __name__ == "__main__":
    main(*sys.argv[1:])
