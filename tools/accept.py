#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""accept.py PROGRAM [--write]: the plan's criteria of success, each tried and measured here.

Runs with build/tests/python on PYTHONPATH (`make accept`). Exits 1 if a criterion is not met. What needs a hardware GPU is shown on a
software one where there is no other, but for speed, which says so. --write puts the table into docs/acceptance.md.
"""

import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import types

import numpy as np

import rheobase as rb
from rheobase.compat.feagi import RustNPU, RustNPUIntegration

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "examples" / "python"), str(ROOT / "bench" / "peers")]
FEAGI = ROOT / "bench" / "peers" / "feagi" / "target" / "release" / "feagi-burst"
LARGE = 500_000
SYNAPSES = 100

rows: list[tuple[str, str, str]] = []


def say(criterion: str, met: bool | None, measured: str) -> None:
    """met: None where this machine cannot tell."""
    word = {True: "met", False: "NOT MET", None: "not here"}[met]
    rows.append((criterion, word, measured))
    print(f"{word:8} {criterion}: {measured}", flush=True)


def is_software(device: rb.Device) -> bool:
    return "software" in device.reason


def gpu() -> rb.Device | None:
    """A hardware GPU, else a software one."""
    found = [d for d in rb.devices() if d.usable and d.backend.startswith("wgpu")]
    return min(found, key=is_software, default=None)


def noisy(neurons: int, synapses: int, firing: float) -> rb.Network:
    """Neurons that fire with that probability, whatever they receive."""
    nb = rb.NetworkBuilder(dt=1.0, seed=1)
    cell = rb.Neuron(threshold=-1e30, leak=0.1, excitability=firing)
    area = nb.population("all", neurons, cell)
    if synapses:
        nb.connect(area, area, rb.fixed_outdegree(synapses), weight=1.0)
    return nb.build()


def equal(net: rb.Network, backend: str, bursts: int, drives=()) -> str:
    """Both backends burst by burst; raises at the first difference."""
    engine = rb.Engine(net, backend=f"check:{backend},cpu", drives=drives)
    engine.record(branches=True)
    recording = engine.run(bursts=bursts)
    return f"{bursts} bursts, {recording.counters.spikes.sum():,} spikes, {recording.counters.events.sum():,} events: no difference"


def equality(device: rb.Device) -> None:
    on = f" (on {device.device})"
    say("neural dynamics on the GPU", True, equal(noisy(10_000, 0, 0.1), device.backend, 200) + on)
    say(
        "synaptic propagation on the GPU",
        True,
        equal(noisy(2_000, SYNAPSES, 0.05), device.backend, 200) + on,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "vision.genome"
        path.write_text(rb.generate("vision", neurons=10_000), encoding="utf-8")
        genome = rb.load(path)
    drive = [(genome["Camera"], rb.poisson(5), 1.5)]
    say(
        f"equal to the CPU on a genome of {genome.neuron_count:,} neurons",
        True,
        equal(genome, device.backend, 500, drive) + on,
    )
    say(
        "equal to the CPU on 500,000 neurons",
        True,
        equal(noisy(LARGE, SYNAPSES, 0.01), device.backend, 10) + on,
    )
    results = []
    for backend in (device.backend, "cpu"):
        engine = rb.Engine(genome, backend=backend, drives=drive)
        engine.record(spikes=genome["Motor"], v=genome["Camera"][:50])
        for _ in range(20):
            engine.inject("Camera", np.full(genome["Camera"].shape[1::-1], 2.0))
            recording = engine.run(bursts=5)
            results.append((backend, recording.spikes.ids, recording.v.only.values))
    half = len(results) // 2
    same = all(
        np.array_equal(a[1], b[1]) and np.array_equal(a[2], b[2])
        for a, b in zip(results[:half], results[half:], strict=True)
    )
    say(
        "full burst cycle: input, delivery, step, results",
        same,
        "100 bursts with pictures in, spikes and potentials out: "
        + ("the same bits" if same else "different")
        + on,
    )


def feagi_ms(firing: float, threads: int) -> float | None:
    """FEAGI's own engine on as large a network with as much firing, if it was built (`make bench-peers`)."""
    if not FEAGI.exists():
        return None
    import workload

    period = round(100 / firing)
    with tempfile.TemporaryDirectory() as folder:
        workload.write(pathlib.Path(folder), LARGE, SYNAPSES, period)
        run = subprocess.run(
            [FEAGI, folder, str(LARGE), str(SYNAPSES), "8"],
            capture_output=True,
            text=True,
            check=True,
            env={"RAYON_NUM_THREADS": str(threads)},
        )
    return statistics.median(json.loads(run.stdout)["ms"])


