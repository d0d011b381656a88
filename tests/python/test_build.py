# SPDX-License-Identifier: Apache-2.0
"""Networks: built by rule, from arrays, matrices, graphs and tables; what is refused, and how."""

import pathlib

import networkx
import numpy as np
import pandas as pd
import pytest
import quantities as pq
import scipy.sparse

import rheobase as rb


def test_populations_and_their_parts(brunel: rb.Network) -> None:
    e, i = brunel["E"], brunel["I"]
    assert (e.first, len(e), i.first, len(i)) == (0, 400, 400, 100)
    assert i[:3].ids.tolist() == [400, 401, 402]
    assert i[-1].ids.tolist() == [499]
    assert i.ranges() == [(400, 100)] and i[[7, 3, 4, 4]].ranges() == [(403, 2), (407, 1)]
    assert brunel.own(i) is i and brunel.part("I").ids.tolist() == i.ids.tolist()
    assert e[[5, 2]].local.tolist() == [5, 2]
    assert e[np.arange(400) % 100 == 0].local.tolist() == [0, 100, 200, 300]
    assert list(brunel) == ["E", "I"] and len(brunel) == 2 and "E" in brunel
    assert brunel.population_of(400) == i
    assert "500 neurons" in repr(brunel) and "quantum" in str(brunel)
    assert "<table>" in brunel._repr_html_()


