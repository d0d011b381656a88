#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Networks as people have them, beside those that benchmarks have: people.py [--threads N] [--rounds N].

Parameters that differ, many small populations, silence, wiring by every random rule. Each row stands beside the plain network that it
should cost no more than; rounds take turns, so that a machine that slows down slows all rows. Prints medians, as a table."""

import argparse
import statistics
import time

import numpy as np

import rheobase as rb

N = 100_000


def lif(**values):
    return rb.LIF(
        **({"tau_m": 20, "v_rest": 0, "v_reset": 0, "v_threshold": 20, "t_ref": 2} | values)
    )


def driven(neuron, populations=1):
    """100 synapses a neuron, a Poisson drive that makes a few in a thousand fire."""
    nb = rb.NetworkBuilder(dt=0.1, seed=1)
    parts = [nb.population(f"p{i}", N // populations, neuron) for i in range(populations)]
    for i, part in enumerate(parts):
        nb.connect(
            part, parts[(i + 1) % populations], rb.fixed_indegree(100), weight=0.1, delay=1.5
        )
        nb.drive(part, rb.poisson(rate=2500), weight=0.1)
    return nb.build()


def silent(neurons, touched):
    """Nothing happens but in `touched` neurons of the first thousand, which fire in every step."""
    nb = rb.NetworkBuilder(dt=0.1, seed=1)
    part = nb.population("p", neurons, lif(t_ref=0))
    nb.connect(part, part, rb.fixed_indegree(20), weight=0.01, delay=1.5)
    nb.drive(part[:touched], rb.constant(), weight=25.0)
    return nb.build()


def wired(rule, weight=0.1, delay=1.5):
    nb = rb.NetworkBuilder(dt=0.1, seed=1)
    part = nb.area("p", (250, 400, 1), lif())
    nb.connect(part, part, rule, weight=weight, delay=delay)
    return nb.build()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    steps = {
        "all neurons alike": driven(lif()),
        "thresholds from a normal distribution": driven(lif(v_threshold=rb.normal(20, 1))),
        "time constants from a normal distribution": driven(
            lif(tau_m=rb.normal(20, 3).within(8, 40))
        ),
        "10,000 populations of 10": driven(lif(), 10_000),
        "100,000 silent neurons": silent(N, 0),
        "100,000 silent neurons, one of which fires": silent(N, 1),
        "1,000,000 silent neurons, one of which fires": silent(1_000_000, 1),
    }
    engines = {
        name: rb.Engine(network, backend="cpu", threads=arguments.threads)
        for name, network in steps.items()
    }
    times = {name: [] for name in engines}
    for engine in engines.values():
        engine.record(spikes=[])
        engine.run(bursts=200)
    for _ in range(arguments.rounds):
        for name, engine in engines.items():
            start = time.perf_counter()
            engine.run(bursts=200)
            times[name].append((time.perf_counter() - start) / 200 * 1e6)
    plain = statistics.median(times["all neurons alike"])
    print(f"| a step, {arguments.threads} threads | us | of the first |\n|---|---|---|")
    for name, all_times in times.items():
        median = statistics.median(all_times)
        print(f"| {name} | {median:.1f} | {median / plain:.2f} |")
    k = rb.kernels
    sheet = np.random.default_rng(1).uniform(0, 316, (N, 2))
    rules = {
        "fixed_indegree(100)": rb.fixed_indegree(100),
        "fixed_indegree(100, multapses=False)": rb.fixed_indegree(100, multapses=False),
        "fixed_outdegree(100)": rb.fixed_outdegree(100),
        "fixed_total_number(10**7)": rb.fixed_total_number(10**7),
        "fixed_total_number(10**7, multapses=False)": rb.fixed_total_number(10**7, multapses=False),
        "fixed_probability(0.001)": rb.fixed_probability(0.001),
        "thinned(all_to_all(), 0.1)": rb.thinned(rb.all_to_all(), 0.1),
        "thinned(fixed_indegree(200), 50)": rb.thinned(rb.fixed_indegree(200), 50),
        "by distance, gaussian on a sheet": rb.distance_probability(k.gaussian(8), 0.25, True),
        "by distance, exponential on a sheet": rb.distance_probability(
            k.exponential(8), 0.25, True
        ),
        "by distance, a disc on a sheet": rb.distance_probability(k.within(11.3), 0.25, True),
        "by distance, gaussian, random places": rb.distance_probability(
            k.gaussian(8), 0.25, True, sheet, extent=316
        ),
    }
    makers = {name: lambda rule=rule: wired(rule) for name, rule in rules.items()}
    makers |= {
        "fixed_indegree(100), normal weights": lambda: wired(
            rb.fixed_indegree(100), rb.normal(0.1, 0.01)
        ),
        "fixed_indegree(100), normal weights in steps": lambda: wired(
            rb.fixed_indegree(100), rb.normal(0.1, 0.01).within(0.05, 0.15).step(0.0005)
        ),
        "fixed_indegree(100), normal weights and delays": lambda: wired(
            rb.fixed_indegree(100), rb.normal(0.1, 0.01), rb.normal(1.5, 0.75).within(0.1)
        ),
    }
    builds = {name: [] for name in makers}
    for _ in range(3):
        for name, make in makers.items():
            start = time.perf_counter()
            network = make()
            # of as many synapses
            builds[name].append((time.perf_counter() - start) * 1e7 / network.synapse_count)
    print("\n| 10 M synapses between 100,000 neurons | s | of the first |\n|---|---|---|")
    first = statistics.median(builds["fixed_indegree(100)"])
    for name, all_times in builds.items():
        print(
            f"| {name} | {statistics.median(all_times):.2f} | {statistics.median(all_times) / first:.1f} |"
        )


if __name__ == "__main__":
    main()