def speed(program: str, device: rb.Device | None) -> None:
    hardware = device is not None and not is_software(device)
    cores = len(__import__("os").sched_getaffinity(0))
    backends = [*(f"cpu@{t}" for t in sorted({1, 2, cores})), *([device.backend] if device else [])]
    for firing in (0.1, 1.0, 20.0):
        out = subprocess.run(
            [
                program,
                "bench",
                "gpu",
                "--neurons",
                str(LARGE),
                "--firing",
                str(firing),
                "--backends",
                ",".join(backends),
                "--json",
                "--no-limits",
                "--seconds",
                "0.5",
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        times = {
            r["backend"]: 1e3 * r["seconds_per_burst"] for r in json.loads(out.splitlines()[-1])
        }
        text = ", ".join(f"{name} {ms:.3g} ms" for name, ms in times.items())
        best = min(ms for name, ms in times.items() if name.startswith("cpu"))
        theirs = feagi_ms(firing, cores)
        if theirs is not None:
            text += f"; FEAGI's engine {theirs:.3g} ms, {theirs / best:.0f} times the CPU backend's"
        met = None
        if hardware:
            met = times[device.backend] * 2 < best
            text += f"; GPU {best / times[device.backend]:.1f} times as fast as the best of the CPU"
        elif device:
            text += (
                f"; software, {'slower' if times[device.backend] > best else 'faster'} than the CPU"
            )
        say(f"more than twice the CPU's speed, 500,000 neurons, {firing:g} % firing", met, text)
    engine = rb.Engine(noisy(1000, SYNAPSES, 0.01))
    say(
        "`auto` picks the CPU where the GPU loses",
        engine.backend.startswith("cpu"),
        f"1,000 neurons: {engine.backend} ({engine.backend_reason})",
    )


def python_classes(device: rb.Device | None) -> None:
    fired = {}
    manager = types.SimpleNamespace(
        neurons={
            i: {"threshold": 1.0, "cortical_area": 1 if i == 0 else 3, "x": i} for i in range(50)
        },
        synapses=[(i, (7 * i + 1) % 50, 1.0, 1, 0) for i in range(50)],
    )
    backends = [
        "cpu",
        *([device.backend if is_software(device) else "wgpu"] if device else []),
    ]
    for backend in backends:
        npu = RustNPU(100, 1000, 20, backend=backend)
        for i in range(50):
            npu.add_neuron(1.0, 0.0, 0.0, 0, 0, 1.0, 0, 0, True, 1 if i == 0 else 3, i, 0, 0)
            npu.add_synapse(i, (7 * i + 1) % 50, 1.0, 1, 0)
        one = [npu.process_burst().fired_neurons for _ in range(100)]
        whole = RustNPUIntegration(manager, backend=backend)
        two = [whole.process_burst()["fired_neurons"] for _ in range(100)]
        fired[backend] = (one, two)
    same = all(f == fired["cpu"] for f in fired.values()) and any(fired["cpu"][0][-1])
    say(
        "usable from Python: RustNPU, RustNPUIntegration",
        same,
        f"100 bursts each with backend={', '.join(map(repr, fired))}: "
        + ("the same neurons fired" if same else "different"),
    )


def whole_system(device: rb.Device | None) -> None:
    from bodies.bar import Body
    from follow_bar import take_turns, vision_brain

    brain = vision_brain()
    signatures, errors = {}, {}
    for backend in ("reference", "cpu", *([device.backend] if device else [])):
        body = Body(brain["Camera"].shape[0])
        signatures[backend] = take_turns(rb.Engine(brain, backend=backend), body, 1000)
        errors[backend] = body.error()
    cut = Body(brain["Camera"].shape[0], motor_is_cut=True)
    take_turns(rb.Engine(brain, backend="cpu"), cut, 1000)
    met = len(set(signatures.values())) == 1 and errors["cpu"] < cut.error() / 2
    say(
        "full system: a brain in a body",
        met,
        f"1,000 bursts, the camera is {errors['cpu']:.2f} columns off the bar ({cut.error():.2f} with the motor cut off); signature "
        f"{signatures['cpu']} on {', '.join(signatures)}",
    )


def main() -> None:
    device = gpu()
    if device is None:
        say("a GPU", None, "no adapter, not even a software one (rheobase doctor)")
    else:
        equality(device)
    speed(sys.argv[1], device)
    python_classes(device)
    whole_system(device)
    if "--write" in sys.argv:
        lines = [
            "# The plan's criteria, measured",
            "",
            f"`make accept` printed this on {platform.machine()}, {rb.devices()[0].device}"
            + (f", with {device.device}" if device else "")
            + ".",
            "",
            "| criterion | | measured |",
            "|---|---|---|",
            *(f"| {c} | {w} | {m} |" for c, w, m in rows),
            "",
        ]
        if any(w == "not here" for _, w, _ in rows):
            lines += [
                'What is "not here" was measured on an H100: `bench/README.md`, the table of `rheobase bench gpu`.',
                "",
            ]
        (ROOT / "docs" / "acceptance.md").write_text("\n".join(lines))
    sys.exit(any(w == "NOT MET" for _, w, _ in rows))


if __name__ == "__main__":
    main()
