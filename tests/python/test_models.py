# SPDX-License-Identifier: Apache-2.0
"""Models of neurons as texts, from Python."""

import copy
import pickle

import numpy as np
import pytest

import rheobase as rb

LEAKY = """
model leaky "a current that decays"
param tau = 10 ms, tau_s = 5 ms, theta = 15 mV
state v = 0 mV in -1000..1000 "membrane potential"
port  I exp tau_s
port  kick sum
step  exact
  v' = (I - v)/tau unless refractory
  v += kick
fire  v >= theta
refractory 2 ms
reset v = 0
"""


def network(neuron=None, **values):
    nb = rb.NetworkBuilder(dt=0.5, seed=3)
    a = nb.population("A", 40, neuron or rb.Model(LEAKY), **values)
    b = nb.population("B", 20, rb.models.izhikevich, a=0.05)
    c = nb.population("C", 10, rb.LIF())
    nb.connect(a, b, rb.fixed_indegree(5), weight=6, delay=1)
    nb.connect(b, a, rb.fixed_indegree(3), weight=-3, delay=1.5, port="kick")
    nb.connect(c, a, rb.fixed_indegree(3), weight=20)
    nb.drive(a, rb.poisson(800), weight=12)
    nb.drive(c, rb.poisson(2000), weight=8)
    return nb.build()


def test_a_model_tells_what_it_has():
    model = rb.Model(LEAKY)
    assert model.name == "leaky" and model.title == "a current that decays" and model.text == LEAKY
    assert list(model.params) == ["tau", "tau_s", "theta"]
    assert isinstance(model.params["tau"], rb.ModelItem)
    assert model.params["tau"].value == 10 and model.params["tau"].unit == "ms"
    assert model.states["v"].meaning == "membrane potential" and "I" in model.states
    assert model.ports == ("I", "kick")
    assert "leaky" in repr(model) and "tau" in model._repr_html_()
    assert model == rb.Model(LEAKY) and hash(model) == hash(rb.Model(LEAKY))
    assert model(tau=5) != model and model(tau=5).values["tau"][0] == 5
    for again in (copy.copy(model(tau=5)), pickle.loads(pickle.dumps(model(tau=5)))):
        assert again == model(tau=5)


TWO = """
model two
port ge sum nS
port I  sum pA
state v = 0
step
  v = ge + 100*I
fire v > 1e6
"""


def test_input_reaches_the_port_that_is_named():
    nb = rb.NetworkBuilder(dt=1.0)
    nb.population("A", 2, rb.Model(TWO))
    nb.population("B", 1, rb.LIF())
    network = nb.build()

    def v_after(give):
        eng = rb.Engine(network, backend="cpu")
        eng.record(["A"], "v", every=1.0)
        give(eng)
        return eng.run(bursts=1)["A"].v.values[-1].tolist()

    assert v_after(lambda eng: eng.inject("A", [1.0, 2.0])) == [1, 2]
    assert v_after(lambda eng: eng.inject("A", 1.0, port="I")) == [100, 100]
    assert v_after(lambda eng: eng.inject([1], 1.0, port="I")) == [0, 100]
    assert v_after(lambda eng: eng.inject("A", 3.0, port=0)) == [3, 3]
    assert v_after(lambda eng: eng.schedule([1.0], [1], 2.0, port="I")) == [0, 200]
    with pytest.raises(rb.Error, match="no port 'gi' "):
        v_after(lambda eng: eng.inject("A", 1.0, port="gi"))
    for target in ("B", [0, 2]):
        with pytest.raises(rb.Error, match="have no model"):
            v_after(lambda eng, target=target: eng.inject(target, 1.0, port="I"))


def test_drives_reach_the_port_that_is_named():
    def values(**options):
        nb = rb.NetworkBuilder(dt=1.0)
        a = nb.population("A", 2, rb.Model(TWO))
        if not options:
            nb.drive(a, rb.constant(), weight=2, port="I")
            nb.drive(a[1:], rb.constant(), weight=0.5)
        network = nb.build()
        for backend in ("reference", "cpu"):
            eng = rb.Engine(network, backend=backend, **options)
            eng.record(["A"], "v", every=1.0)
            yield eng.run(bursts=2)["A"].v.values[-1].tolist()

    assert list(values()) == [[200, 200.5]] * 2
    drives = [(["A"], rb.constant(), 2, "I"), (["A"], rb.constant(), 0.5, "ge")]
    assert list(values(drives=drives)) == [[200.5, 200.5]] * 2
    with pytest.raises(rb.Error, match="no port 'gi'"):
        list(values(drives=[(["A"], rb.constant(), 2, "gi")]))
    with pytest.raises(rb.Error, match="port"):
        list(values(drives=[(["A"],)]))


