# SPDX-License-Identifier: Apache-2.0
"""What Python costs: bursts against the command line, one burst of RustNPU, ten million spikes.

Run with build/tests/python on PYTHONPATH; the program's path is the one argument.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import rheobase as rb
from rheobase.compat.feagi import RustNPU


def bursts(program: str) -> None:
    """1,000 bursts of 10,000 neurons x 100, in turn from Python and from the command line."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "balanced.json"
        path.write_text(rb.generate("balanced", neurons=10_000), encoding="utf-8")
        ours, theirs = [], []
        for _ in range(7):
            # loaded anew, as the command line does: what was just built lies in the cache
            eng = rb.Engine(rb.load(path), "cpu", threads=1, seed=1)
            eng.record()  # nothing, as the command line does without a folder to write to
            rec = eng.run(bursts=1000)
            ours.append(rec.seconds)
            out = subprocess.run(
                [program, "run", path, "--bursts", "1000", "--backend", "cpu", "--threads", "1",
                 "--seed", "1", "--json"],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            facts = json.loads(out.stdout.splitlines()[-1])
            assert facts["signature"] == rec.signature
            theirs.append(facts["seconds"])
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"1,000 bursts of 10,000 neurons: Python {a * 1e3:.1f} ms, command line {b * 1e3:.1f} ms "
          f"({100 * (a / b - 1):+.1f} %)")  # fmt: skip


def one_burst() -> None:
    """What RustNPU.process_burst() adds to the burst that the engine runs."""
    npu = RustNPU(10_000, backend="cpu")
    rng = np.random.default_rng(1)
    for i in range(10_000):
        npu.add_neuron(1.0, 0.0, 0.0, 0, 2, 1.0, 0, 0, True, 1 if i < 100 else 2, i, 0, 0)
    n = 100_000
    sources, targets = rng.integers(0, 10_000, n), rng.integers(100, 10_000, n)
    npu.add_synapses_batch(sources, targets, np.full(n, 0.125), np.ones(n, int), np.zeros(n, int))
    npu.process_burst()

    def median(call: object, times: int = 2000) -> float:
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            call()  # type: ignore[operator]
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)

    whole = median(npu.process_burst)
    power, values = npu._brain.engine(), np.full(100, 1.0, np.float32)
    ids = np.arange(100, dtype=np.uint32)

    def same_burst() -> float:
        power.inject(ids, values)
        return float(power.run(1, None, "", 0.0)["seconds"])

    seconds = statistics.median(same_burst() for _ in range(2000))
    print(
        f"RustNPU.process_burst(), 10,000 neurons: {whole * 1e6:.1f} us, of which the burst "
        f"{seconds * 1e6:.1f} us; the rest {1e6 * (whole - seconds):.1f} us"
    )


def many_spikes() -> None:
    """From the end of a run that recorded 10 M spikes to arrays in Python."""
    nb = rb.NetworkBuilder()
    a = nb.population("A", 100_000, rb.Neuron(leak=1.0))
    nb.drive(a, rb.constant(), 1.0)
    eng = rb.Engine(nb.build(), "cpu")
    start = time.perf_counter()
    rec = eng.run(bursts=100)
    whole = time.perf_counter() - start
    start = time.perf_counter()
    trains = rec.spikes.to_neo()
    neo = time.perf_counter() - start
    print(f"{len(rec.spikes):,} spikes: run and return {whole:.2f} s, of which bursts {rec.seconds:.2f} s; "
          f"{len(trains):,} trains of neo {neo:.2f} s")  # fmt: skip


def checkpoints() -> None:
    """A million neurons with 100 synapses each, saved and loaded."""
    nb = rb.NetworkBuilder()
    a = nb.population("A", 1_000_000, rb.LIF(tau_m=20, v_threshold=20))
    nb.connect(a, a, rb.fixed_outdegree(100, multapses=True), weight=0.5)
    eng = rb.Engine(nb.build(), "cpu")
    eng.run(bursts=3)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "state"
        start = time.perf_counter()
        eng.save(path)
        saved = time.perf_counter() - start
        start = time.perf_counter()
        rb.Engine.load(path, "cpu")
        loaded = time.perf_counter() - start
        print(f"100 M synapses: {path.stat().st_size / 1e6:.0f} MB, saved in {saved:.1f} s, "
              f"loaded in {loaded:.1f} s")  # fmt: skip


bursts(sys.argv[1])
one_burst()
many_spikes()
checkpoints()
