# SPDX-License-Identifier: Apache-2.0
"""Everything that the package writes, on a disk that refuses (tests/faults/fault_layer.c, loaded
first): each error at each place must be a FileError, leave what was there, and let the same call
succeed afterwards."""

import ctypes
import errno
import os
import pathlib
import shutil
import sys
from collections.abc import Callable

import rheobase as rb
from rheobase.compat.feagi import RustNPU

ERRORS = (errno.ENOSPC, errno.EFBIG, errno.EIO)
CALLS = ("open", "ftruncate", "fsync", "close", "rename")
layer = ctypes.CDLL(None)  # it is loaded already
layer.rheobase_fault_bytes.restype = ctypes.c_longlong
layer.rheobase_fault_hits.restype = ctypes.c_longlong


def writers(folder: pathlib.Path) -> dict[str, tuple[str, Callable[[], object]]]:
    """By name: the file, and the call that writes it."""
    nb = rb.NetworkBuilder(dt=1.0, seed=1)
    e = nb.population("E", 50, rb.LIF(tau_m=20, v_threshold=1.0))
    nb.drive(e, rb.poisson(rate=200), weight=2.0)
    net = nb.build()
    eng = rb.Engine(net, "cpu")
    eng.record(spikes=e, v=e[:5])
    rec = eng.run(200)
    (folder / "old.genome").write_text(rb.generate("vision", neurons=300))
    npu = RustNPU(10, 10, 20)
    return {
        "save": ("state", lambda: eng.save(folder / "state")),
        # begun anew each time, so that it writes the same bytes each time
        "checkpoint": (
            "state",
            lambda: rb.Engine(net, "cpu").run(5, checkpoint=folder / "state"),
        ),
        "convert": (
            "new.genome",
            lambda: rb.convert(str(folder / "old.genome"), str(folder / "new.genome")),
        ),
        "sonata": ("spikes.h5", lambda: rec.spikes.to_sonata(folder / "spikes.h5")),
        "connectome": ("npu", lambda: npu.save_connectome_to_file(folder / "npu")),
        "spikes": ("spikes.npy", lambda: rec.save(folder / "out")),
        "counters": ("counters.npy", lambda: rec.save(folder / "out")),
        "probe": ("probe_0.npy", lambda: rec.save(folder / "out")),
        "probes": ("probes.json", lambda: rec.save(folder / "out")),
        "run": ("run.json", lambda: rec.save(folder / "out")),
        "mark": ("unfinished", lambda: rec.save(folder / "out")),
    }


def refuse(folder: pathlib.Path, file: str, write: Callable[[], object], fault: str) -> None:
    """One trial."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / file).write_text("old")
    os.environ["RHEOBASE_FAULT"] = fault
    try:
        write()
    except rb.errors.FileError as e:
        assert str(folder) in str(e), (fault, str(e))
    else:
        raise AssertionError(f"{fault}: no error")
    finally:
        os.environ["RHEOBASE_FAULT"] = ""
    assert layer.rheobase_fault_hits() > 0, fault
    if not (folder / "out").exists():
        assert (folder / file).read_text() == "old", fault
    else:
        assert not (folder / "out" / "run.json").exists(), fault
        assert file == "unfinished" or (folder / "out" / "unfinished").exists(), fault
    assert not list(folder.rglob("*.partial")), fault
    write()
    assert not (folder / "out" / "unfinished").exists(), fault


def main(folder: pathlib.Path) -> int:
    trials = 0
    for file, write in writers(folder).values():
        os.environ["RHEOBASE_FAULT"] = f"write:{file}:{1 << 60}:{errno.ENOSPC}"
        write()
        size = layer.rheobase_fault_bytes()
        assert size > 0, file
        os.environ["RHEOBASE_FAULT"] = ""
        calls = ("open", "ftruncate") if file == "unfinished" else CALLS
        faults = [f"write:{file}:{b}" for b in (0, 1, size // 2, size - 1)]
        for fault in faults + [f"{call}:{file}:0" for call in calls]:
            for error in ERRORS:
                refuse(folder, file, write, f"{fault}:{error}")
                trials += 1
    return trials


if __name__ == "__main__":
    print(main(pathlib.Path(sys.argv[1])), "faults")
