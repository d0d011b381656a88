# SPDX-License-Identifier: Apache-2.0
"""Spikes at given times: a population of sources that the schedule tells when to fire."""

import pathlib

import numpy as np
import pytest

import rheobase as rb

TIMES = np.array([20.0, 1.5, 2.0, 1.5, 10.5])
IDS = np.array([2, 0, 0, 2, 1])


def network():
    nb = rb.NetworkBuilder(dt=0.5)
    cells = nb.population("cells", 3, rb.models.iaf_psc_exp)
    sources = nb.population("sources", 3, rb.models.spike_source)
    nb.connect(sources, cells, rb.one_to_one(), weight=20_000, delay=1.5, port="ex")
    return nb.build(), sources.first


def told(backend):
    net, first = network()
    engine = rb.Engine(net, backend=backend)
    engine.schedule(TIMES, first + IDS, 1.0)
    engine.record(spikes=["cells", "sources"])
    return engine


def fired(recording, name):
    spikes = recording.spikes[name]
    return list(zip(spikes.times.tolist(), (spikes.ids % 3).tolist(), strict=True))


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_sources_fire_at_their_times_and_never_else(backend: str) -> None:
    rec = told(backend).run(40)
    assert fired(rec, "sources") == [(1.5, 0), (1.5, 2), (2.0, 0), (10.5, 1), (20.0, 2)]
    # an exponential current begins one delay after the spike and moves the potential from the next step on
    first = {i: min(t for t, j in fired(rec, "cells") if j == i) for i in range(3)}
    assert first == {0: 3.5, 1: 12.5, 2: 3.5}


def test_sources_go_on_from_a_checkpoint(tmp_path: pathlib.Path) -> None:
    whole = told("cpu").run(40)
    half = told("cpu")
    half.run(10)
    half.save(tmp_path / "half")
    again = rb.Engine.load(tmp_path / "half", backend="reference")
    again.record(spikes=["cells", "sources"])
    rest = again.run(30)
    for name in ("cells", "sources"):
        assert fired(rest, name) == [s for s in fired(whole, name) if s[0] > 10] != []


def test_a_time_between_steps_is_refused() -> None:
    net, first = network()
    with pytest.raises(rb.errors.InvalidArgumentError, match="times"):
        rb.Engine(net).schedule([1.25], [first], 1.0)
