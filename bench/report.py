#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.py: bench/RESULTS.md and its plots from the files in bench/results (`make bench`, `make bench-gpu`, `make bench-peers`)."""

import json
import math
import pathlib

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

HERE = pathlib.Path(__file__).resolve().parent
COLOURS = {
    "rheobase": "#d55e00",
    "brian2": "#0072b2",
    "brainevent": "#009e73",
    "nest": "#cc79a7",
    "feagi": "#56b4e9",
    "limit": "#999999",
}


def load(name: str):
    path = HERE / "results" / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def time_text(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def count_text(n: float) -> str:
    return f"{n / 1e6:g} M" if n >= 1e6 else f"{n / 1e3:g} k"


def limit_of(row: dict) -> float:
    ways = [row[f"limit_{way}_seconds"] for way in ("plain", "prefetched", "binned")]
    return min(ways) + row["limit_step_seconds"]


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        "|" + "---|" * len(head),
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def exponent(rows: list[dict], x) -> float:
    """Slope of the line through log(time) against log(x), over the upper half of the points."""
    points = [(math.log(x(r)), math.log(r["seconds_per_burst"])) for r in rows][len(rows) // 2 :]
    mx, my = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    return sum((a - mx) * (b - my) for a, b in points) / sum((a - mx) ** 2 for a, _ in points)


def cpu_table(rows: list[dict]) -> list[str]:
    """A line for each size, firing and number of threads, beside the limits measured there."""
    lines = [
        [
            count_text(r["neurons"]),
            f"{r['firing_percent']:g} %",
            str(r["threads"]),
            time_text(r["seconds_per_burst"]),
            f"{r['events_per_burst'] / r['seconds_per_burst'] * 1e-9:.2f} G",
            f"{r['neurons'] / r['seconds_per_burst'] * 1e-9:.2f} G",
            *(
                time_text(r[f"limit_{way}_seconds"])
                for way in ("plain", "prefetched", "binned", "step")
            ),
            f"{100 * limit_of(r) / r['seconds_per_burst']:.0f} %",
            f"{r['bytes_per_synapse']:.2f}",
        ]
        for r in rows
    ]
    head = ["neurons", "firing", "threads", "burst", "events/s", "neurons/s", "scatter"]
    return table([*head, "prefetched", "binned", "step", "of the limit", "bytes a synapse"], lines)


def cpu_part(cpu: dict) -> list[str]:
    machine = cpu["machine"]
    lines = [
        "## CPU",
        f'{machine["processor"]}, commit {machine["commit"]}, {machine["date"]}; `make bench`. "Of the limit" compares a '
        "burst with the best of three plain loops over as many synapses (scatter; with the rows of the next spikes prefetched; "
        "binned) and a stream over the bytes of the step, measured beside each row. The clock of shared machines changes by up "
        "to a factor of two within minutes, so shares above 100 % happen.",
        "",
    ]
    for question, rows in cpu["answers"].items():
        lines += [f"### {question[0].upper()}{question[1:]}", ""]
        lines += cpu_table(rows)
    lines += [
        "### Cost against …",
        "One thread, 100 synapses a neuron; the exponent is fitted over the upper half of the points "
        "(1: linear).",
        "",
        "![cost](results/cpu_curves.png)",
        "",
    ]
    figure, axes = plt.subplots(
        1, len(cpu["curves"]), figsize=(12, 3), layout="constrained", sharey=True
    )
    rows_of_table = []
    for axis, (name, rows) in zip(axes, cpu["curves"].items(), strict=True):
        key = {"firing": "firing_percent"}.get(name, name)
        fitted = exponent(rows, lambda r, key=key: r[key])
        axis.loglog(
            [r[key] for r in rows],
            [1e6 * r["seconds_per_burst"] for r in rows],
            "o-",
            color=COLOURS["rheobase"],
        )
        axis.set(
            xlabel={"firing": "firing (%)", "synapses": "synapses per neuron"}.get(name, name),
            title=f"exponent {fitted:.2f}",
        )
        rows_of_table.append(
            [
                name,
                " ".join(f"{r[key]:g}: {time_text(r['seconds_per_burst'])};" for r in rows),
                f"{fitted:.2f}",
            ]
        )
    axes[0].set_ylabel("burst (us)")
    figure.savefig(HERE / "results" / "cpu_curves.png", dpi=100)
    return lines + table(["against", "burst", "exponent"], rows_of_table)


def backends_of(rows: list[dict]) -> list[str]:
    return list(dict.fromkeys(r["backend"] for r in rows))


def gpu_table(rows: list[dict]) -> list[str]:
    """A line for each size and firing, a column for each backend, the rest about the GPU."""
    names = backends_of(rows)
    by = {(r["neurons"], r["firing_percent"], r["backend"]): r for r in rows}
    lines = []
    for neurons, firing in dict.fromkeys((r["neurons"], r["firing_percent"]) for r in rows):
        gpu = by.get((neurons, firing, next(n for n in names if n.startswith("wgpu"))))
        found = [by.get((neurons, firing, name)) for name in names]
        lines.append(
            [
                count_text(neurons),
                f"{firing:g} %",
                *(time_text(r["seconds_per_burst"]) if r else "" for r in found),
                f"{gpu['events_per_burst'] / gpu['seconds_per_burst'] * 1e-9:.1f} G",
                f"{neurons / gpu['seconds_per_burst'] * 1e-9:.2f} G",
                f"{gpu['bytes_per_burst'] * 1e-6:.3g} MB",
                f"{1 / gpu['bursts_per_batch']:.2g}",
                f"{gpu['atomics_per_second'] * 1e-9:.1f} G/s",
                f"{100 * gpu['limit_seconds'] / gpu['seconds_per_burst']:.0f} %",
            ]
        )
    head = ["neurons", "firing", *names, "events/s", "neurons/s", "moved", "submissions", "atomics"]
    return table([*head, "of the limit"], lines)


def gpu_plot(rows: list[dict]) -> None:
    firings = list(dict.fromkeys(r["firing_percent"] for r in rows))
    figure, axes = plt.subplots(
        1, len(firings), figsize=(12, 3), layout="constrained", sharey=True, sharex=True
    )
    colours = (COLOURS["brian2"], COLOURS["feagi"], COLOURS["rheobase"])
    for axis, firing in zip(axes, firings, strict=True):
        here = [r for r in rows if r["firing_percent"] == firing]
        for name, colour in zip(backends_of(rows), colours, strict=False):
            points = [r for r in here if r["backend"] == name]
            x = [r["neurons"] for r in points]
            axis.loglog(
                x, [1e6 * r["seconds_per_burst"] for r in points], "o-", color=colour, label=name
            )
            if all("limit_seconds" in r for r in points):
                limits = [1e6 * r["limit_seconds"] for r in points]
                axis.loglog(x, limits, "--", color=COLOURS["limit"], label="limit of the GPU")
        axis.set(xlabel="neurons", title=f"{firing:g} % firing")
    axes[0].set_ylabel("burst (us)")
    axes[0].legend(frameon=False)
    figure.savefig(HERE / "results" / "gpu.png", dpi=100)


def gpu_part(gpu: dict) -> list[str]:
    machine = gpu["machine"]
    lines = [
        "## GPU",
        f"{machine['gpu']}; {machine['cores']} cores of {machine['processor']}; commit {machine['commit']}, {machine['date']}; "
        '`make bench-gpu`. 100 synapses a neuron unless said. "Of the limit" compares a burst with its events at the rate of '
        "random atomics into as many accumulators, 28 bytes a neuron (36 with accumulators of 64 bits) at the rate of a copy, and two "
        "dispatches that wait for each other, all measured right before. A burst encoded on four threads, or in one dispatch, "
        "may pass that. Submissions: for each burst.",
        "",
    ]
    for question, rows in gpu["answers"].items():
        lines += [f"### {question[0].upper()}{question[1:]}", "", *gpu_table(rows)]
        if question == "size and firing":
            gpu_plot(rows)
            lines += ["![GPU](results/gpu.png)", ""]
    if "threads" in gpu:
        lines += ["### Threads of the processor beside it", "", *cpu_table(gpu["threads"])]
    for question, printed in gpu["lines"].items():
        lines += [f"### {question[0].upper()}{question[1:]}", "", "```", *printed, "```", ""]
    return lines


def peers_part(rows: list[dict]) -> list[str]:
    sizes = sorted({(r["neurons"], r["firing_percent"]) for r in rows})
    names = list(dict.fromkeys(r["simulator"] for r in rows))
    by = {(r["simulator"], r["neurons"], r["firing_percent"]): r for r in rows}
    lines = [
        "## Peers",
        f"The same network (100 random synapses a neuron) and the same firing in each step for all, one after the other in "
        f"one run, {rows[0]['threads']} threads; `make bench-peers`. Milliseconds a step (times slower than Rheobase).",
        "",
    ]
    lines += table(
        ["neurons", "firing", *names],
        [
            [
                count_text(n),
                f"{f:g} %",
                *(
                    f"{by[s, n, f]['ms']:.3g} ({by[s, n, f]['ms'] / by['rheobase', n, f]['ms']:.1f})"
                    if (s, n, f) in by
                    else ""
                    for s in names
                ),
            ]
            for n, f in sizes
        ],
    )
    largest = max(n for n, _ in sizes)
    lines += [
        "Bytes a synapse, neurons included, at the largest size: "
        + ", ".join(
            f"{s} {by[s, largest, f]['bytes_per_synapse']:.1f}"
            for s in names
            for f in [max(f for n, f in sizes if n == largest)]
            if (s, largest, f) in by
        )
        + ".",
        "",
        "![peers](results/peers.png)",
        "",
        "What differs: Rheobase and FEAGI are told in each step who is to fire, NEST's and Brian2's neurons come to the threshold by a "
        "constant current, once a period; brainevent delivers, the step around it is written in JAX. FEAGI counts in f32, NEST and "
        "Brian2 in f64, brainevent in f32, Rheobase in integers and f32. NEST and Brian2 hold the most for each synapse, as theirs may "
        "be plastic. Rheobase chooses its threads itself (one for small networks).",
        "",
    ]
    figure, axis = plt.subplots(figsize=(7, 3.5), layout="constrained")
    width = 0.8 / len(names)
    for i, name in enumerate(names):
        axis.bar(
            [k + i * width for k in range(len(sizes))],
            [by[name, n, f]["ms"] if (name, n, f) in by else 0 for n, f in sizes],
            width,
            label=name,
            color=COLOURS[name],
        )
    axis.set(
        yscale="log",
        ylabel="ms a step",
        xticks=[k + 0.4 - width / 2 for k in range(len(sizes))],
        xticklabels=[f"{count_text(n)}\n{f:g} %" for n, f in sizes],
    )
    axis.legend(frameon=False, ncols=3)
    figure.savefig(HERE / "results" / "peers.png", dpi=100)
    return lines


def main() -> None:
    lines = [
        "# Results",
        "Made by `bench/report.py` from the files in `bench/results`; `bench/README.md` says which question each "
        "benchmark answers and what followed.",
        "",
    ]
    if (cpu := load("cpu")) is not None:
        lines += cpu_part(cpu)
    if (gpu := load("gpu")) is not None:
        lines += gpu_part(gpu)
    if (peers := load("peers")) is not None:
        lines += peers_part(peers)
    (HERE / "RESULTS.md").write_text("\n".join(lines).rstrip("\n") + "\n")


if __name__ == "__main__":
    main()
