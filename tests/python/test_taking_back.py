# SPDX-License-Identifier: Apache-2.0
"""A builder takes back what it was told, as if it had never been; what cannot be is refused at once."""

import numpy as np
import pytest

import rheobase as rb


def start(seed: int = 3) -> rb.NetworkBuilder:
    nb = rb.NetworkBuilder(dt=0.1, seed=seed)
    nb.population("A", 10)
    nb.population("B", 5, rb.LIF(tau_m=[10, 20, 30, 40, 50]))
    nb.population("C", 7)
    return nb


REFUSED_AT_ONCE = [
    (dict(rule=rb.one_to_one()), "one_to_one"),
    (dict(rule=rb.thinned(rb.one_to_one(), 50)), "one_to_one"),
    (dict(rule=rb.fixed_indegree(11, multapses=False)), "cannot be met"),
    (dict(rule=rb.fixed_outdegree(6, multapses=False)), "cannot be met"),
    (dict(rule=rb.index_pairs([0, 9], [0, 5])), "leaves the areas"),
    (dict(weight=float("inf")), "finite"),
    (dict(weight=1e38), "too large"),
    (dict(weight=1e39), "too large"),
    (dict(weight=1e-30), "too small"),
    (dict(psp=1e38, weight=1e10), "not a number|too large"),
    (dict(weight="a"), "not a number"),
    (dict(weight=[1, 2]), "not one number"),
    (dict(rule="all_to_all"), "not a connection rule"),
    (dict(delay=True), "not a number"),
]


@pytest.mark.parametrize(("wrong", "text"), REFUSED_AT_ONCE)
def test_what_can_be_known_is_said_at_once(wrong: dict[str, object], text: str) -> None:
    nb, same = start(), start()
    with pytest.raises(rb.Error, match=text):
        nb.connect("A", "B", **{"rule": rb.all_to_all(), **wrong})
    nb.connect("A", "B", rb.fixed_indegree(3))
    same.connect("A", "B", rb.fixed_indegree(3))
    assert nb.build() == same.build(), "as if it had not been said"


def test_lists_of_synapses_are_looked_at_too() -> None:
    nb = start()
    before = nb.build().hash
    for weight in (1e38, [1.0, 1e38], [1e-30, 1.0], [np.nan, 1.0], [1e300, 1.0]):
        with pytest.raises(rb.Error):
            nb.connect_pairs([0, 1], [2, 3], weight)
    assert nb.build().hash == before


@pytest.mark.parametrize("quantum_bits", [None, 4])
def test_a_build_that_fails_names_the_connection_and_can_be_mended(
    quantum_bits: int | None,
) -> None:
    nb = rb.NetworkBuilder(quantum_bits=quantum_bits)
    nb.population("A", 3)
    nb.population("B", 3)
    nb.connect("A", "A", rb.all_to_all(), 0.5)
    before = nb.build().hash
    if quantum_bits is None:  # each of the two could be, but not both
        small = nb.connect("A", "A", rb.all_to_all(), 2.0**-38)
        large = nb.connect("A", "B", rb.all_to_all(), 2.0**40)
        for _ in range(2):
            with pytest.raises(rb.errors.OutOfRangeError, match="A -> B"):
                nb.build()
        nb.remove(large)
        nb.build()
        nb.remove(small)
    else:
        with pytest.raises(rb.errors.OutOfRangeError, match=r"A -> B.*rounds to nothing"):
            nb.connect("A", "B", rb.all_to_all(), 2.0**-8)
    assert nb.build().hash == before


def test_each_call_is_taken_back_as_if_it_had_not_been() -> None:
    calls = [
        lambda nb: nb.connect("A", "B", rb.fixed_probability(0.5)),
        lambda nb: nb.connect(["A", "C"], ["B", "C"], rb.fixed_indegree(2), 0.5, 0.3),
        lambda nb: nb.connect_pairs([1, 2, 3], [12, 20, 3], [0.5, 1.0, 1.5]),
        lambda nb: nb.drive("A", rb.poisson(500.0), 0.5),
        lambda nb: nb.drive(nb["C"][[0, 2, 3]], rb.poisson(300.0), 0.5),
        lambda nb: nb.connect("C", "A", rb.fixed_indegree(2), 0.25),
    ]
    for gone in range(len(calls)):
        nb, same = start(), start()
        made = [call(nb) for call in calls]
        nb.remove(made[gone])
        for i, call in enumerate(calls):
            if i != gone:
                call(same)
        assert nb.build() == same.build()
        run = [rb.Engine(b.build(), "cpu", seed=5).run(20.0).signature for b in (nb, same)]
        assert run[0] == run[1]
        with pytest.raises(rb.errors.InvalidArgumentError, match="taken back already"):
            nb.remove(made[gone])
    other = start()
    with pytest.raises(rb.errors.InvalidArgumentError, match="not of this builder"):
        other.remove(made[0])