def test_weights_are_in_the_unit_of_their_port():
    pq = pytest.importorskip("quantities")
    cond = rb.models.iaf_cond_exp
    nb = rb.NetworkBuilder(dt=0.1)
    a = nb.population("A", 3, cond)
    nb.connect(a, a, rb.all_to_all(), weight=2 * pq.nS, port="ex")
    nb.drive(a, rb.constant(), weight=0.5 * pq.nA, port="I")
    with pytest.raises(rb.Error, match="weight"):
        nb.connect(a, a, rb.all_to_all(), weight=2 * pq.mV, port="ex")
    with pytest.raises(rb.Error, match="weight"):
        nb.drive(a, rb.constant(), weight=2 * pq.mV, port="I")
    eng = rb.Engine(nb.build())
    assert set(eng.network.connections("A", "A").weight.tolist()) == {2.0}
    eng.inject("A", 1 * pq.pA, port="I")
    with pytest.raises(rb.Error):
        eng.inject("A", 2 * pq.mV, port="I")
    eng.run(1)


def test_parts_are_the_same_as_a_text():
    model = rb.Model(
        name="izhikevich",
        params={"a": 0.02, "b": 0.2, "c": -65, "d": 8},
        state={"v": -65, "u": -13},
        ports={"I": "sum"},
        step="v' = 0.04*v*v + 5*v + 140 - u + I; u' = a*(b*v - u)",
        threshold="v >= 30",
        reset="v = c; u += d",
    )
    assert list(model.states) == ["v", "u"] and model.ports == ("I",)
    source = rb.Model(ports={"told": "sum"}, threshold="told > 0")  # neither name nor step
    assert source.ports == ("told",) and not source.params
    with pytest.raises(rb.errors.InvalidArgumentError, match="threshold"):
        rb.Model(state={"v": 0}, step="v' = 1")
    with pytest.raises(rb.errors.InvalidArgumentError, match="not both"):
        rb.Model(LEAKY, threshold="v > 1")


def test_wrong_texts_say_where():
    with pytest.raises(rb.Error, match=r"line 7, column 16.*Did you mean 'tau'"):
        rb.Model(LEAKY.replace("(I - v)/tau", "(I - v)/tua").lstrip())
    with pytest.raises(rb.Error, match="no parameter or state 'tua'"):
        rb.Model(LEAKY)(tua=3)
    with pytest.raises(rb.Error, match="no port 'gi'"):
        nb = rb.NetworkBuilder()
        a, b = nb.population("a", 2), nb.population("b", 2, rb.Model(LEAKY))
        nb.connect(a, b, rb.all_to_all(), port="gi")
    with pytest.raises(rb.Error, match="no model"):
        nb = rb.NetworkBuilder()
        nb.connect(nb.population("a", 2), nb.population("b", 2), rb.all_to_all(), port="gi")
    with pytest.raises(rb.errors.UnknownNameError, match="izhikevich"):
        rb.models["izikevich"]
    with pytest.raises(AttributeError):
        rb.models.nothing_like_it


def test_models_are_listed_and_made():
    assert "izhikevich" in list(rb.models) and len(rb.models) == len(list(rb.models))
    for name in rb.models:
        model = rb.models[name]
        assert model.name == name and model.title
        nb = rb.NetworkBuilder(dt=0.1)
        nb.population("p", 3, model)
        engine = rb.Engine(nb.build(), backend="check:cpu,reference", threads=1)
        engine.run(bursts=50)


def test_states_are_recorded_by_name():
    engine = rb.Engine(network(), backend="cpu", threads=1)
    engine.record(["A", "B"], "v", spikes=["A", "B", "C"], v="C", every=1)
    rec = engine.run(50)
    assert rec["A"].v.values.shape == (50, 40) and rec["B"].v.values.shape == (50, 20)
    assert rec.states["v"]["A"].times[0] == 1.0 and rec.v["C"].values.shape == (50, 10)
    assert np.array_equal(rec.states["v"]["A"].values, rec["A"].v.values)
    assert len(rec.spikes["A"]) and len(rec.spikes["B"])
    with pytest.raises(rb.Error, match="has no state 'w'"):
        engine.record("A", "w")
    with pytest.raises(AttributeError, match="recorded: v"):
        rec["A"].w
    engine.record("A", "v", "I")
    assert list(engine.run(5).states) == ["v", "I"]
    engine.record(v="A")
    assert engine.run(5).v["A"].values.shape == (10, 40)


def test_recordings_are_kept(tmp_path):
    engine = rb.Engine(network(), backend="cpu", threads=1)
    engine.record("A", "v", "I", spikes="A", v="C")
    rec = engine.run(20)
    rec.save(tmp_path)
    assert rb.Recording.load(tmp_path) == rec


def test_values_for_each_neuron_and_first_states():
    one = network(v=np.linspace(-5, 5, 40), tau=np.linspace(5, 15, 40))
    engine = rb.Engine(one, backend="check:cpu,reference", threads=2)
    engine.record("A", "v")
    first = engine.run(bursts=1).states["v"]["A"].values[0]
    assert len(set(first.tolist())) > 30
    assert one != network() and network() == network()
    with pytest.raises(rb.Error, match="39 values of 'v' do not fit 40"):
        network(v=[0.0] * 39)
    with pytest.raises(rb.Error, match="out of range"):
        network(v=5000)


