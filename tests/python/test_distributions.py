# SPDX-License-Identifier: Apache-2.0
"""Parameters and first states that each neuron draws for itself."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from foreign_units import PACKAGES

import rheobase as rb
from rheobase.errors import InvalidArgumentError, UnknownNameError, WrongTypeError

MAKERS = {
    "normal": rb.normal(-60, 5),
    "lognormal": rb.lognormal(0.5, 0.25),
    "uniform": rb.uniform(-3, 5),
    "exponential": rb.exponential(2),
}


def network(seed: int = 1, **values: Any) -> rb.Network:
    nb = rb.NetworkBuilder(dt=0.1, seed=seed)
    nb.population("E", 400, **values)
    return nb.build()


def potentials(of: rb.Network) -> Any:
    return rb.Engine(of, "reference").state().v


@pytest.mark.parametrize("kind", MAKERS)
def test_sample(kind: str) -> None:
    d = MAKERS[kind]
    x = d.sample(100_000)
    assert x.dtype == np.float32 and x.shape == (100_000,)
    mean, sd = {
        "normal": (-60, 5),
        "lognormal": (np.exp(0.5 + 0.25**2 / 2), None),
        "uniform": (1, 8 / np.sqrt(12)),
        "exponential": (2, 2),
    }[kind]
    assert abs(x.mean() - mean) < 4 * (sd or 0.6) / np.sqrt(100_000)
    assert sd is None or abs(x.std() / sd - 1) < 0.02
    assert np.array_equal(x, d.sample(100_000, seed=1))
    assert not np.array_equal(x, d.sample(100_000, seed=2))
    assert d.sample(0).size == 0


@pytest.mark.parametrize("kind", MAKERS)
def test_is_a_value(kind: str) -> None:
    d = MAKERS[kind]
    assert repr(d).startswith(f"{kind}(") and eval(repr(d), {kind: getattr(rb, kind)}) == d
    assert pickle.loads(pickle.dumps(d)) == d and hash(pickle.loads(pickle.dumps(d))) == hash(d)
    cut = d.within(-70, 3).step(0.5)
    assert cut != d and pickle.loads(pickle.dumps(cut)) == cut
    assert cut.sample(1000).min() >= -70 and cut.sample(1000).max() <= 3
    assert np.array_equal(cut.sample(1000) % 0.5, np.zeros(1000))
    assert d != 3


def test_shown() -> None:
    d = rb.normal(-60, 5).within(-70, -50).step(0.5)
    assert isinstance(d, rb.Distribution)
    assert repr(d) == "normal(-60, 5).within(-70, -50).step(0.5)"
    assert repr(rb.exponential(2).within(high=5)) == "exponential(2).within(-inf, 5)"
    assert repr(rb.LIF(v_threshold=rb.normal(20, 1))).count("normal(20, 1)") == 1
    model = rb.models.izhikevich(v=rb.normal(-60, 5), a=0.1)
    assert repr(model) == "<Model izhikevich with v=normal(-60, 5), a=0.1>"
    assert "normal(-60, 5)" in model._repr_html_()
    assert model == pickle.loads(pickle.dumps(model))
    assert model != rb.models.izhikevich(v=rb.normal(-60, 6), a=0.1)
    assert model != rb.models.izhikevich(v=-60, a=0.1)


@pytest.mark.parametrize("package", PACKAGES)
def test_units(package: str) -> None:
    try:
        of = PACKAGES[package]()
    except ImportError:
        pytest.skip(f"no {package}")
    mean, sd, low = of(-60.0, "mV"), of(5.0, "mV"), of(-70.0, "mV")
    d = rb.normal(mean, sd).within(low).step(of(0.5, "mV"))
    plain = rb.normal(-60, 5).within(-70).step(0.5)
    assert np.array_equal(d.sample(50, unit="mV"), plain.sample(50))
    assert rb.LIF(v_rest=d) == rb.LIF(v_rest=plain)
    assert network(v=d).hash == network(v=plain).hash
    assert rb.models.izhikevich(v=d) == rb.models.izhikevich(v=plain)
    tau = rb.LIF(tau_m=rb.uniform(of(0.01, "s"), of(20.0, "ms")))
    assert tau == rb.LIF(tau_m=rb.uniform(10, 20))
    assert d._in_unit("mV", "v") == plain
    with pytest.raises(InvalidArgumentError, match=r"tau_m = .* another dimension"):
        rb.LIF(tau_m=d)
    with pytest.raises(InvalidArgumentError, match="unit='mV'"):
        d.sample(3)
    with pytest.raises(InvalidArgumentError, match="dimension"):
        rb.LIF(v_rest=rb.lognormal(of(1.0, "mV"), 0.5))


def test_parameters_of_neurons() -> None:
    drawn = network(
        tau_m=rb.lognormal(3, 0.2),
        v_rest=rb.normal(-60, 5),
        v_reset=rb.uniform(-65, -60),
        v_threshold=rb.normal(-40, 2),
        t_ref=rb.uniform(0.5, 3),
        v=rb.uniform(-60, -50),
    )
    v = potentials(drawn)
    assert np.unique(v).size > 300 and v.min() >= -60 and v.max() <= -50
    assert drawn.hash != network(seed=2, v=rb.uniform(-60, -50)).hash
    kinds = rb.Neuron(
        threshold=rb.normal(5, 1),
        threshold_limit=rb.uniform(50, 60),
        leak=rb.uniform(0, 0.5),
        excitability=rb.uniform(0.5, 1),
        refractory_period=rb.uniform(0, 5),
        fire_limit=rb.uniform(0, 5),
        snooze_period=rb.uniform(0, 5),
    )
    nb = rb.NetworkBuilder()
    nb.area("A", (4, 5, 2), kinds, v=rb.normal(0, 1))
    assert np.unique(potentials(nb.build())).size == 40
    with pytest.raises(WrongTypeError, match="accumulates"):
        rb.Neuron(accumulates=rb.uniform(0, 1))


def test_arrays_are_what_they_were() -> None:
    """Neurons with numbers of their own, given by arrays or one population each."""
    tau, threshold, t_ref = [10.0, 20.0, 7.5], [15.0, 20.0, 18.0], [0.2, 0.0, 1.3]
    nb = rb.NetworkBuilder(dt=0.1)
    nb.population("E", 3, rb.LIF(tau_m=tau, v_threshold=threshold, t_ref=t_ref))
    even = rb.NetworkBuilder(dt=0.1)
    even.population("E", 3)
    eng = rb.Engine(even.build(), "cpu", threads=1)
    with eng.editing() as edit:
        for i in range(3):
            kind = rb.LIF(tau_m=tau[i], v_threshold=threshold[i], t_ref=t_ref[i])
            edit.set_neurons(eng.network["E"][i : i + 1], kind)
    assert eng.network.hash == nb.build().hash
    edit_all = rb.Engine(even.build(), "cpu", threads=1)
    with edit_all.editing() as edit:
        kind = rb.LIF(tau_m=tau[1:], v_threshold=threshold[1:], t_ref=t_ref[1:])
        edit.set_neurons(eng.network["E"][1:], kind)
        edit.set_neurons(
            eng.network["E"][:1], rb.LIF(tau_m=[tau[0]], v_threshold=threshold[0], t_ref=t_ref[0])
        )
    assert edit_all.network.hash == nb.build().hash
    nb.population("I", 2, v=[1, 2])
    assert potentials(nb.build()).tolist() == [0, 0, 0, 1, 2]


def test_models_draw() -> None:
    nb = rb.NetworkBuilder(dt=0.5)
    nb.population("E", 300, rb.models.izhikevich, v=rb.normal(-60, 5), a=rb.uniform(0.02, 0.1))
    eng = rb.Engine(nb.build(), "reference")
    names = list(rb.models.izhikevich.states)
    v = eng.state().tables[0][1][names.index("v")]
    assert abs(v.mean() + 60) < 1.5 and 4 < v.std() < 6
    with pytest.raises(InvalidArgumentError, match=r"neuron [0-9]+ draws .* within"):
        nb.population("bad", 300, rb.models.izhikevich, v=rb.normal(-60, 1e6))


def test_draws_stay_with_their_names() -> None:
    alone = potentials(network(v=rb.normal(0, 1)))
    nb = rb.NetworkBuilder(dt=0.1)
    nb.population("other", 10, v=rb.normal(0, 1))
    nb.population("E", 400, tau_m=rb.uniform(10, 20), v=rb.normal(0, 1))
    assert np.array_equal(potentials(nb.build())[10:], alone)
    nb.remove("other")
    assert np.array_equal(potentials(nb.build()), alone)


def test_edits_draw() -> None:
    kind = rb.LIF(v_threshold=rb.normal(20, 1), tau_m=np.linspace(10, 20, 400))
    wanted = network(neuron=kind)
    eng = rb.Engine(network(), "cpu", threads=1)
    with eng.editing() as edit:
        edit.set_neurons("E", kind)
    assert eng.network.hash == wanted.hash
    nb = rb.NetworkBuilder(dt=0.5)
    nb.population("M", 30, rb.models.izhikevich)
    drawn = rb.NetworkBuilder(dt=0.5)
    drawn.population("M", 30, rb.models.izhikevich, a=rb.uniform(0.02, 0.1))
    eng = rb.Engine(nb.build(), "cpu", threads=1)
    with eng.editing() as edit:
        edit.set_values("M", a=rb.uniform(0.02, 0.1))
        edit.population("later", 5, tau_m=rb.uniform(10, 20), v=rb.uniform(1, 2))
        edit.population("model", 5, rb.models.izhikevich, v=rb.uniform(-60, -50))
    v = eng.state().v
    assert eng.network.neuron_count == 40 and (v[30:35] >= 1).all() and (v[30:35] <= 2).all()
    eng = rb.Engine(nb.build(), "cpu", threads=1)
    with eng.editing() as edit:
        edit.set_values("M", a=rb.uniform(0.02, 0.1))
    assert eng.network.hash == drawn.build().hash


def test_what_cannot_be() -> None:
    nb = rb.NetworkBuilder(dt=0.1)
    wrong: list[tuple[type[Exception], str, Any]] = [
        (InvalidArgumentError, "standard deviation is below 0", lambda: rb.normal(0, -1)),
        (InvalidArgumentError, "lower limit is above", lambda: rb.uniform(2, 1)),
        (InvalidArgumentError, "above 0", lambda: rb.exponential(0)),
        (InvalidArgumentError, "sigma", lambda: rb.lognormal(0, -1)),
        (InvalidArgumentError, "not finite", lambda: rb.normal(0, np.nan)),
        (WrongTypeError, "not one number", lambda: rb.normal([1, 2], 1)),
        (WrongTypeError, "not a number", lambda: rb.normal("1", 1)),
        (WrongTypeError, "not a number", lambda: rb.normal(rb.normal(0, 1), 1)),
        (InvalidArgumentError, "next to nothing", lambda: rb.normal(0, 1).within(50, 60)),
        (InvalidArgumentError, "no multiple", lambda: rb.normal(0, 1).within(0.1, 0.2).step(1)),
        (InvalidArgumentError, "a step is above 0", lambda: rb.normal(0, 1).step(0)),
        (UnknownNameError, "no distribution", lambda: rb.Distribution("cauchy", (0, 1))),
        (WrongTypeError, "takes 2 numbers", lambda: rb.Distribution("normal", (0,))),
        (UnknownNameError, "no unit", lambda: rb.normal(0, 1).sample(3, unit="furlong")),
        (WrongTypeError, "not a whole number", lambda: rb.normal(0, 1).sample(1.5)),  # type: ignore[arg-type]
        (
            InvalidArgumentError,
            r"'tau_m_ms': neuron [0-9]+ draws .*within\(low, high\)",
            lambda: nb.population("E", 400, tau_m=rb.normal(10, 5)),
        ),
        (InvalidArgumentError, "no parameter 'tau'", lambda: nb.population("E", 400, tau=3)),
        (InvalidArgumentError, "v have the shape", lambda: nb.population("E", 4, v=[1, 2])),
        (
            InvalidArgumentError,
            "has a model",
            lambda: nb.area("A", (2, 2, 2), rb.models.izhikevich, v=3),
        ),
        (
            InvalidArgumentError,
            "threshold gradient and thresholds that vary",
            lambda: nb.area(
                "A",
                (2, 2, 2),
                rb.LIF(v_threshold=rb.normal(20, 1)),
                threshold_gradient=(1, 0, 0),
            ),
        ),
        (InvalidArgumentError, "is drawn", lambda: rb.LIF(tau_m=rb.uniform(1, 2)).core(0.1)),
    ]
    for kind, match, act in wrong:
        with pytest.raises(kind, match=match):
            act()
    assert len(nb) == 0
