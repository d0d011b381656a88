# SPDX-License-Identifier: Apache-2.0
"""What pickles, copies, saves and comes back."""

import copy
import json
import os
import pathlib
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rheobase as rb

WAYS: list[Callable[[Any], Any]] = [
    lambda x: pickle.loads(pickle.dumps(x)),
    copy.copy,
    copy.deepcopy,
]


@pytest.fixture
def eng(brunel: rb.Network) -> rb.Engine:
    eng = rb.Engine(brunel, "cpu", seed=7, threads=1)
    eng.record(spikes=[brunel["E"][10:60], "I"], v=brunel["E"][:3], fire_count="I", every=0.5)
    return eng


@pytest.mark.parametrize("way", WAYS)
def test_networks(way: Callable[[Any], Any], brunel: rb.Network) -> None:
    other = way(brunel)
    assert other == brunel and other.hash == brunel.hash and other.populations == brunel.populations
    assert other._repr_html_() == brunel._repr_html_()
    a, b = (rb.Engine(n, "cpu", seed=2).run(20.0).signature for n in (brunel, other))
    assert a == b
    joined = brunel.copies(2)
    assert way(joined) == joined


@pytest.mark.parametrize("way", WAYS)
def test_engines_go_on(way: Callable[[Any], Any], eng: rb.Engine) -> None:
    eng.run(7.3)
    eng.inject("E", 3.0)
    other = way(eng)
    assert other.burst == eng.burst and other.backend == eng.backend
    a, b = eng.run(20.0), other.run(20.0)
    assert a == b and a.spikes == b.spikes and a.v["E"] == b.v["E"]
    other.inject("E", 30.0)
    other.run(5.0)
    assert eng.burst != other.burst, "they are apart"


@pytest.mark.parametrize("way", WAYS)
def test_results_and_descriptions(way: Callable[[Any], Any], eng: rb.Engine) -> None:
    rec = eng.run(20.0)
    net = eng.network
    things = [
        rec,
        rec.spikes,
        rec.spikes["E"].between(5, 10),
        rec.v["E"],
        rec.counters,
        net.connections("E", "I"),
        net.projections,
        eng.state(),
        eng.why(3),
        rb.LIF(tau_m=[1.0, 2.0], t_ref=0.1),
        rb.Neuron(accumulates=[True, False]),
        rb.poisson(3.0),
        rb.all_to_all(autapses=False),
        rb.fixed_probability(0.25),
        rb.index_pairs([1, 2], [3, 4]),
        rb.composite((1, 2, 1), [(1, 1), (1, 0), (1, 0)], rb.vectors([(0, 1, -1)])),
        rb.thinned(rb.patterns([(("*", "*", "0"), ("?", "!", "1"))]), 30),
        rb.voxel_function(rb.voxel_function_names()[0]),
        rb.attractivity(rb.all_to_all(), 30),
        rb.fixed_total_number(7, multapses=False),
        rb.distance_probability(rb.kernels.linear(3)),
        rb.distance_probability(rb.kernels.linear(3), positions=[[0, 1], [2, 3]]),
        rb.distance_probability(rb.kernels.linear(3), positions=[0, 1, 2, 3]),
        rb.kernels.gaussian(3),
    ]
    for thing in things:
        other = way(thing)
        assert other == thing and repr(other) == repr(thing), thing
        if not isinstance(thing, rb.State):
            assert hash(other) == hash(thing)
    for a in range(len(things)):
        for b in range(a):
            assert things[a] != things[b]


def test_what_cannot_be_copied_says_so(eng: rb.Engine) -> None:
    for thing in (rb.NetworkBuilder(), eng.editing(), eng.realtime(hz=10.0)):
        for way in WAYS:
            with pytest.raises(rb.Error, match="neither copied nor pickled"):
                way(thing)


def test_networks_are_saved(brunel: rb.Network, tmp_path: pathlib.Path, program: str) -> None:
    path = tmp_path / "brain.checkpoint"
    brunel.save(path)
    assert rb.Network.load(path) == brunel
    assert rb.Engine.load(path, "cpu").network == brunel
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(rb.errors.InvalidFileError):
        rb.Network.load(path)
    with pytest.raises(rb.errors.FileError):
        rb.Network.load(tmp_path / "nothing")
    with pytest.raises(rb.errors.FileError):
        brunel.save(tmp_path / "no" / "folder")


def test_recordings_come_back(eng: rb.Engine, tmp_path: pathlib.Path) -> None:
    eng.run(3.0)
    for i, rec in enumerate((eng.run(20.0), eng.run(0.0), eng.run(0.1))):
        other = rb.Recording.load(rec.save(tmp_path / str(i)))
        assert other == rec and other.spikes == rec.spikes and other.seconds == rec.seconds
        assert np.array_equal(other.counters.spikes, rec.counters.spikes)
        assert other.v["E"] == rec.v["E"] and other.fire_count["I"] == rec.fire_count["I"]
        assert other.rates() == rec.rates() and other.start == rec.start
        assert np.array_equal(other.spikes.neurons, rec.spikes.neurons)
    eng.record(spikes=[], branches=True)
    rec = eng.run(2.0)
    assert rb.Recording.load(rec.save(tmp_path / "0")) == rec, "over a former one"


def test_damaged_recordings(eng: rb.Engine, tmp_path: pathlib.Path) -> None:
    with pytest.raises(rb.errors.FileError):
        rb.Recording.load(tmp_path / "nothing")
    folder = eng.run(5.0).save(tmp_path / "run")
    names = sorted(os.listdir(folder))
    assert names == [
        "counters.npy",
        "probe_0.npy",
        "probe_1.npy",
        "probes.json",
        "run.json",
        "spikes.npy",
    ]
    for name in names:
        whole = (folder / name).read_bytes()
        for damaged in (b"", whole[: len(whole) // 2], b"[" * 100_000, b"null", b"\x80\x02}."):
            (folder / name).write_bytes(damaged)
            with pytest.raises(rb.errors.InvalidFileError):
                rb.Recording.load(folder)
        (folder / name).write_bytes(whole)
    facts = json.loads((folder / "run.json").read_text())
    for key in ("bursts", "first_burst", "dt_ms", "recorded", "populations", "within"):
        for value in (None, -1, "x", [], [[]], 10**30, {}):
            if value is None and key in ("within", "recorded"):
                continue
            (folder / "run.json").write_text(json.dumps({**facts, key: value}))
            if key == "recorded" and value == []:
                continue  # of no neuron
            with pytest.raises(rb.errors.InvalidFileError):
                rb.Recording.load(folder)