def test_threads_that_build(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "brain.json"
    path.write_text(rb.generate("balanced", neurons=2000), encoding="utf-8")
    assert rb.load(path, threads=1).hash == rb.load(path, threads=3).hash == rb.load(path).hash
    for made in (lambda: rb.load(path, threads=0), lambda: rb.NetworkBuilder(threads=1025)):
        with pytest.raises(ValueError, match="threads"):
            made()


def test_connections(brunel: rb.Network) -> None:
    ei = brunel.connections("E", "I")
    assert len(ei) == 100 * 40
    assert np.bincount(ei.post, minlength=100).tolist() == [40] * 100
    assert set(ei.weight) == {2.0} and np.allclose(ei.delay, 1.5)
    table = brunel.connections("I", "E").to_pandas()
    assert list(table.columns) == ["pre", "post", "weight", "psp", "delay"]
    part = brunel.connections(brunel["I"][:5], brunel["E"][10:20])
    whole = table[(table.pre < 5) & (table.post >= 10) & (table.post < 20)]
    assert len(part) == len(whole)


def test_wiring_depends_on_the_wiring_seed_alone() -> None:
    def built(seed: int) -> rb.Network:
        nb = rb.NetworkBuilder(seed=seed)
        a = nb.population("A", 50)
        nb.connect(a, a, rb.fixed_probability(0.1))
        return nb.build()

    assert built(3) == built(3) and built(3).hash == built(3).hash
    assert built(3) != built(4)


RULES = {
    "all_to_all": (rb.all_to_all(), 12 * 12),
    "all_to_all without autapses": (rb.all_to_all(autapses=False), 12 * 11),
    "one_to_one": (rb.one_to_one(), 12),
    "fixed_indegree": (rb.fixed_indegree(3), 36),
    "fixed_outdegree": (rb.fixed_outdegree(5), 60),
    "index_pairs": (rb.index_pairs([0, 1, 1], [2, 3, 3]), 3),
    "vectors": (rb.vectors([[1, 0, 0]]), 8),
    "patterns": (rb.patterns([(("*", "*", "*"), ("!", "?", "?"))]), None),
    "voxel_function": (rb.voxel_function("block_to_block"), 12),
    "thinned": (rb.thinned(rb.all_to_all(), 0), 0),
    "composite": (
        rb.composite((1, 1, 1), ((1, 0), (1, 0), (1, 0)), rb.voxel_function("projector")),
        None,
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_every_rule(name: str) -> None:
    rule, count = RULES[name]
    nb = rb.NetworkBuilder()
    a = nb.area("A", (3, 4, 1))
    nb.connect(a, a, rule)
    assert repr(rule)
    made = nb.build().synapse_count
    assert made == count if count is not None else made > 0


def test_fixed_probability_is_about_right() -> None:
    nb = rb.NetworkBuilder()
    a = nb.population("A", 400)
    nb.connect(a, a, rb.fixed_probability(0.1))
    assert abs(nb.build().synapse_count / 16000 - 1) < 0.05
    assert "projector" in rb.voxel_function_names()


def test_from_arrays_matrix_graph_and_table() -> None:
    pre, post, weight = np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([1.0, 2.0, -3.0])
    by_arrays = rb.Network.from_arrays(pre, post, weight, 2.0)
    matrix = scipy.sparse.csr_array((weight, (pre, post)), shape=(3, 3))
    by_matrix = rb.Network.from_scipy(matrix, 2.0)
    graph = networkx.DiGraph()
    graph.add_nodes_from([0, 1, 2])
    graph.add_weighted_edges_from(zip(pre.tolist(), post.tolist(), weight.tolist(), strict=True))
    by_graph = rb.Network.from_networkx(graph)
    table = pd.DataFrame({"pre": pre, "post": post, "weight": weight, "delay": 2.0})
    by_table = rb.Network.from_pandas(table)
    assert by_arrays.hash == by_matrix.hash == by_table.hash
    assert by_graph.connections("neurons", "neurons").weight.tolist() == [1.0, 2.0, -3.0]
    undirected = rb.Network.from_networkx(networkx.Graph([(0, 1), (1, 1)]))
    assert undirected.synapse_count == 3
    assert by_arrays.delays == (2.0,)


def test_parameters_may_be_arrays() -> None:
    nb = rb.NetworkBuilder(dt=0.5)
    thresholds = np.array([1.0, 1.0, 5.0, 5.0, 9.0])
    a = nb.population("A", 5, rb.LIF(v_threshold=thresholds, tau_m=10))
    net = nb.build()
    assert [net._core.params(i).threshold for i in range(5)] == thresholds.tolist()
    with pytest.raises(rb.errors.InvalidArgumentError, match="v_threshold has the shape"):
        nb.population("B", 4, rb.LIF(v_threshold=thresholds))
    assert a.size == 5


def test_quantities_are_converted() -> None:
    def built(tau: object, delay: object) -> rb.Network:
        nb = rb.NetworkBuilder(dt=0.1)
        a = nb.population("A", 10, rb.LIF(tau_m=tau))
        nb.connect(a, a, rb.one_to_one(), weight=1.0, delay=delay)
        return nb.build()

    assert built(20.0, 1.5) == built(0.02 * pq.s, 1500 * pq.us)
    with pytest.raises(
        rb.errors.InvalidArgumentError, match=r"tau_m = 20\.0 mV has another dimension"
    ):
        built(20 * pq.mV, 1.5)


REFUSED = [
    (lambda nb, a: nb.connect(a, a, rb.one_to_one(), delay=1.55), "1.5 and 1.6 ms"),
    (lambda nb, a: nb.connect(a, a, rb.one_to_one(), delay=0), "too short"),
    (lambda nb, a: nb.connect(a, a, rb.one_to_one(), delay=7000), "65535 time steps at most"),
    (
        lambda nb, a: nb.connect(a, a, rb.one_to_one(), weight=float("nan")),
        "weight = nan is not finite",
    ),
    (lambda nb, a: nb.connect(a, a, rb.one_to_one(), weight="1"), "weight = '1' is not a number"),
    (lambda nb, a: nb.connect(a[:2], a, rb.one_to_one()), "areas of equal size"),
    (lambda nb, a: nb.connect(a[[1, 1]], a, rb.all_to_all()), "names neuron 1 twice"),
    (lambda nb, a: nb.connect(a[:2], a, rb.vectors([(0, 0, 0)])), "connects voxels of whole areas"),
    (lambda nb, a: nb.connect(7, a, rb.one_to_one()), "neither a population, nor its name"),
    (lambda nb, a: nb.connect("B", a, rb.one_to_one()), "no population 'B' in this builder"),
    (lambda nb, a: nb.population("A", 3), r"exists already.*remove\('A'\)"),
    (lambda nb, a: nb.population("B", 0), "size = 0 is out of range"),
    (lambda nb, a: nb.population("B", 1.5), "size = 1.5 is not a whole number"),
    (lambda nb, a: nb.population("B", 3, rb.LIF(t_ref=0.25)), "Nearest: 0.2 and 0.3 ms"),
    (lambda nb, a: nb.population("B", 3, rb.LIF(tau_m=0)), "tau_m"),
    (
        lambda nb, a: nb.population("B", 3, rb.Neuron(leak=2)),
        r"leak = 2 is out of range \(0 to 1\)",
    ),
    (lambda nb, a: nb.area("B", (3, 4)), "is not"),
    (lambda nb, a: nb.connect_pairs([0], [99]), "99 does not exist"),
    (lambda nb, a: nb.connect_pairs([0.5], [1]), "of type float64"),
    (lambda nb, a: nb.connect_pairs([0, 1], [1]), "differ in length"),
    (lambda nb, a: nb.connect_pairs([0], [1], np.inf), "not finite"),
    (lambda nb, a: nb.connect_pairs([0, 1], [1, 2], delay=[0.1, 0.17]), "0.1 and 0.2 ms"),
    (lambda nb, a: nb.drive(a, 20.0), "is not a drive"),
    (lambda nb, a: rb.poisson(-1), "out of range"),
    (lambda nb, a: rb.voxel_function("nonsense"), "nonsense"),
    (lambda nb, a: rb.fixed_probability(1.5), "1.5"),
    (lambda nb, a: rb.patterns([(("#", "*", "*"), ("*", "*", "*"))]), "#"),
    (lambda nb, a: rb.NetworkBuilder(dt=0), "dt"),
    (lambda nb, a: rb.NetworkBuilder(semantics="x"), "feagi-0.0.53"),
    (lambda nb, a: rb.NetworkBuilder(seed=-1), "seed = -1"),
    (lambda nb, a: rb.index_pairs([1], [1, 2]), "differ in length"),
]


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_wrong_input_is_one_clear_error(case: int) -> None:
    call, text = REFUSED[case]
    nb = rb.NetworkBuilder(dt=0.1)
    a = nb.population("A", 12)
    with pytest.raises(ValueError, match=text) as raised:
        call(nb, a)
    assert isinstance(raised.value, rb.Error)
    assert nb.build().neuron_count >= 12, "the builder is as it was"


def test_populations_of_another_network_are_refused(brunel: rb.Network) -> None:
    nb = rb.NetworkBuilder()
    nb.population("E", 7)
    other = nb.build()
    with pytest.raises(rb.errors.InvalidArgumentError, match="not of this network"):
        rb.Engine(brunel).record(spikes=other["E"])
    with pytest.raises(rb.errors.InvalidArgumentError, match="not of this builder"):
        nb.drive(brunel["E"], rb.constant())


def test_unknown_names_are_answered_with_close_ones(brunel: rb.Network) -> None:
    with pytest.raises(rb.errors.InvalidArgumentError, match="'EE'"):
        brunel["EE"]
    with pytest.raises(rb.errors.InvalidArgumentError, match="neuron 500 does not exist"):
        brunel.population_of(500)


def test_voxels() -> None:
    nb = rb.NetworkBuilder()
    a = nb.area("A", (2, 3, 4), neurons_per_voxel=2)
    assert a.at([(1, 2, 3), (0, 0, 0)]).tolist() == [47, 1]
    assert a.voxels([47, 0]).tolist() == [[1, 2, 3], [0, 0, 0]]
    with pytest.raises(rb.errors.InvalidArgumentError, match=r"voxel \(2, 0, 0\) is outside"):
        a.at([(2, 0, 0)])
