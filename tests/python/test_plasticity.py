# SPDX-License-Identifier: Apache-2.0
"""Synapses that learn, from Python."""

import pathlib
import pickle
import subprocess

import numpy as np
import pytest

import rheobase as rb

RULE = """
synapse simple "as a test has it"
param gain = 0.25 in 0..2
state w = 1 in 0..4
state seen = 0 in 0..1000
on pre
  seen += 1
on post
  w += gain*seen
"""


def network(plasticity: rb.SynapseModel | None = None) -> rb.Network:
    nb = rb.NetworkBuilder(dt=1.0, seed=3)
    a = nb.population("a", 20, rb.LIF(tau_m=20, v_threshold=10))
    b = nb.population("b", 30, rb.LIF(tau_m=20, v_threshold=10))
    nb.drive(a, rb.poisson(rate=400), weight=6.0)
    nb.drive(b, rb.poisson(rate=300), weight=6.0)
    nb.connect(
        a, b, rb.fixed_indegree(5), weight=0.5, delay=rb.uniform(1, 3), plasticity=plasticity
    )
    nb.connect(b, a, rb.fixed_indegree(5), weight=0.25, delay=2.0)
    return nb.build()


def test_weights_learn_and_are_seen() -> None:
    eng = rb.Engine(network(rb.synapses.stdp_additive(A_plus=0.02)), backend="cpu", seed=1)
    assert [p.delay for p in eng.plastic] == [1.0, 2.0, 3.0]
    first = eng.plastic[0]
    assert isinstance(first, rb.PlasticProjection)
    assert repr(first).endswith("that learn by stdp_additive>")
    assert (first.pre_population, first.post_population) == ("a", "b")
    assert first.model.values["A_plus"] == 0.02
    assert sum(len(p) for p in eng.plastic) == 150
    before = first.weights
    assert (before == 0.5).all()
    eng.run(300)
    after = first.weights
    assert (before == 0.5).all()  # a copy
    assert (after != 0.5).mean() > 0.9
    assert after.min() >= 0 and after.max() <= 1
    matrix = first.to_scipy()
    assert matrix.shape == (20, 30)
    assert matrix.sum() == pytest.approx(after.sum(), rel=1e-5)
    first.weights = np.linspace(0, 1, len(first))
    assert first.weights[-1] == 1
    first.weights = 0.25
    assert set(first.weights) == {0.25}
    with pytest.raises(rb.errors.InvalidArgumentError, match="outside the range"):
        first.weights = 2


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_own_rules(backend: str, tmp_path: pathlib.Path) -> None:
    rule = rb.SynapseModel(RULE)
    assert rule.name == "simple" and rule.title == "as a test has it" and rule.text == RULE
    assert list(rule.params) == ["gain"] and list(rule.states) == ["w", "seen"]
    assert rule.traces == {}
    assert rb.synapses["stdp_additive"].traces == {"x": "pre", "y": "post"}
    assert rule(gain=1) == rule(gain=1.0) != rule
    assert pickle.loads(pickle.dumps(rule(gain=0.5))) == rule(gain=0.5)
    assert repr(rule(gain=0.5)) == "<SynapseModel simple with gain=0.5>"
    assert "gain" in rule._repr_html_()
    path = tmp_path / "own.synapse"
    path.write_text(RULE)
    assert rb.SynapseModel.load(path) == rule
    eng = rb.Engine(network(rule(gain=0.5)), backend=backend, seed=1)
    rec = eng.run(100)
    arrived = sum(int(p.state("seen").sum()) for p in eng.plastic)
    assert arrived > 1000
    eng.plastic[1].set_state("seen", 7)
    assert set(eng.plastic[1].state("seen")) == {7.0}
    assert (
        rec.signature == rb.Engine(network(rule(gain=0.5)), "reference", seed=1).run(100).signature
    )


def test_state_and_checkpoints_hold_what_was_learned(tmp_path: pathlib.Path) -> None:
    net = network(rb.synapses.stdp_triplet())
    eng = rb.Engine(net, backend="cpu", seed=1)
    eng.run(150)
    state = eng.state()
    eng.save(tmp_path / "learned.rheo")
    go_on = eng.run(150).signature
    other = rb.Engine(net, backend="reference", seed=1)
    other.set_state(state)
    other.run(150)
    assert other.state() == eng.state()
    assert other.plastic[0].weights.tobytes() == eng.plastic[0].weights.tobytes()
    resumed = rb.Engine.load(tmp_path / "learned.rheo")
    assert resumed.state() == state
    assert resumed.run(150).signature == go_on
    assert rb.Network.load(tmp_path / "learned.rheo").hash == net.hash


