# SPDX-License-Identifier: Apache-2.0
"""Parts of populations in connect, numbers of synapses, and connections by distance, against NumPy."""

import json
import pathlib

import numpy as np
import pytest
import quantities as pq
from hypothesis import given, settings
from hypothesis import strategies as st

import rheobase as rb
from rheobase import kernels


def edges(nb: rb.NetworkBuilder, pre: str, post: str) -> np.ndarray:
    found = nb.build().connections(pre, post)
    return np.stack((found.pre, found.post), axis=-1)


def as_set(rows: np.ndarray) -> set[tuple[int, int]]:
    return {(int(i), int(j)) for i, j in rows}


@st.composite
def part(draw: st.DrawFn, size: int) -> object:
    """A subscript that names each neuron at most once."""
    kind = draw(st.sampled_from(["slice", "step", "list", "mask"]))
    a, b = sorted(draw(st.tuples(st.integers(0, size), st.integers(0, size))))
    if kind == "slice":
        return slice(a, b)
    if kind == "step":
        return slice(None, None, draw(st.sampled_from([-1, 2, 3, -2])))
    chosen = draw(st.lists(st.integers(0, size - 1), unique=True))
    if kind == "list":
        return chosen
    return np.isin(np.arange(size), chosen)


@settings(max_examples=80, deadline=None)
@given(st.data(), st.booleans())
def test_parts_are_populations_of_their_neurons(data: st.DataObject, autapses: bool) -> None:
    nb = rb.NetworkBuilder()
    E = nb.population("E", 12)
    a, b = E[data.draw(part(12))], E[data.draw(part(12))]
    nb.connect(a, b, rb.all_to_all(autapses=autapses))
    wanted = {(int(i), int(j)) for i in a.local for j in b.local if autapses or i != j}
    found = edges(nb, "E", "E")
    assert as_set(found) == wanted and len(found) == len(wanted)

    nb = rb.NetworkBuilder()
    E = nb.population("E", 12)
    inh = nb.population("I", 9)
    a, b = E[data.draw(part(12))], inh[data.draw(part(9))]
    n = data.draw(st.integers(0, 5)) if len(a) and len(b) else 0
    nb.connect(a, b, rb.fixed_indegree(n))
    nb.connect(a, b, rb.fixed_total_number(n))
    found = edges(nb, "E", "I")
    assert np.isin(found[:, 0], a.local).all() and np.isin(found[:, 1], b.local).all()
    assert len(found) == (n * len(b) + n if len(a) else 0)


def test_one_to_one_follows_the_order_of_a_part() -> None:
    nb = rb.NetworkBuilder()
    E, inh = nb.population("E", 6), nb.population("I", 6)
    nb.connect(E[[4, 0, 2]], inh[1:4], rb.one_to_one())
    assert as_set(edges(nb, "E", "I")) == {(4, 1), (0, 2), (2, 3)}
    nb.connect([E[:2], E[5:]], [inh[:1], "E"], rb.all_to_all())
    assert nb.build().synapse_count == 3 + 3 * (1 + 6)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([kernels.gaussian, kernels.exponential, kernels.linear, kernels.within]),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 50),
)
def test_no_pair_is_farther_than_its_limit(
    kernel: object, periodic: bool, axes: int, seed: int
) -> None:
    points = np.random.default_rng(seed).uniform(-3, 9, (60, axes))
    nb = rb.NetworkBuilder(seed=seed)
    E = nb.population("E", 60)
    rule = rb.distance_probability(
        kernel(4.0), 0.9, periodic, points, extent=10.0, max_distance=3.0, autapses=False
    )
    nb.connect(E, E, rule)
    apart = np.abs(points[:, None] - points[None])
    if periodic:
        apart %= 10.0
        apart = np.minimum(apart, 10.0 - apart)
    d = np.sqrt((apart**2).sum(axis=-1))
    np.fill_diagonal(d, np.inf)
    made = np.zeros((60, 60), bool)
    made[tuple(edges(nb, "E", "E").T)] = True
    assert not made[d > 3.001].any()
    everyone = rb.distance_probability(kernels.within(3.0), 1.0, periodic, points, extent=10.0)
    nb = rb.NetworkBuilder()
    nb.population("E", 60)
    nb.connect("E", "E", everyone)
    found = np.zeros((60, 60), bool)
    found[tuple(edges(nb, "E", "E").T)] = True
    sure = np.abs(d - 3.0) > 1e-5
    np.fill_diagonal(sure, False)
    assert np.array_equal(found[sure], (d < 3.0)[sure]) and found.diagonal().all()


