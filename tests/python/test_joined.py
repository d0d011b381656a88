# SPDX-License-Identifier: Apache-2.0
"""Networks that run as one."""

import pathlib

import numpy as np
import pytest

import rheobase as rb


def noisy(threshold: float = 15.0) -> rb.Network:
    nb = rb.NetworkBuilder(dt=1.0, seed=1)
    lif = rb.LIF(tau_m=20, v_rest=0, v_reset=0, v_threshold=threshold, t_ref=2)
    e, i = nb.population("E", 40, lif), nb.population("I", 10, lif)
    nb.connect([e, i], [e, i], rb.fixed_indegree(5), weight=0.5, delay=2)
    nb.drive(e, rb.poisson(rate=900), weight=1.0)
    return nb.build()


def test_every_copy_fires_as_it_does_alone() -> None:
    net = noisy()
    extra = [(net["I"], rb.poisson(500), 2.0)]
    eng = rb.Engine(net, "cpu", copies=3, seeds=[7, 1, 7], drives=extra)
    rec = eng.run(200)
    for number, seed in enumerate([7, 1, 7]):
        alone = rb.Engine(net, "reference", seed=seed, drives=extra).run(200)
        member = rec.spikes.member(number)
        assert len(alone.spikes) > 100
        np.testing.assert_array_equal(member.ids, alone.spikes.ids)
        np.testing.assert_array_equal(member.bursts, alone.spikes.bursts)
        np.testing.assert_array_equal(member["I"].ids, alone.spikes["I"].ids)
        assert member.rates() == alone.rates()
        assert member.neurons.size == 50
    assert rb.Engine(net.copies(3), "reference", drives=[]).run(50).signature == (
        rb.Engine(net, "cpu", copies=3, seed=1).run(50).signature
    ), "seeds are seed, seed + 1, ..."


def test_different_networks_are_joined() -> None:
    one, two = noisy(), noisy(threshold=12.0)
    both = rb.join([one, two])
    assert [m.hash for m in both.members] == [one.hash, two.hash]
    assert both["1/E"].first == 50
    assert one.members == ()
    eng = rb.Engine(both, "cpu")
    eng.record(spikes=[both["1/E"][:10], both["0/I"]], v=both["1/I"])
    rec = eng.run(100)
    alone = rb.Engine(two, "reference", seed=2)
    alone.record(spikes=two["E"][:10], v=two["I"])
    expected = alone.run(100)
    np.testing.assert_array_equal(rec.spikes.member(1).ids, expected.spikes.ids)
    np.testing.assert_array_equal(rec.v["1/I"].values, expected.v["I"].values)
    np.testing.assert_array_equal(rec.spikes.member(1).neurons, np.arange(10))
    assert "... and 100 more" in str(one.copies(100))
    assert "... and 100 more" in one.copies(100)._repr_html_()


def test_a_member_goes_on_from_a_file(tmp_path: pathlib.Path) -> None:
    eng = rb.Engine(noisy(), "cpu", copies=2, seeds=[5, 6])
    eng.run(30)
    eng.save(tmp_path / "state")
    expected = eng.run(30).signature
    again = rb.Engine.load(tmp_path / "state", "reference")
    assert len(again.network.members) == 2
    assert again.run(30).signature == expected


def test_what_cannot_be_joined_is_said() -> None:
    net = noisy()
    with pytest.raises(rb.errors.InvalidArgumentError, match="no networks to join"):
        rb.join([])
    with pytest.raises(rb.errors.InvalidArgumentError, match="the time step differs"):
        rb.join([net, rb.Network.from_arrays([0], [1], dt=0.5)])
    with pytest.raises(rb.errors.InvalidArgumentError, match="copies = 0"):
        rb.Engine(net, copies=0)
    with pytest.raises(rb.errors.InvalidArgumentError, match="3 run seeds were given"):
        rb.Engine(net, copies=2, seeds=[1, 2, 3])
    with pytest.raises(rb.errors.InvalidArgumentError, match="there is no member 2"):
        rb.Engine(net, "cpu", copies=2).run(1).spikes.member(2)
    with pytest.raises(rb.errors.InvalidArgumentError, match="there is no member 0"):
        rb.Engine(net, "cpu").run(1).spikes.member(0)
