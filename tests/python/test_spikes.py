# SPDX-License-Identifier: Apache-2.0
"""Spikes as columns, cut and converted."""

import json
import os
import pathlib
import sys

import h5py
import numpy as np
import pytest

import rheobase as rb
from rheobase.population import Population


@pytest.fixture
def rec(brunel: rb.Network) -> rb.Recording:
    return rb.Engine(brunel, seed=7).run(100)


def test_cuts(rec: rb.Recording, brunel: rb.Network) -> None:
    spikes = rec.spikes
    e, i = spikes["E"], spikes[brunel["I"]]
    assert len(e) + len(i) == len(spikes) == rec.counters.spikes.sum()
    assert np.array_equal(spikes.counts, rec.counters.spikes)
    assert e.ids.max() < 400 and i.ids.max() < 100
    assert np.array_equal(spikes.ids[spikes.ids >= 400] - 400, i.ids)
    later = spikes.between(20, 40)
    assert (later.start, later.stop) == pytest.approx((20.0, 40.0))
    inside = (spikes.times > 20 + 1e-9) & (spikes.times <= 40 + 1e-9)
    assert np.array_equal(later.ids, spikes.ids[inside])
    assert np.array_equal(later.times, spikes.times[inside])
    assert np.array_equal(later["I"].ids, i.between(20, 40).ids)
    part = spikes[brunel["I"][10:20]]
    assert part.neurons.tolist() == list(range(10, 20))
    assert np.array_equal(part.ids, i.ids[(i.ids >= 10) & (i.ids < 20)])
    assert len(spikes.between(40, 20)) == 0 and len(spikes.between(-5, 1e6)) == len(spikes)
    assert e.times.dtype == np.float64 and e.ids.dtype == np.uint32
    for text in (repr(spikes), repr(e), spikes._repr_html_(), repr(rec), rec._repr_html_()):
        assert "E" in text or "ms" in text


def test_rates_and_irregularity(rec: rb.Recording) -> None:
    for name, size in (("E", 400), ("I", 100)):
        assert rec.rates()[name] == pytest.approx(len(rec.spikes[name]) / size / 0.1)
    e = rec.spikes["E"]
    cv = e.isi_cv()
    for neuron in (0, 17, 399):
        times = e.times[e.ids == neuron]
        if times.size >= 3:
            isi = np.diff(times)
            assert cv[neuron] == pytest.approx(isi.std() / isi.mean())
        else:
            assert np.isnan(cv[neuron])
    assert cv.shape == (400,)


def test_tables_and_trains(rec: rb.Recording, tmp_path: pathlib.Path) -> None:
    table = rec.spikes.to_pandas()
    assert list(table.columns) == ["time", "population", "neuron"] and len(table) == len(rec.spikes)
    assert (table.population == "I").sum() == len(rec.spikes["I"])
    assert rec.spikes["I"].to_pandas().equals(table[table.population == "I"].reset_index(drop=True))
    trains = rec.spikes["E"].to_neo()
    assert len(trains) == 400
    e = rec.spikes["E"]
    assert np.array_equal(trains[17].magnitude, e.times[e.ids == 17])
    path = tmp_path / "spikes.h5"
    rec.spikes.to_sonata(path)
    with h5py.File(path) as f:
        assert np.array_equal(f["spikes/E/timestamps"][()], e.times)
        assert np.array_equal(f["spikes/E/node_ids"][()], e.ids)
        assert f["spikes/E/timestamps"].attrs["units"] == b"ms"
    with pytest.raises(OSError, match="cannot write"):
        rec.spikes.to_sonata(tmp_path / "missing" / "spikes.h5")


def test_save(brunel: rb.Network, tmp_path: pathlib.Path) -> None:
    eng = rb.Engine(brunel, seed=7)
    eng.record(spikes=brunel["E"], v=brunel["E"][:3])
    rec = eng.run(20)
    folder = rec.save(tmp_path / "run")
    saved = np.load(folder / "spikes.npy")
    assert np.array_equal(saved[:, 1], rec.spikes.ids)
    facts = json.loads((folder / "run.json").read_text())
    assert facts["signature"] == rec.signature and facts["bursts"] == 200
    probes = json.loads((folder / "probes.json").read_text())
    assert np.array_equal(np.load(folder / probes[0]["file"]), rec.v["E"].values)
    assert not [f for f in os.listdir(folder) if f.endswith(".partial")]
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(rb.errors.FileError, match="cannot make the folder"):
        rec.save(blocked)


def test_nothing_is_copied_on_the_way_out(rec: rb.Recording) -> None:
    assert rec.spikes.ids.base is not None or not rec.spikes.ids.flags.owndata
    with pytest.raises(TypeError, match="columns"):
        list(rec.spikes)


def test_many_spikes_to_neo() -> None:
    """Ten million spikes of 100,000 neurons go through columns, not objects (no time is asserted)."""
    n, steps, per_step = 100_000, 200, 1000
    ids = np.sort(np.random.default_rng(1).integers(0, n, (steps, per_step)), axis=1)
    begin = np.arange(steps + 1, dtype=np.uint64) * np.uint64(per_step)
    p = Population("A", 0, n, (n, 1, 1))
    spikes = rb.Spikes(ids.ravel().astype(np.uint32), begin, 1, 1.0, [p])
    trains = spikes.to_neo()
    assert len(trains) == n


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("neo", lambda rec: rec.spikes.to_neo()),
        ("h5py", lambda rec: rec.spikes.to_sonata("x.h5")),
        ("matplotlib", lambda rec: rb.plot.raster(rec)),
        ("tqdm", lambda rec: rb.Engine(rb.Network.from_arrays([0], [1])).run(1, progress=True)),
    ],
)
def test_a_missing_package_is_named(
    rec: rb.Recording, module: str, call: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [m for m in sys.modules if m.split(".")[0] == module]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        rb.errors.UnavailableError, match=rf"needs {module} .*pip install rheobase\["
    ):
        call(rec)  # type: ignore[operator]


@pytest.mark.parametrize("wrong", ["X", 3, None])
def test_unknown_parts(rec: rb.Recording, wrong: object) -> None:
    with pytest.raises(rb.errors.InvalidArgumentError):
        rec.spikes[wrong]  # type: ignore[index]
