# SPDX-License-Identifier: Apache-2.0
"""`tools/peers-models --gallery`: the numbers of docs/site/gallery.md beside those of other simulators.

The cells of the page are run as they are; then each function here makes the same in another simulator.
Draws differ where there are any, so rates are compared, within a share of their own.
"""

import re

import matplotlib
import numpy as np
import peers_environment

PAGE = peers_environment.ROOT / "docs" / "site" / "gallery.md"
CELL = re.compile(
    r"^```\{code-cell\} python\n(?::[\w-]+:[^\n]*\n)*(.*?)^```$", re.MULTILINE | re.DOTALL
)


def cells():
    """What the page's names hold after it ran."""
    matplotlib.use("Agg")
    names = {"__name__": "__main__"}
    for cell in CELL.finditer(PAGE.read_text(encoding="utf-8")):
        exec(compile(cell.group(1), str(PAGE), "exec"), names)
    return names


def nest_kernel(dt):
    """NEST, empty."""
    import nest

    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.resolution = dt
    return nest


def izhikevich(names):
    """The script of the paper in numpy, with the page's synapses."""
    draw = np.random.default_rng(1)
    re_, ri = draw.random(800), draw.random(200)
    a = np.concatenate((np.full(800, 0.02), 0.02 + 0.08 * ri))
    b = np.concatenate((np.full(800, 0.2), 0.25 - 0.05 * ri))
    c = np.concatenate((-65 + 15 * re_**2, np.full(200, -65.0)))
    d = np.concatenate((8 - 6 * re_**2, np.full(200, 2.0)))
    weights = (
        draw.random(1_000_000).reshape(1000, 1000)
        * np.where(np.arange(1000) < 800, 0.5, -1)[:, None]
    )
    v, u, fired, spikes = np.full(1000, -65.0), -65 * b, np.zeros(1000, bool), np.zeros(1000)
    for _ in range(1000):
        current = draw.normal(size=1000) * np.where(np.arange(1000) < 800, 5, 2) + weights[
            fired
        ].sum(axis=0)
        for _ in range(2):
            v = v + 0.5 * (0.04 * v * v + 5 * v + 140 - u + current)
        u = u + a * (b * v - u)
        fired = v >= 30
        v[fired], u[fired] = c[fired], u[fired] + d[fired]
        spikes += fired
    ours = names["izhikevich_rates"]
    return [ours["E"], ours["I"]], [spikes[:800].mean(), spikes[800:].mean()]


def brunel(names):
    """NEST."""
    nest = nest_kernel(0.1)
    p = dict(C_m=250.0, tau_m=20.0, E_L=0.0, V_m=0.0, V_reset=0.0, V_th=20.0, t_ref=2.0)
    p.update(tau_syn_ex=0.5, tau_syn_in=0.5)
    e, i = nest.Create("iaf_psc_alpha", 2000, p), nest.Create("iaf_psc_alpha", 500, p)
    noise, recorder = (
        nest.Create("poisson_generator", params={"rate": 17789.0}),
        nest.Create("spike_recorder"),
    )
    for cells_, indegree, weight in ((e, 200, 20.68), (i, 50, -5 * 20.68)):
        rule = {"rule": "fixed_indegree", "indegree": indegree}
        nest.Connect(cells_, e + i, rule, {"weight": weight, "delay": 1.5})
    nest.Connect(noise, e + i, syn_spec={"weight": 20.68, "delay": 0.1})
    nest.Connect(e, recorder)
    nest.Simulate(500.0)
    return [names["brunel_rate"]], [(recorder.events["times"] > 100).sum() / 2000 / 0.4]


def adex(names):
    """NEST: spikes of each pattern."""
    nest = nest_kernel(0.05)
    keys = names["keys"]
    cells_ = nest.Create("aeif_cond_exp", len(names["patterns"]))
    for node, values in zip(cells_, names["patterns"].values(), strict=True):
        p = dict(zip(keys, map(float, values), strict=True))
        node.set(**p, V_m=p["E_L"])
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells_, recorder)
    nest.Simulate(400.0)
    counts = np.bincount(recorder.events["senders"] - 1, minlength=len(names["patterns"]))
    return list(names["adex_counts"]), list(counts)


def mat2(names):
    """NEST: times of the spikes of one neuron."""
    nest = nest_kernel(0.1)
    cell = nest.Create("mat2_psc_exp", params={"I_e": 1500.0})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cell, recorder)
    nest.Simulate(500.0)
    theirs = np.round(recorder.events["times"], 1)
    same = np.isin(np.round(names["mat2_times"], 1), theirs).mean()
    return [len(names["mat2_times"]), same], [len(theirs), 1.0]


def eif(names):
    """NEST: the f-I curve."""
    nest = nest_kernel(0.1)
    currents = np.arange(300, 901, 25.0)
    cells_ = nest.Create("aeif_cond_exp", currents.size, dict(a=0.0, b=0.0, t_ref=2.0))
    cells_.set(I_e=currents)
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells_, recorder)
    nest.Simulate(2000.0)
    rates = np.bincount(recorder.events["senders"] - 1, minlength=currents.size) / 2
    return [names["eif_rates"].mean()], [rates.mean()]


