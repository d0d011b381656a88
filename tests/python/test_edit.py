# SPDX-License-Identifier: Apache-2.0
"""Networks that change while they run, and why they do what they do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_model import PlainModel
from small_networks import chain

import rheobase as rb


def test_edits() -> None:
    eng = rb.Engine(chain())
    with eng.editing() as edit:
        edit.add_synapses([4], [0], 1.0, 2.0)
        edit.set_weight(0, 1, 0.5)
        assert len(edit) == 2
    eng.inject([0, 3], 1.0)
    assert eng.run(bursts=4).spikes.ids.tolist() == [0, 3, 4, 0]
    assert eng.network.connections("neurons", "neurons").weight.tolist() == [0.5, 1, 1, 1, 1]
    with eng.editing() as edit:
        edit.set_neurons(eng.network["neurons"][1], rb.Neuron(threshold=0.25, leak=1.0))
        edit.remove_synapse(4, 0)
        edit.delete_neurons([2])
    eng.inject([0], 1.0)
    assert eng.run(bursts=4).spikes.ids.tolist() == [0, 1, 1]
    with pytest.raises(rb.errors.InvalidArgumentError), eng.editing() as edit:
        edit.remove_synapse(0, 4)
    with pytest.raises(rb.errors.InvalidArgumentError, match="7 does not exist"):
        eng.editing().add_synapses([7], [0])
    kept = eng.network.synapse_count
    with pytest.raises(RuntimeError, match="mine"), eng.editing() as edit:
        edit.set_psp(eng.network["neurons"][:2], 2.0)
        raise RuntimeError("mine")
    assert eng.network.synapse_count == kept


def test_a_refractory_period_is_set_as_feagi_does() -> None:
    builder = rb.NetworkBuilder(semantics="feagi-0.0.53")
    builder.population("n", 1, rb.Neuron(refractory_period=3, fire_limit=4))
    eng = rb.Engine(builder.build())
    eng.inject([0], 1.0)
    eng.run(bursts=1)
    assert (eng.state().fire_count[0], eng.state().refractory_countdown[0]) == (1, 3)
    with eng.editing() as edit:
        edit.set_refractory_period(eng.network["n"], 3)
    assert (eng.state().fire_count[0], eng.state().refractory_countdown[0]) == (0, 3)
    with eng.editing() as edit:
        edit.set_refractory_period(eng.network["n"], 0)
    assert eng.state().refractory_countdown[0] == 0
    eng.inject([0], 0.5)
    eng.run(bursts=1)
    with eng.editing() as edit:
        edit.set_accumulates(eng.network["n"], False)
    assert eng.state().v[0] == 0.0
    with pytest.raises(rb.errors.InvalidArgumentError):
        eng.editing().set_refractory_period(eng.network["n"], 65536)


def test_the_fatigue_flag() -> None:
    builder = rb.NetworkBuilder(semantics="feagi-0.0.53")
    builder.population("_fatigue", 2, rb.Neuron())
    eng = rb.Engine(builder.build())
    assert not eng.fatigue
    eng.set_fatigue(True)
    assert eng.fatigue
    assert eng.run(bursts=2).spikes.ids.tolist() == [0, 1, 0, 1]
    eng.set_fatigue(True, 0.5)
    assert eng.run(bursts=2).spikes.ids.tolist() == [0, 1]
    eng.set_fatigue(False)
    assert len(eng.run(bursts=2).spikes.ids) == 0
    with pytest.raises(rb.errors.InvalidArgumentError, match="_fatigue"):
        rb.Engine(chain()).set_fatigue(True)


def test_why() -> None:
    eng = rb.Engine(chain(4, weight=0.5), drives=[([chain(4)["neurons"][:1]], rb.constant(), 1.0)])
    assert eng.why(0).fired
    why = eng.why(eng.network["neurons"][1], 2.0)
    assert isinstance(why, rb.Why) and eng.burst == 0
    assert (why.burst, why.fired, why.synaptic, why.injected) == (2, False, 0.5, 0.0)
    assert (why.pre.tolist(), why.delay.tolist(), why.charge.tolist()) == ([0], [1], [0.5])
    assert (why.weight.tolist(), why.psp.tolist(), why.injections) == ([0.5], [1.0], ())
    assert why.verdict == "silent: 0.5 is below the threshold 1" and why.verdict in str(why)
    assert (why.before, why.tested, why.after, why.neuron) == (0.0, 0.5, 0.5, 1)
    assert "branches" in str(why) and why.branches == ()
    eng.run(1)
    assert eng.why(0).injections == (("drive 0 (constant)", 1, 1.0),)
    assert "came closest" in eng.why_silent("neurons", 50.0)
    with pytest.raises(rb.errors.InvalidArgumentError, match="has 2 neurons"):
        eng.why(eng.network["neurons"][:2])
    with pytest.raises(rb.errors.InvalidArgumentError, match="is over"):
        eng.why(0, 1.0)


def test_a_network_grows_while_it_runs() -> None:
    eng = rb.Engine(chain(4))
    eng.inject([0], 1.0)
    eng.run(bursts=1)
    with eng.editing() as edit:
        new = edit.population("new", 3, rb.Neuron(leak=1.0))
        edit.area("voxels", (2, 1, 2), threshold_gradient=(1.0, 0.0, 0.0))
        edit.population("varied", 2, rb.LIF(v_threshold=[3.0, 4.0]))
        edit.set_delay(0, 1, 2.0)
        edit.add_synapses([1, new.first], [new.first, new.first + 1], 1.0)
        edit.set_psp_mode(eng.network["neurons"][2:3], uniform=True)
    network = eng.network
    assert network["new"].first == 4 and network.neuron_count == 13
    eng.record(spikes=[network["neurons"], network["new"]])
    rec = eng.run(bursts=4)
    # 0 fired in burst 1, reaches 1 in 3, 2 and 4 in 4, 5 and 3 in 5
    assert list(zip(rec.spikes.bursts.tolist(), rec.spikes.ids.tolist(), strict=True)) == [
        (3, 1), (4, 2), (4, 4), (5, 3), (5, 5)
    ]  # fmt: skip
    with pytest.raises(rb.errors.InvalidArgumentError, match="exists already"), eng.editing() as e:
        e.population("new", 1)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_builder_and_edits_equal_the_plain_model(data: st.DataObject) -> None:
    """Random networks with whole weights, edited as they run, against NumPy."""
    n = data.draw(st.integers(1, 12))
    keep = data.draw(st.sampled_from([0.0, 0.5, 0.75, 1.0]))
    threshold = data.draw(st.sampled_from([1.0, 2.0, 3.5]))
    refractory = data.draw(st.integers(0, 3))
    model = PlainModel(n, keep, threshold, -1.0, refractory)
    neuron = rb.Neuron(
        threshold=threshold, leak=1.0 - keep, v_reset=-1.0, refractory_period=refractory
    )
    synapse = st.tuples(
        st.integers(0, n - 1), st.integers(0, n - 1), st.integers(-3, 3), st.integers(1, 5)
    )
    model.synapses = data.draw(st.lists(synapse, max_size=30))
    pre, post, weight, delay = (
        (np.array(c, np.int64) for c in zip(*model.synapses, strict=True))
        if (model.synapses)
        else (np.empty(0, np.int64),) * 4
    )
    net = rb.Network.from_arrays(pre, post, weight, delay * 1.0, size=n, neuron=neuron)
    eng = rb.Engine(net, data.draw(st.sampled_from(["cpu", "reference"])))
    for _ in range(data.draw(st.integers(1, 15))):
        if data.draw(st.integers(0, 3)) == 0:
            a, b, w, d = data.draw(synapse)
            model.synapses.append((a, b, w, d))
            with eng.editing() as edit:
                edit.add_synapses([a], [b], w, float(d))
        ids = data.draw(st.lists(st.integers(0, n - 1), unique=True, max_size=n))
        if ids:
            eng.inject(ids, 1.5)
        fired = model.step(dict.fromkeys(ids, 1.5))
        assert set(eng.run(bursts=1).spikes.ids.tolist()) == fired
        assert np.array_equal(eng.state().v, model.v)
