# SPDX-License-Identifier: Apache-2.0
"""Connection rules of random networks against what their definitions say, in NumPy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import rheobase as rb

SIZES = st.integers(1, 20)


def pairs(
    pre: int, post: int, rule: rb.ConnectionRule, seed: int = 1, same: bool = False
) -> np.ndarray:
    """(source, target) of every synapse, as rows."""
    nb = rb.NetworkBuilder(seed=seed)
    a = nb.population("A", pre)
    b = a if same else nb.population("B", post)
    nb.connect(a, b, rule)
    found = nb.build().connections("A", b.name)
    return np.stack((found.pre, found.post), axis=-1)


def grid(pre: int, post: int) -> set[tuple[int, int]]:
    return {(i, j) for i in range(pre) for j in range(post)}


def as_set(rows: np.ndarray) -> set[tuple[int, int]]:
    return {(int(i), int(j)) for i, j in rows}


@settings(max_examples=60, deadline=None)
@given(SIZES, SIZES, st.booleans())
def test_all_to_all_and_one_to_one(pre: int, post: int, autapses: bool) -> None:
    assert as_set(pairs(pre, post, rb.all_to_all())) == grid(pre, post)
    own = pairs(pre, pre, rb.all_to_all(autapses=autapses), same=True)
    wanted = {(i, j) for i, j in grid(pre, pre) if autapses or i != j}
    assert as_set(own) == wanted and len(own) == len(wanted)
    assert as_set(pairs(pre, pre, rb.one_to_one())) == {(i, i) for i in range(pre)}


@settings(max_examples=60, deadline=None)
@given(SIZES, SIZES, st.integers(0, 12), st.integers(0, 5))
def test_fixed_degrees(pre: int, post: int, degree: int, seed: int) -> None:
    by_target = pairs(pre, post, rb.fixed_indegree(degree), seed)
    assert np.bincount(by_target[:, 1], minlength=post).tolist() == [degree] * post
    by_source = pairs(pre, post, rb.fixed_outdegree(degree), seed)
    assert np.bincount(by_source[:, 0], minlength=pre).tolist() == [degree] * pre
    distinct = min(degree, pre)
    no_multapses = pairs(pre, post, rb.fixed_indegree(distinct, multapses=False), seed)
    assert len(as_set(no_multapses)) == len(no_multapses) == distinct * post


@settings(max_examples=60, deadline=None)
@given(SIZES, SIZES, st.floats(0, 1), st.integers(0, 5))
def test_fixed_probability_and_thinned(pre: int, post: int, p: float, seed: int) -> None:
    drawn = pairs(pre, post, rb.fixed_probability(p), seed)
    assert as_set(drawn) <= grid(pre, post) and len(as_set(drawn)) == len(drawn)
    assert np.array_equal(drawn, pairs(pre, post, rb.fixed_probability(p), seed))
    assert len(pairs(pre, post, rb.fixed_probability(1.0), seed)) == pre * post
    assert len(pairs(pre, post, rb.fixed_probability(0.0), seed)) == 0
    assert len(pairs(pre, post, rb.thinned(rb.all_to_all(), 100), seed)) == pre * post


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_index_pairs_and_vectors(data: st.DataObject) -> None:
    pre, post = data.draw(SIZES), data.draw(SIZES)
    pair = st.tuples(st.integers(0, pre - 1), st.integers(0, post - 1))
    listed = data.draw(st.lists(pair, min_size=1, max_size=30))
    rows = pairs(pre, post, rb.index_pairs([i for i, _ in listed], [j for _, j in listed]))
    assert sorted((int(i), int(j)) for i, j in rows) == sorted(listed)

    shape = data.draw(st.tuples(*[st.integers(1, 4)] * 3))
    offset = data.draw(st.tuples(*[st.integers(-3, 3)] * 3))
    nb = rb.NetworkBuilder()
    a = nb.area("A", shape)
    nb.connect(a, a, rb.vectors([list(offset)]))
    found = nb.build().connections("A", "A")
    targets = a.voxels().astype(int) + np.array(offset)
    inside = ((targets >= 0) & (targets < np.array(shape))).all(axis=1)
    assert np.array_equal(np.sort(found.pre), np.flatnonzero(inside))
    order = np.argsort(found.pre)
    assert np.array_equal(a.at(targets[inside]) if inside.any() else [], found.post[order])