def test_units_are_converted():
    import datetime

    quantities = pytest.importorskip("quantities")
    cell = rb.Model("model cell\nparam C = 281 pF, tau = 5 ms, I_e = 0 pA\nport I sum\nfire I > C")
    changed = cell(C=0.3 * quantities.nF, I_e=[1, 2] * quantities.nA, tau=0.02 * quantities.s)
    assert changed.values["C"][0] == 300 and changed.values["tau"][0] == 20
    assert changed.values["I_e"].tolist() == [1000, 2000]
    with pytest.raises(rb.Error, match="another dimension"):
        cell(C=3 * quantities.mV)

    model = rb.Model(LEAKY)(tau=datetime.timedelta(milliseconds=12))
    assert model.values["tau"][0] == 12


def test_networks_and_engines_are_kept(tmp_path):
    net = network()
    net.save(tmp_path / "net")
    again = rb.Network.load(tmp_path / "net")
    assert again == net and again.models["A"].text == LEAKY
    assert list(again.models) == ["A", "B"]
    assert pickle.loads(pickle.dumps(net)) == net
    engine = rb.Engine(net, backend="cpu", threads=1)
    engine.run(20)
    twin = pickle.loads(pickle.dumps(engine))
    assert engine.state() == twin.state()
    engine.run(20)
    twin.run(20)
    assert engine.signature == twin.signature and engine.state() == twin.state()
    twin.set_state(engine.state())


def test_synapses_tell_their_ports():
    net = network()
    assert set(net.connections("B", "A").port.tolist()) == {1}
    assert set(net.connections("C", "A").port.tolist()) == {0}


def test_why_tells_the_step():
    engine = rb.Engine(network(), backend="cpu", threads=1)
    engine.run(20)
    text = str(engine.why(engine.network["A"][3]))
    assert (
        "model      leaky" in text and "state      v:" in text and ">=" not in text.splitlines()[0]
    )
    assert engine.why_silent("A", 20)


def test_parameters_can_be_edited():
    net = network()
    engine = rb.Engine(net, backend="check:cpu,reference", threads=2)
    engine.run(20)
    with engine.editing() as edit:
        edit.set_values("A", theta=8, tau=np.linspace(5, 15, 40))
        edit.set_values(net["A"][:10], theta=30)
        late = edit.population("late", 5, rb.models.izhikevich, a=0.1)
        edit.add_synapses([net["A"].first], [late.first], weight=30, port="I")
    before = engine.state()
    assert len(before.tables) == 3
    rec = engine.run(100)
    assert len(rec["A"]) and engine.network != net
    quiet, loud = rec.spikes[engine.network["A"][:10]], rec.spikes[engine.network["A"][10:]]
    assert len(quiet) / 10 < len(loud) / 30
    with pytest.raises(rb.Error, match="have no model"), engine.editing() as edit:
        edit.set_values("C", tau=3)
    with pytest.raises(rb.Error, match="is a state, not a parameter"), engine.editing() as edit:
        edit.set_values("A", v=3)
    with pytest.raises(rb.Error, match="do not fit 40 neurons"), engine.editing() as edit:
        edit.set_values("A", tau=[3, 4])


def test_time_is_that_at_which_the_step_begins():
    cell = rb.Model("""
    model cell
    param on = 2 ms, f = 100 Hz, sort = 0
    state x = 0, wave = 0
    step
      x = 1 if t >= on and t < 2.3 ms else 0
      wave = sin(6.2831853*f*t)
    fire t == on
    """)
    nb = rb.NetworkBuilder(dt=0.1)
    nb.population("P", 3, cell, on=[2.0, 2.1, 2.3])
    engine = rb.Engine(nb.build(), backend="check:cpu,reference", threads=1)
    engine.record("P", "x", "wave", spikes="P", every=0.1)
    rec = engine.run(3)
    begins = rec["P"].x.times - 0.1
    assert begins[rec["P"].x.values[:, 0] > 0] == pytest.approx([2.0, 2.1, 2.2])
    assert begins[rec["P"].x.values[:, 1] > 0] == pytest.approx([2.1, 2.2])
    assert not rec["P"].x.values[:, 2].any()
    assert rec["P"].wave.values[:, 0] == pytest.approx(np.sin(2 * np.pi * begins / 10), abs=1e-6)
    assert rec.spikes["P"].times == pytest.approx([2.1, 2.2, 2.4])  # spikes are at its end


def test_first_values_follow_from_those_above():
    cell = rb.Model(
        params={"b": 0.2},
        state={"v": -65, "u": "b*v"},
        step="v += 0",
        threshold="v > 1e3",
    )
    v = np.linspace(-70, -50, 5)
    nb = rb.NetworkBuilder()
    nb.population("given", 5, cell, v=v)
    nb.population("both", 5, cell, v=v, u=3)
    nb.population("none", 5, cell)
    given, both, none = (columns for _, columns in rb.Engine(nb.build()).state().tables)
    assert given[0] == pytest.approx(v) and given[1] == pytest.approx(0.2 * v)
    assert both[1].tolist() == [3] * 5
    assert none[1].tolist() == [-13] * 5
    with pytest.raises(rb.Error, match="'u' is used before it is set"):
        rb.Model(state={"v": "u", "u": 1}, threshold="v > 1")