def hodgkin_huxley(_):
    """NEST: spikes on four currents."""
    import rheobase as rb

    nest = nest_kernel(0.1)
    currents = [100.0, 200.0, 400.0, 800.0]
    cells_ = nest.Create("hh_cond_exp_traub", 4, dict(t_ref=3.0))
    cells_.set(I_e=currents)
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells_, recorder)
    nest.Simulate(500.0)
    nb = rb.NetworkBuilder(dt=0.1)
    nb.population("P", 4, rb.models.hh_cond_exp_traub(I_e=currents))
    ours = np.bincount(rb.Engine(nb.build()).run(500).spikes.ids, minlength=4)
    return list(ours), list(np.bincount(recorder.events["senders"] - 1, minlength=4))


def brian2_run(group, time):
    """Spikes of each neuron."""
    import brian2 as b

    seen = b.SpikeMonitor(group)
    b.Network(group, seen).run(time * b.ms)
    return np.asarray(seen.count)


def morris_lecar(names):
    """Brian2, rk4."""
    import brian2 as b

    b.prefs.codegen.target = "numpy"
    b.start_scope()
    b.defaultclock.dt = 0.05 * b.ms
    group = b.NeuronGroup(
        4,
        """
dv/dt = (I - 4.4*0.5*(1 + tanh((v + 1.2)/18))*(v - 120) - 8*n*(v + 84) - 2*(v + 60))/20/ms : 1
dn/dt = 0.04*cosh((v - 2)/60)*(0.5*(1 + tanh((v - 2)/30)) - n)/ms : 1
I : 1""",
        threshold="v > 0",
        refractory=20 * b.ms,
        method="rk4",
    )
    group.v, group.n, group.I = -60, 0.01, [80, 95, 120, 160]
    return list(names["morris_lecar_counts"]), list(brian2_run(group, 1000))


def noise(names):
    """Brian2, Euler and Maruyama, sigma 10 mV."""
    import brian2 as b

    b.prefs.codegen.target = "numpy"
    b.start_scope()
    b.seed(1)
    b.defaultclock.dt = 0.1 * b.ms
    mu = np.arange(5, 26.0)
    group = b.NeuronGroup(
        50 * mu.size,
        """
dv/dt = (mu + x - v)/(20*ms) : 1 (unless refractory)
dx/dt = -x/(5*ms) + 10*sqrt(2/(5*ms))*xi : 1
mu : 1""",
        threshold="v >= 15",
        reset="v = 0",
        refractory=2 * b.ms,
        method="euler",
    )
    group.mu = np.repeat(mu, 50)
    theirs = brian2_run(group, 1000).reshape(mu.size, 50).mean(axis=1)
    return [names["ou_rates"].mean(), names["ou_rates"][10]], [theirs.mean(), theirs[10]]


def known(names):
    """What can be worked out: quadratic integrate-and-fire, escape noise, a Poisson source."""
    qif = 1000 / (10 * np.pi / np.sqrt([0.1, 0.3, 1, 3]))
    escape = 20 * np.exp(np.array([-6, -3, 0, 2, 4]) / 2)
    ours = [*names["qif_rates"], *names["escape_rates"], names["source_rate"]]
    return ours, [*np.floor(qif), *escape, 50.0]


ENTRIES = {  # what to compare, with whom, how far apart it may be
    "Izhikevich 2003: Hz of E, I": (izhikevich, "numpy", 0.1),
    "Brunel, alpha currents: Hz": (brunel, "NEST", 0.04),
    "AdEx: spikes of six patterns": (adex, "NEST", 0.0),
    "MAT: spikes, share of equal ones": (mat2, "NEST", 0.0),
    "exponential IF: mean Hz": (eif, "NEST", 0.005),
    "Hodgkin-Huxley: spikes of four": (hodgkin_huxley, "NEST", 0.0),
    "Morris-Lecar: spikes of four": (morris_lecar, "Brian2", 0.0),
    "noise: mean Hz, Hz at 15 mV": (noise, "Brian2", 0.05),
    "QIF, escape noise, source: Hz": (known, "theory", 0.1),
}


def main():
    """Prints the table; returns 1 if an entry disagrees."""
    names = cells()
    failed = 0
    print("| | Rheobase | | |\n|---|---|---|---|")
    for what, (entry, peer, limit) in ENTRIES.items():
        ours, theirs = (np.array(x, float) for x in entry(names))
        fault = bool(np.any(np.abs(ours - theirs) > limit * np.abs(theirs) + 1e-9))
        failed += fault
        shown = [", ".join(f"{x:.4g}" for x in side) for side in (ours, theirs)]
        print(
            f"| {what} | {shown[0]} | {peer} | {shown[1]} |{' DIFFERENT' if fault else ''}",
            flush=True,
        )
    print(f"{len(ENTRIES) - failed} passed, {failed} failed")
    return int(failed > 0)
