# SPDX-License-Identifier: Apache-2.0
"""SONATA spike files, as libsonata reads them: from Python and from the program alike."""

import pathlib
import subprocess

import h5py
import numpy as np
import pytest

import rheobase as rb

libsonata = pytest.importorskip("libsonata")


def files(program: str, tmp_path: pathlib.Path) -> tuple[rb.Recording, list[pathlib.Path]]:
    """The same run, recorded by Python and by the program."""
    recipe = tmp_path / "brain.json"
    recipe.write_text(rb.generate("balanced", 1000, 3))
    rec = rb.Engine(rb.load(recipe), "cpu").run(bursts=400)
    rec.spikes.to_sonata(tmp_path / "python.h5")
    out = tmp_path / "run"
    subprocess.run(
        [program, "run", str(recipe), "--bursts", "400", "--backend", "cpu", "-o", str(out)],
        check=True,
        capture_output=True,
    )
    return rec, [tmp_path / "python.h5", out / "spikes.h5"]


def test_libsonata_reads_what_python_and_the_program_write(
    program: str, tmp_path: pathlib.Path
) -> None:
    rec, paths = files(program, tmp_path)
    assert len(rec.spikes) > 100
    for path in paths:
        reader = libsonata.SpikeReader(str(path))
        assert sorted(reader.get_population_names()) == sorted(rec.rates())
        for name in rec.rates():
            found, spikes = reader[name], rec.spikes[name]
            assert found.sorting == "by_time" and found.time_units == "ms"
            columns = found.get_dict()
            assert np.array_equal(columns["timestamps"], spikes.times)
            assert np.array_equal(columns["node_ids"], spikes.ids)
            one = int(spikes.ids[0])
            times = [t for _, t in found.get(node_ids=[one])]
            assert np.array_equal(times, spikes.times[spikes.ids == one])


def test_both_write_one_layout(program: str, tmp_path: pathlib.Path) -> None:
    _, paths = files(program, tmp_path)
    shown = []
    for path in paths:
        lines: list[str] = []

        def note(name: str, thing: h5py.Group | h5py.Dataset, lines: list[str] = lines) -> None:
            kind = thing.dtype if isinstance(thing, h5py.Dataset) else ""
            lines.append(f"{name} {kind} {[(k, str(v)) for k, v in sorted(thing.attrs.items())]}")
            for key in thing.attrs:
                kept = thing.attrs.get_id(key)
                lines.append(f"{key} {kept.dtype} {kept.shape}")

        with h5py.File(path) as f:
            note("/", f)
            f.visititems(note)
        shown.append(sorted(lines))
    assert shown[0] == shown[1]


def test_names_that_hdf5_cannot_hold(tmp_path: pathlib.Path) -> None:
    nb = rb.NetworkBuilder()
    names = ["a/b", "a_b", ".", "..", "silent", "Ωé"]
    for name in names:
        nb.population(name, 2, rb.Neuron(threshold=1))
    eng = rb.Engine(nb.build(), "cpu")
    eng.inject(eng.network["a_b"], 2.0)
    path = tmp_path / "spikes.h5"
    eng.run(3).spikes.to_sonata(path)
    with h5py.File(path) as f:
        assert [g.attrs["area"].decode() for g in f["spikes"].values()] == sorted(
            names, key=_group_of
        )
    reader = libsonata.SpikeReader(str(path))
    assert [len(reader[n].get()) for n in ("a_b", "a_b_2", "silent")] == [0, 2, 0]


def _group_of(name: str) -> str:
    return {"a/b": "a_b", "a_b": "a_b_2", ".": "area", "..": "area_2"}.get(name, name)