@pytest.mark.parametrize("gone", ["A", "B", "C"])
def test_a_population_goes_with_all_that_touches_it(gone: str) -> None:
    def told(nb: rb.NetworkBuilder, names: str) -> rb.NetworkBuilder:
        for a in names:
            for b in names:
                nb.connect(a, b, rb.fixed_indegree(2), 0.5)
        for a, b in (("A", "C"), ("C", "B"), ("B", "A"), ("C", "C")):
            if a in names and b in names:
                nb.connect_pairs(nb[a][:3], nb[b][2:5], [0.5, 1.0, 2.0])
        for a in names:
            nb.drive(a, rb.poisson(900.0), 0.5)
        return nb

    nb = told(start(), "ABC")
    nb.remove(gone)
    same = rb.NetworkBuilder(dt=0.1, seed=3)
    left = "ABC".replace(gone, "")
    for name in left:
        size, neuron = {
            "A": (10, rb.LIF()),
            "B": (5, rb.LIF(tau_m=[10, 20, 30, 40, 50])),
            "C": (7, rb.LIF()),
        }[name]
        same.population(name, size, neuron)
    told(same, left)
    assert list(nb) == list(left) and nb.build() == same.build()
    for name in left:
        assert nb[name] == nb.build()[name]
    nb.population(gone, 4)
    nb.connect(gone, left[0], rb.all_to_all())
    assert nb.build().neuron_count == same.build().neuron_count + 4


def test_a_notebook_cell_runs_again() -> None:
    nb = start()
    with pytest.raises(rb.errors.InvalidArgumentError, match=r"exists already.*remove\('A'\)"):
        nb.population("A", 10)
    old = nb["C"]
    nb.remove("A")
    nb.population("A", 11)
    with pytest.raises(rb.errors.InvalidArgumentError, match=r"other ids by now.*nb\['C'\]"):
        nb.connect(old, "A", rb.all_to_all())
    nb.connect("C", "A", rb.all_to_all())
    assert nb.build()["A"].size == 11


def test_populations_of_another_builder() -> None:
    nb, other = start(), start()
    for call in (
        lambda p: nb.connect(p, "A", rb.all_to_all()),
        lambda p: nb.connect("A", p, rb.all_to_all()),
        lambda p: nb.drive(p[:3], rb.constant()),
        lambda p: nb.connect_pairs(p, nb["A"]),
        lambda p: nb.remove(p),
    ):
        with pytest.raises(rb.errors.InvalidArgumentError, match="not of this builder"):
            call(other["A"])
    nb.connect(nb.build()["A"], "A", rb.all_to_all())  # of a network that it built
    assert "A" in nb and "Z" not in nb and len(nb) == 3 and "'A'" in repr(nb)


def test_a_part_of_several_connections_is_taken_back_whole() -> None:
    nb = start()
    before = nb.build().hash
    with pytest.raises(rb.Error, match="one_to_one"):
        nb.connect("A", ["A", "B"], rb.one_to_one())  # A -> A could be
    assert nb.build().hash == before
    wired: rb.Wired = nb.connect("A", ["A", "B"], rb.all_to_all())
    nb.remove("B")
    nb.remove(wired)
    assert nb.build().synapse_count == 0 and "all_to_all" in repr(wired)


def test_two_threads_on_one_builder() -> None:
    nb = rb.NetworkBuilder()
    nb.population("A", 30)
    nb.connect("A", "A", rb.all_to_all())
    calls = {
        "connect": lambda: nb.connect("A", "A", rb.one_to_one()),
        "population": lambda: nb.population("B", 3),
        "drive": lambda: nb.drive("A", rb.constant()),
        "remove": lambda: nb.remove("A"),
        "build": nb.build,
    }
    for name, call in calls.items():
        with nb._using(), pytest.raises(rb.errors.InvalidArgumentError, match="another thread"):
            call()
        assert list(nb) == ["A"], name
    assert nb.build().synapse_count == 900
