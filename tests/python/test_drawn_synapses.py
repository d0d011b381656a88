# SPDX-License-Identifier: Apache-2.0
"""Weights and delays that each synapse draws for itself."""

import numpy as np
import pytest

import rheobase as rb
from rheobase.errors import InvalidArgumentError


def builder() -> tuple[rb.NetworkBuilder, rb.Population]:
    nb = rb.NetworkBuilder(dt=0.1, seed=3)
    return nb, nb.population("E", 1000)


def test_rules_draw() -> None:
    nb, e = builder()
    delay = rb.normal(1.5, 0.5).within(0.1)
    nb.connect(e, e, rb.fixed_indegree(100), weight=rb.normal(0.5, 0.05), delay=delay)
    found = nb.build().connections("E", "E")
    assert found.weight.mean() == pytest.approx(0.5, abs=0.001)
    assert found.weight.std() == pytest.approx(0.05, rel=0.02)
    assert found.delay.mean() == pytest.approx(1.5, abs=0.02)
    assert found.delay.min() >= 0.1
    assert abs(np.corrcoef(found.weight, found.delay)[0, 1]) < 0.02


def test_the_seed_decides() -> None:
    def weights(seed: int) -> np.ndarray:
        nb = rb.NetworkBuilder(dt=0.1, seed=seed)
        e = nb.population("E", 100)
        nb.connect(e, e, rb.one_to_one(), weight=rb.uniform(0, 1))
        nb.connect(e, e, rb.one_to_one(), weight=rb.uniform(0, 1))
        return nb.build().connections("E", "E").weight

    assert np.array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))
    assert np.unique(weights(1)).size > 195, "connections draw apart from each other"


def test_pairs_draw() -> None:
    nb, _ = builder()
    pre, post = np.arange(1000), np.roll(np.arange(1000), 1)
    for _ in range(2):
        nb.connect_pairs(pre, post, weight=rb.lognormal(0, 0.5), delay=rb.uniform(0.3, 0.9))
    found = nb.build().connections("E", "E")
    assert np.unique(found.weight).size > 1950, "calls draw apart from each other"
    assert set(np.rint(found.delay / 0.1)) == {3, 4, 5, 6, 7, 8, 9}
    assert abs(np.corrcoef(found.weight, found.delay)[0, 1]) < 0.1


def test_units_are_those_of_the_port() -> None:
    pytest.importorskip("quantities")
    import quantities as pq

    nb, e = builder()
    weight, delay = rb.normal(500 * pq.uV, 50 * pq.uV), rb.uniform(300 * pq.us, 400 * pq.us)
    nb.connect(e, e, rb.fixed_outdegree(10), weight=weight, delay=delay)
    found = nb.build().connections("E", "E")
    assert found.weight.mean() == pytest.approx(0.5, abs=0.01)
    assert set(np.rint(found.delay / 0.1)) == {3, 4}
    with pytest.raises(rb.Error, match="delay"):
        nb.connect(e, e, rb.one_to_one(), delay=rb.normal(1 * pq.mV, 1 * pq.mV))


def test_delays_that_cannot_be_change_nothing() -> None:
    nb, e = builder()
    with pytest.raises(InvalidArgumentError, match="below one burst could be drawn"):
        nb.connect(e, e, rb.one_to_one(), delay=rb.normal(1.5, 0.75))
    with pytest.raises(InvalidArgumentError, match="delay"):
        nb.connect_pairs([0] * 100, [1] * 100, delay=rb.normal(0.1, 0.1))
    assert nb.build().synapse_count == 0


def test_recipes_draw(tmp_path) -> None:
    path = tmp_path / "net.json"
    path.write_text(
        '{"format": "rheobase-network", "version": 1, "dt_ms": 0.1,'
        '"populations": [{"name": "E", "count": 1000, "lif": {}}],'
        '"connections": [{"pre": "E", "post": "E",'
        '"rule": {"name": "fixed_indegree", "indegree": 50}, "weight": {"normal": [0.5, 0.05]},'
        '"delay_ms": {"normal": [1.5, 0.5], "within": [0.1, null]}}]}'
    )
    found = rb.load(path).connections("E", "E")
    assert found.weight.std() == pytest.approx(0.05, rel=0.02)
    assert found.delay.std() == pytest.approx(0.5, rel=0.03)
