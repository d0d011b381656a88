# SPDX-License-Identifier: Apache-2.0
"""Engines saved and loaded: the same spikes as if nothing had happened."""

import pathlib
import subprocess

import numpy as np
import pytest

import rheobase as rb

BACKENDS = [d.backend for d in rb.devices() if d.usable]


def engine(brunel: rb.Network, backend: str = "cpu") -> rb.Engine:
    eng = rb.Engine(brunel, backend, seed=9, drives=[(brunel["E"], rb.poisson(500), 3.0)])
    eng.schedule([3.0, 12.0], [1, 2], 25.0)
    return eng


@pytest.mark.parametrize("backend", BACKENDS)
def test_goes_on_on_another_backend(
    brunel: rb.Network, tmp_path: pathlib.Path, backend: str
) -> None:
    whole = engine(brunel)
    whole.run(20)
    half = engine(brunel)
    half.run(8)
    half.save(tmp_path / "half")
    other = rb.Engine.load(tmp_path / "half", backend)
    assert (other.time, other.seed) == (8.0, 9)
    assert other.network.report.format == "rheobase checkpoint 1"
    rec = other.run(12)
    assert rec.signature == other.signature == whole.signature
    assert np.array_equal(other.state().v, whole.state().v)
    # its trials have the drives that it has
    ours = [t.signature for t in engine(brunel).trials([4], 5)]
    theirs = [t.signature for t in rb.Engine.load(tmp_path / "half").trials([4], 5)]
    assert ours == theirs


def test_saved_while_it_runs(brunel: rb.Network, tmp_path: pathlib.Path) -> None:
    eng = engine(brunel)
    eng.run(20, checkpoint=tmp_path / "run", checkpoint_every=0.001)
    assert rb.Engine.load(tmp_path / "run").burst == eng.burst
    assert rb.load(tmp_path / "run").synapse_count == brunel.synapse_count


def test_the_command_line_goes_on(brunel: rb.Network, tmp_path: pathlib.Path, program: str) -> None:
    eng = engine(brunel)
    eng.run(8)
    eng.save(tmp_path / "half")
    out = subprocess.run(
        [program, "run", "--resume", tmp_path / "half", "--time", "12ms", "--json"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    eng.run(12)
    assert eng.signature in out


def test_wrong_input(brunel: rb.Network, tmp_path: pathlib.Path) -> None:
    eng = engine(brunel)
    eng.save(tmp_path / "a")
    bytes_ = (tmp_path / "a").read_bytes()
    (tmp_path / "cut").write_bytes(bytes_[:-100])
    with pytest.raises(rb.errors.InvalidFileError, match="section 'in"):
        rb.Engine.load(tmp_path / "cut")
    with pytest.raises(rb.errors.FileError, match="cannot write"):
        eng.save(tmp_path / "no" / "folder")
    with pytest.raises(rb.errors.FileError, match="cannot read"):
        rb.Engine.load(tmp_path / "none")
    with pytest.raises(rb.errors.InvalidArgumentError, match="checkpoint_every"):
        eng.run(1, checkpoint_every=1.0)
    with pytest.raises(rb.errors.InvalidArgumentError, match="on_device_loss"):
        rb.Engine.load(tmp_path / "a", on_device_loss="never")
