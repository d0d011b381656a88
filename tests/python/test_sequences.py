# SPDX-License-Identifier: Apache-2.0
"""Populations and parts of them behave as sequences do; parts without a neuron work everywhere."""

import copy
import operator
import pickle
import random

import numpy as np
import pytest

import rheobase as rb


def builder() -> rb.NetworkBuilder:
    nb = rb.NetworkBuilder(dt=1.0)
    nb.population("A", 7)
    nb.population("E", 40, rb.Neuron(threshold=1, v_reset=0))
    return nb


NET = builder().build()
E, A = NET["E"], NET["A"]


def test_they_iterate_and_index() -> None:
    assert [p.local.tolist() for p in E[3:6]] == [[3], [4], [5]]
    assert list(E)[7] == E[7] and next(reversed(E)) == E[-1]
    assert len(list(E)) == len(E) == 40
    part = E[10:20]
    assert part[0] == E[10] and part[-1] == E[19] and part[2:4] == E[12:14]
    assert part[[1, 1]].local.tolist() == [11, 11]
    assert part[np.arange(10) % 2 == 0] == E[10:20:2]
    assert E[()] == E[[]] == E[5:5] and not len(E[5:5])
    for wrong in (40, -41, [0, 99], 10**30):
        with pytest.raises(rb.errors.InvalidArgumentError):
            E[wrong]
    with pytest.raises(IndexError):
        part[10]


def test_they_compare() -> None:
    other = builder().build()["E"]
    assert other == E and hash(E) == hash(other) and E[:3] == other[:3]
    assert E[:] == E and E[:] == E and hash(E[:]) == hash(E)
    assert E[:3] != E[:4] and E[[0, 1]] != E[[1, 0]] and E != A and E[:3] != A[:3]
    assert len({E, E[:], E[:3], E[[0, 1, 2]], A}) == 3
    assert E != "E" and E[:3] != [0, 1, 2]
    assert E[3] in E and E[3] in E[:5] and E[3] not in E[5:] and A[3] not in E
    assert 3 in E and 40 not in E and -1 not in E and "E" not in E and 3 not in E[5:]


def test_they_combine_as_lists_and_sets() -> None:
    rng = random.Random(1)
    for _ in range(50):
        a, b = ([rng.randrange(40) for _ in range(rng.randrange(9))] for _ in range(2))
        x, y = E[a], E[b]
        assert (x + y).local.tolist() == a + b
        assert (x | y).local.tolist() == sorted(set(a) | set(b))
        assert (x & y).local.tolist() == sorted(set(a) & set(b))
        assert (x - y).local.tolist() == sorted(set(a) - set(b))
        assert (x ^ y).local.tolist() == sorted(set(a) ^ set(b))
    assert E[:10] + E[10:] == E and (E - E[3:]) == E[:3] and E | E[:3] == E
    with pytest.raises(rb.errors.InvalidArgumentError, match="different populations"):
        E + A
    with pytest.raises(TypeError, match="no part of a population"):
        operator.add(E[:3], [4])


def test_they_stand_for_ids() -> None:
    assert np.array_equal(np.asarray(E[:3]), E[:3].ids)
    nb = builder()
    nb.connect_pairs(nb["A"], nb["E"][:7])
    assert nb.build().connections("A", "E").post.tolist() == list(range(7))


def test_they_cannot_be_written_into() -> None:
    with pytest.raises(ValueError, match="read-only"):
        E[:3].local[0] = 9


@pytest.mark.parametrize("thing", [E, E[:3], A[2]])
def test_they_copy_and_pickle(thing: rb.Population | rb.Selection) -> None:
    for other in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
        assert other == thing and hash(other) == hash(thing)


def test_nothing_is_a_part_too() -> None:
    nothing = E[5:5]
    nb = builder()
    none = nb["E"][5:5]
    before = nb.build().hash
    nb.connect(none, "A", rb.all_to_all())
    nb.connect([], "A", rb.all_to_all())
    nb.drive(none, rb.constant())
    nb.drive([], rb.constant())
    nb.connect_pairs([], [])
    nb.connect_pairs(none, nb["A"][:0], weight=[], delay=[])
    assert nb.build().hash == before
    assert len(NET.connections(nothing, "A")) == 0
    eng = rb.Engine(NET, "cpu", drives=[(nothing, rb.constant(), 1.0)])
    eng.inject(nothing, 5.0)
    eng.inject(nothing, [])
    eng.inject([], 1.0)
    eng.inject("E", [], voxels=np.empty((0, 3)))
    eng.schedule([], [], [])
    eng.record(spikes=nothing, v=nothing, fire_count=E[:2], every=2.0)
    rec = eng.run(7.0)
    assert rec.v["E"].values.shape == (3, 0) and rec.v["E"].times.tolist() == [2.0, 4.0, 6.0]
    assert len(rec.spikes) == 0 and rec.rates() == {} and rec.spikes[nothing].ids.size == 0
    rec.spikes.isi_cv(), rec.spikes["E"].to_pandas()
    rec = eng.run(5.0)
    assert rec.v["E"].times.tolist() == rec.fire_count["E"].times.tolist() == [8.0, 10.0, 12.0]
    with eng.editing() as edit:
        edit.set_neurons(nothing, rb.LIF())
        edit.set_psp(nothing, 1.0)
        edit.set_psp_mode(nothing)
        edit.add_synapses([], [])
        edit.set_weights([], [], [])
        edit.delete_neurons([])
    assert len(edit) == 0
    with eng.realtime(hz=1000.0, outputs=nothing, bursts=1) as loop:
        loop.inject(nothing, 1.0)
        assert [len(b.ids("E")) for b in loop] == [0]


def test_names_stand_for_populations() -> None:
    eng = rb.Engine(NET, "cpu")
    eng.schedule(np.full(47, 1.0), np.arange(47), 5.0)
    counts = {}
    for spikes in ("E", ["E"], E, [E[:20], E[20:]], ("E", E[:3]), iter(["E"])):
        eng.record(spikes=spikes)
        other = copy.copy(eng)
        counts[str(spikes)] = len(other.run(3.0).spikes)
    assert set(counts.values()) == {40}
    eng.record(spikes=["A", E[:5]], v="A")
    assert sorted(eng.run(1.0).rates()) == ["A", "E"]
    with pytest.raises(KeyError, match="no area is called 'F'"):
        eng.record(spikes="F")
    assert NET.get("F") is None and NET.get("E") == E


def test_completion_of_names() -> None:
    eng = rb.Engine(NET, "cpu")
    eng.record(spikes=["A", "E"], v="E")
    rec = eng.run(1.0)
    for thing, names in (
        (NET, ["A", "E"]),
        (rec, ["A", "E"]),
        (rec.spikes, ["A", "E"]),
        (rec.v, ["E"]),
        (builder(), ["A", "E"]),
    ):
        assert thing._ipython_key_completions_() == names
        for name in names:
            thing[name]
        with pytest.raises(KeyError):
            thing["nobody"]