def test_copies_learn_apart() -> None:
    net = network(rb.synapses.stdp_additive())
    eng = rb.Engine(net.copies(3), backend="cpu", seed=1)
    eng.run(200)
    alone = rb.Engine(net, backend="cpu", seed=2)
    alone.run(200)
    assert len(eng.plastic) == 9
    ours = {p.pre_population: p.weights for p in eng.plastic if p.delay == 1.0}
    assert list(ours) == ["0/a", "1/a", "2/a"]
    assert np.array_equal(ours["1/a"], alone.plastic[0].weights)
    assert not np.array_equal(ours["0/a"], ours["1/a"])


def test_the_network_knows_them() -> None:
    net = network(rb.synapses.stdp_additive())
    plain = network()
    assert net.synapse_count == plain.synapse_count
    assert net.delays == plain.delays == (1.0, 2.0, 3.0)
    assert net.hash != plain.hash
    ours, theirs = net.connections("a", "b"), plain.connections("a", "b")
    columns = [np.lexsort((c.delay, c.post, c.pre)) for c in (ours, theirs)]
    for name in ("pre", "post", "weight", "delay"):
        mine, other = getattr(ours, name)[columns[0]], getattr(theirs, name)[columns[1]]
        assert np.array_equal(mine, other), name


def test_info_tells_what_learns(tmp_path: pathlib.Path, program: str) -> None:
    net = network(rb.synapses.stdp_additive())
    net.save(tmp_path / "net.rheo")
    told = subprocess.run(
        [program, "info", tmp_path / "net.rheo"], capture_output=True, text=True, check=True
    ).stdout
    assert told.count("learn by stdp_additive") == 3
    assert "delays (bursts): 1 2 3" in told


def test_what_is_refused() -> None:
    with pytest.raises(rb.errors.InvalidFileError, match="line 2"):
        rb.SynapseModel("synapse s\nstate v = 1\n")
    with pytest.raises(rb.errors.InvalidArgumentError, match="no parameter 'lamda'"):
        rb.synapses.stdp_power(lamda=1)
    with pytest.raises(rb.errors.UnknownNameError, match="Did you mean 'stdp_power'"):
        rb.synapses["stdp_powr"]
    with pytest.raises(AttributeError):
        _ = rb.synapses.nothing_of_the_kind
    with pytest.raises(rb.errors.WrongTypeError, match=r"rheobase\.synapses"):
        network("stdp")  # type: ignore[arg-type]
    assert "stdp_additive" in list(rb.synapses) and len(rb.synapses) >= 7
    assert "tsodyks_markram" in dir(rb.synapses) and "stdp_power" in repr(rb.synapses)


def test_delays_of_connections_are_whole() -> None:
    nb = rb.NetworkBuilder(dt=1.0)
    a = nb.population("a", 2, rb.LIF())
    nb.connect(a, a, rb.all_to_all(), delay=1000.0)
    assert set(nb.build().connections("a", "a").delay) == {1000.0}


def test_delays_in_the_dendrite() -> None:
    def built(delay_in: str) -> rb.Engine:
        nb = rb.NetworkBuilder(dt=1.0, seed=3)
        a = nb.population("a", 20, rb.LIF(tau_m=20, v_threshold=10))
        nb.drive(a, rb.poisson(rate=400), weight=6.0)
        rule = rb.synapses.stdp_additive()
        nb.connect(a, a, rb.all_to_all(), weight=0.5, delay=4.0, plasticity=rule, delay_in=delay_in)
        eng = rb.Engine(nb.build(), backend="cpu", seed=1)
        eng.run(200)
        return eng

    axon, dendrite = built("axon"), built("dendrite")
    assert (axon.plastic[0].delay_in, dendrite.plastic[0].delay_in) == ("axon", "dendrite")
    assert not np.array_equal(axon.plastic[0].weights, dendrite.plastic[0].weights)
    with pytest.raises(rb.errors.InvalidArgumentError, match="neither 'axon' nor 'dendrite'"):
        built("soma")