def test_distances_between_voxels_and_of_parts() -> None:
    nb = rb.NetworkBuilder()
    a = nb.area("A", (8, 8, 1))
    b = nb.area("B", (4, 4, 1))
    nb.connect(a, b, rb.distance_probability(kernels.within(0.9), target_pitch=2.0))
    found = edges(nb, "A", "B")
    assert np.array_equal(a.voxels(found[:, 0]) // 2, b.voxels(found[:, 1]))
    assert len(found) == 64
    # a part keeps its places
    nb = rb.NetworkBuilder()
    a = nb.area("A", (8, 8, 1))
    nb.connect(a[::-3], a[10:50], rb.distance_probability(kernels.within(1), periodic=True))
    found = edges(nb, "A", "A")
    steps = np.abs(a.voxels(found[:, 0]).astype(int) - a.voxels(found[:, 1]).astype(int))
    steps = np.minimum(steps, 8 - steps)[:, :2]
    assert (steps.sum(axis=1) <= 1).all() and len(found) > 40


def test_lengths_may_be_quantities() -> None:
    rule = rb.distance_probability(
        kernels.gaussian(0.05 * pq.mm), 0.3, positions=[[0, 0], [10, 0]] * pq.um
    )
    assert rule == rb.distance_probability(kernels.gaussian(50), 0.3, positions=[[0, 0], [10, 0]])
    assert kernels.Kernel("gaussian", 50) == kernels.gaussian(50)


REFUSED = [
    (lambda: rb.distance_probability(0.3), "is no kernel"),
    (lambda: kernels.gaussian(0), "sigma = 0 is no length"),
    (lambda: kernels.Kernel("box", 1), "there is no kernel 'box'"),
    (
        lambda: rb.distance_probability(kernels.linear(1), positions=np.zeros((3, 4))),
        "rows of 1 to 3",
    ),
    (
        lambda: rb.distance_probability(kernels.linear(1), positions=[[0, 1], [2, np.inf]]),
        "point 1",
    ),
    (lambda: rb.distance_probability(kernels.linear(1), True, positions=[1, 2]), "p = True"),
    (
        lambda: rb.distance_probability(kernels.linear(1), periodic=True, positions=[1, 2]),
        "without the extent",
    ),
    (lambda: rb.distance_probability(kernels.linear(1), pitch=[1, 2, 3, 4]), "pitch = "),
    (lambda: rb.fixed_total_number(-1), "n = -1"),
    (lambda: rb.fixed_total_number(2**41), "n = 2199023255552"),
    (lambda: rb.thinned(rb.all_to_all(), 101), "101"),
]


@pytest.mark.parametrize(("make", "text"), REFUSED)
def test_wrong_rules_are_refused(make: object, text: str) -> None:
    with pytest.raises(rb.Error, match=text):
        make()


def test_recipes_name_parts_and_distances(tmp_path: pathlib.Path) -> None:
    recipe = {
        "format": "rheobase-network",
        "version": 1,
        "dt_ms": 0.1,
        "wiring_seed": 1,
        "populations": [
            {"name": "E", "size": [8, 8, 1], "lif": {}},
            {"name": "I", "count": 20, "lif": {}},
        ],
        "connections": [
            {
                "pre": {"population": "E", "first": 8, "count": 40},
                "post": {"population": "I", "indices": [3, 19, 5]},
                "rule": {"name": "fixed_total_number", "n": 100},
            },
            {
                "pre": "E",
                "post": {"population": "E", "first": 32},
                "rule": {
                    "name": "distance_probability",
                    "kernel": {"name": "gaussian", "sigma": 2},
                    "p": 0.8,
                    "periodic": True,
                    "autapses": False,
                },
            },
        ],
        "drives": [
            {"population": {"population": "I", "indices": [1, 2, 7]}, "kind": "constant"},
            {"population": {"population": "E", "count": 3}, "kind": "poisson", "rate_hz": 5},
        ],
    }
    path = tmp_path / "net.json"
    path.write_text(json.dumps(recipe))
    loaded = rb.load(path)
    nb = rb.NetworkBuilder(dt=0.1)
    E, inh = nb.area("E", (8, 8, 1), rb.LIF()), nb.population("I", 20)
    nb.connect(E[8:48], inh[[3, 19, 5]], rb.fixed_total_number(100))
    by_distance = rb.distance_probability(kernels.gaussian(2), 0.8, True, autapses=False)
    nb.connect(E, E[32:], by_distance)
    nb.drive(inh[1:3], rb.constant())
    nb.drive(inh[7], rb.constant())
    nb.drive(E[:3], rb.poisson(5))
    assert loaded == nb.build()
    for change, text in [
        ({"first": 60, "count": 5}, "ends at 65"),
        ({"first": 1, "indices": [1]}, 'both "indices" and a stretch'),
        ({"last": 7}, "unknown key 'last'"),
        ({"indices": []}, "indices is empty"),
    ]:
        recipe["connections"][0]["pre"] = {"population": "E", **change}
        path.write_text(json.dumps(recipe))
        with pytest.raises(rb.Error, match=text):
            rb.load(path)
