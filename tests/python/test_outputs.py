# SPDX-License-Identifier: Apache-2.0
"""Files on disks that refuse, in folders that others write to, over files that are protected."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

import rheobase as rb
from rheobase import _core


@pytest.fixture
def rec(brunel: rb.Network) -> rb.Recording:
    eng = rb.Engine(brunel, seed=7)
    eng.record(spikes=brunel["E"])
    return eng.run(20)


def test_every_error_at_every_place_is_a_file_error(tmp_path: pathlib.Path) -> None:
    layer = os.environ.get("RHEOBASE_FAULT_LAYER")
    if not layer:
        pytest.skip("only where the layer is built (Linux)")
    script = pathlib.Path(__file__).with_name("faulty_disk.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        env={**os.environ, "LD_PRELOAD": layer},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 200


def test_a_folder_that_another_run_writes_to_is_refused(
    rec: rb.Recording, tmp_path: pathlib.Path
) -> None:
    with (
        _core.RecordingFolder(str(tmp_path / "out")),
        pytest.raises(rb.errors.FileError, match="another run is writing there"),
    ):
        rec.save(tmp_path / "out")
    rec.save(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "run.json").read_text())["finished"] is True


def test_an_unfinished_recording_is_known(
    rec: rb.Recording, tmp_path: pathlib.Path, program: str
) -> None:
    folder = rec.save(tmp_path / "out")
    bursts, ids, finished = _core.read_spikes(str(folder / "spikes.npy"))
    assert finished and len(bursts) == len(ids) == len(rec.spikes)
    with pytest.raises(KeyError), _core.RecordingFolder(str(folder)):
        raise KeyError  # as a process that ends there
    assert not _core.read_spikes(str(folder / "spikes.npy"))[2]
    told = subprocess.run(
        [program, "info", str(folder)], capture_output=True, text=True, check=True
    )
    assert "not finished" in told.stdout


def test_a_save_replaces_what_was_there(rec: rb.Recording, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for name in (
        "spikes.h5",
        "spikes.csv",
        "probe_0.npy",
        "probe_1.npy",
        "probes.json",
        "notes.txt",
    ):
        (folder / name).write_text("former")
    (folder / "run.json").write_text("former")
    (folder / "run.json").chmod(0o640)
    rec.save(folder)
    assert sorted(os.listdir(folder)) == ["counters.npy", "notes.txt", "run.json", "spikes.npy"]
    assert (folder / "run.json").stat().st_mode & 0o777 == 0o640


def test_a_planted_link_is_not_followed(rec: rb.Recording, tmp_path: pathlib.Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("a stranger's")
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("spikes.npy.partial", "run.json.partial", "unfinished"):
        (folder / name).symlink_to(victim)
    rec.save(folder)
    assert victim.read_text() == "a stranger's"
    assert not [f for f in folder.iterdir() if f.is_symlink()]
