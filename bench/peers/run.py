#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--threads N] [--sizes 10000,100000,1000000] [--periods 100,10]: Rheobase beside its peers, one run.

The same network and the same firing for all (workload.py); each simulator in a process of its own, one after the other. Writes
bench/results/peers.json; `bench/report.py` makes table and plot of it.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import peers_environment

FEAGI = HERE / "feagi" / "target" / "release" / "feagi-burst"
SIMULATORS = ("rheobase", "brian2", "brainevent", "nest", "feagi")
SYNAPSES = 100
SECONDS = 3.0  # about so long for each, by what a burst is expected to take


def command(
    simulator: str, folder: str, neurons: int, period: int, bursts: int, threads: int
) -> list[str]:
    if simulator == "feagi":
        return [str(FEAGI), folder, str(neurons), str(SYNAPSES), str(bursts)]
    numbers = map(str, (neurons, SYNAPSES, period, bursts, threads))
    return [sys.executable, str(HERE / f"{simulator}_driver.py"), folder, *numbers]


def bursts_of(simulator: str, events: int) -> int:
    """Whole periods, fewer for large networks and slow simulators."""
    ns = {"rheobase": 3, "brian2": 10, "brainevent": 10, "nest": 40, "feagi": 120}[simulator]
    return max(1, int(SECONDS / 6 / (events * ns * 1e-9 + 20e-6)))


def main() -> None:
    peers_environment.enter()
    import workload

    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--periods", default="100,10")
    parser.add_argument("--only", default=",".join(SIMULATORS))
    parser.add_argument("--out", default=str(ROOT / "bench" / "results" / "peers.json"))
    given = parser.parse_args()
    rows = []
    for neurons in map(int, given.sizes.split(",")):
        for period in map(int, given.periods.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                workload.write(pathlib.Path(folder), neurons, SYNAPSES, period)
                for simulator in given.only.split(","):
                    bursts = period * -(
                        -bursts_of(simulator, neurons // period * SYNAPSES) // period
                    )
                    bursts = min(bursts, 50 * period)
                    run = subprocess.run(
                        command(simulator, folder, neurons, period, bursts, given.threads),
                        capture_output=True,
                        text=True,
                        cwd=folder,
                        env={
                            **os.environ,
                            "RAYON_NUM_THREADS": str(given.threads),
                            "PYTHONWARNINGS": "ignore",
                        },
                    )
                    if run.returncode != 0:
                        sys.exit(f"{simulator}: {run.stdout[-2000:]}{run.stderr[-4000:]}")
                    told = json.loads(run.stdout.strip().splitlines()[-1])
                    ran = bursts if simulator == "feagi" else bursts * (workload.STRETCHES + 1)
                    rows.append(
                        {
                            "simulator": simulator,
                            "neurons": neurons,
                            "firing_percent": 100 / period,
                            "threads": given.threads,
                            "ms": statistics.median(told["ms"]),
                            "spikes_per_burst": told["spikes"] / ran,
                            "bytes_per_synapse": told["bytes"] / (neurons * SYNAPSES),
                        }
                    )
                    print(
                        f"{neurons:9} {100 / period:5.1f} %  {simulator:11} {rows[-1]['ms']:10.4f} ms a burst, "
                        f"{rows[-1]['spikes_per_burst']:9.1f} spikes, {rows[-1]['bytes_per_synapse']:5.1f} bytes a synapse",
                        flush=True,
                    )
    out = pathlib.Path(given.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
