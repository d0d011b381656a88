# SPDX-License-Identifier: Apache-2.0
"""Runs, input, records, state, edits; the same bits as from the command line."""

import json
import os
import signal
import subprocess
import threading
import time

import numpy as np
import pytest
from small_networks import chain

import rheobase as rb

BACKENDS = [d.backend for d in rb.devices() if d.usable]


def test_results_are_of_the_types_that_are_documented(brunel: rb.Network) -> None:
    eng = rb.Engine(brunel, "cpu")
    eng.record(v=brunel["E"][:2])
    rec = eng.run(1)
    assert isinstance(rec.v, rb.Traces) and isinstance(rec.v.only, rb.Trace)
    assert isinstance(rec.counters, rb.Counters) and isinstance(eng.state(), rb.State)
    assert isinstance(brunel["E"][:2], rb.Selection)
    assert isinstance(brunel.connections("E", "I"), rb.Connections)
    assert isinstance(rb.poisson(1), rb.DriveRule) and isinstance(
        rb.one_to_one(), rb.ConnectionRule
    )
    assert all(isinstance(d, rb.Device) for d in rb.devices())
    assert all(isinstance(f, rb.Finding) for f in rb.diagnose_gpu())
    assert eng.backend_reason == "" and rb.Engine(brunel, "auto").backend_reason
    assert brunel.memory > 0 and "vision" in rb.generator_names()
    assert [type(e).__name__ for e in (rec, rec.spikes)] == ["Recording", "Spikes"]


def test_a_spike_travels() -> None:
    eng = rb.Engine(chain())
    eng.inject([0], 1.0)
    rec = eng.run(bursts=5)
    assert rec.spikes.ids.tolist() == [0, 1, 2, 3, 4]
    assert rec.spikes.times.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert rec.counters.events.tolist() == [0, 1, 1, 1, 1]
    assert eng.time == 5.0 and eng.burst == 5


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_signature_on_every_backend(brunel: rb.Network, backend: str) -> None:
    def run(name: str) -> rb.Recording:
        eng = rb.Engine(brunel, name, seed=7)
        return eng.run(50)

    a, b = run("reference"), run(backend)
    assert a.signature == b.signature
    assert np.array_equal(a.spikes.ids, b.spikes.ids) and len(a.spikes) > 100


def test_the_signature_of_cpp(brunel: rb.Network) -> None:
    """tests/golden/python_test.cpp builds the same network and expects the same."""
    assert rb.Engine(brunel, "cpu", seed=7).run(100).signature == "bc9ea3d8c11094df"


def test_records_only_what_was_asked(brunel: rb.Network) -> None:
    e, i = brunel["E"], brunel["I"]
    everything = rb.Engine(brunel, seed=7).run(50)
    eng = rb.Engine(brunel, seed=7)
    eng.record(spikes=[e[:50], i], v=[e[:3], i[[5, 9]]], fire_count=i[0], every=0.5, branches=True)
    rec = eng.run(50)
    assert rec.signature == everything.signature
    assert rec.spikes["E"].ids.tolist() == everything.spikes[e[:50]].ids.tolist()
    assert rec.spikes["I"].ids.tolist() == everything.spikes["I"].ids.tolist()
    assert rec.spikes["I"].times.tolist() == everything.spikes["I"].times.tolist()
    assert rec.v["E"].values.shape == (100, 3)
    assert rec.v["I"].neurons.tolist() == [5, 9] and rec.v["I"].values.shape == (100, 2)
    assert np.allclose(np.diff(rec.v["E"].times), 0.5)
    assert rec.fire_count.only.population == i
    assert rec.branches["fired"] == rec.counters.spikes.sum()
    overlapping = rb.Engine(brunel, seed=7)
    overlapping.record(spikes=[i, e[:50], i[10:], e[20:50]])
    assert np.array_equal(overlapping.run(50).spikes.ids, rec.spikes.ids)
    again = rb.Engine(brunel, seed=7)
    again.record(v=i)
    whole = again.run(50)
    assert len(whole.spikes) == 0
    assert np.array_equal(whole.v["I"].values[4::5, [5, 9]], rec.v["I"].values)
    with pytest.raises(rb.errors.InvalidArgumentError, match="was not recorded"):
        rec.v["X"]


def test_pieces_equal_the_whole(brunel: rb.Network) -> None:
    whole = rb.Engine(brunel, seed=7).run(30)
    eng = rb.Engine(brunel, seed=7)
    parts = [eng.run(10) for _ in range(3)]
    assert parts[-1].signature == whole.signature
    assert np.array_equal(np.concatenate([p.spikes.times for p in parts]), whole.spikes.times)
    assert [p.start for p in parts] == pytest.approx([0.0, 10.0, 20.0])


def test_trials_reuse_the_network(brunel: rb.Network) -> None:
    eng = rb.Engine(brunel, seed=1)
    eng.record(spikes=brunel["I"])
    recs = list(eng.trials([7, 8, 7], 20))
    assert recs[0].signature == recs[2].signature != recs[1].signature
    assert [r.seed for r in recs] == [7, 8, 7]
    assert eng.burst == 0 and recs[0].spikes.neurons.size == 100


def test_state_moves_between_backends(brunel: rb.Network) -> None:
    a = rb.Engine(brunel, "cpu", seed=7)
    a.run(20)
    b = rb.Engine(brunel, "reference", seed=7)
    b.set_state(a.state())
    assert b.time == a.time
    x, y = a.run(20), b.run(20)
    assert np.array_equal(x.spikes.ids, y.spikes.ids)
    assert np.array_equal(a.state().v, b.state().v)
    wrong = a.state()
    wrong.v = wrong.v[:-1]
    with pytest.raises(rb.errors.InvalidArgumentError):
        b.set_state(wrong)


@pytest.mark.parametrize("kind", ["?", "u1", "i2", "<i4", ">i4", "u8", "f2", "f4", ">f8", "g"])
def test_pictures_of_every_type_and_stride(kind: str) -> None:
    nb = rb.NetworkBuilder()
    eye = nb.area("eye", (5, 4, 2), rb.Neuron(leak=1.0, threshold=1.0), neurons_per_voxel=2)
    net = nb.build()
    wide = (np.arange(8 * 10 * 2).reshape(8, 10, 2) % 3).astype(kind)
    for picture in (wide[:4, :5], wide[::-2, 1::2], wide[:4, 4::-1, ::-1]):
        eng = rb.Engine(net, "reference")
        eng.inject("eye", picture)
        y, x, z = picture.nonzero()
        wanted = np.sort(eye.at(np.stack((x, y, z), axis=-1)))
        assert eng.run(bursts=1).spikes.ids.tolist() == wanted.tolist()
    wrong = np.ones((4, 5, 2), np.float64)
    wrong[2, 3, 1] = 1e300
    with pytest.raises(rb.errors.InvalidArgumentError, match="row 2, column 3, channel 1 is too"):
        eng.inject("eye", wrong)


def test_pictures_and_voxels() -> None:
    nb = rb.NetworkBuilder()
    camera = nb.area("Camera", (3, 2, 1), rb.Neuron(leak=1.0))
    eng = rb.Engine(nb.build())
    picture = np.zeros((2, 3))
    picture[1, 2] = picture[0, 0] = 1.0
    eng.inject("Camera", picture)
    assert camera.voxels(eng.run(bursts=1).spikes.ids).tolist() == [[0, 0, 0], [2, 1, 0]]
    eng.inject(camera, 1.0, voxels=[(1, 1, 0)])
    assert camera.voxels(eng.run(bursts=1).spikes.ids).tolist() == [[1, 1, 0]]
    eng.inject(camera[:2])
    assert eng.run(bursts=1).spikes.ids.tolist() == [0, 1]
    eng.inject(camera, [0.0, 0.0, 0.0, 5.0, 0.0, 0.5])
    assert eng.run(bursts=1).spikes.ids.tolist() == [3]
    with pytest.raises(rb.errors.InvalidArgumentError, match=r"the shape is \(2, 3\)"):
        eng.inject(camera, np.zeros((3, 2)))


def test_schedule() -> None:
    eng = rb.Engine(chain())
    eng.schedule([3.0, 1.0], [4, 2], [1.0, 1.0])
    assert eng.run(4).spikes.to_pandas()[["time", "neuron"]].values.tolist() == [
        [1.0, 2.0], [2.0, 3.0], [3.0, 4.0]
    ]  # fmt: skip
    for times, text in (
        ([1.5], "1 and 2 ms"),
        ([0.0], "too short"),
        ([[1.0]], "shape"),
    ):
        with pytest.raises(rb.errors.InvalidArgumentError, match=text):
            eng.schedule(times, [0], 1.0)


def test_progress_shows_a_bar(brunel: rb.Network, capsys: pytest.CaptureFixture[str]) -> None:
    rec = rb.Engine(brunel, seed=7).run(20, progress=True)
    assert "200/200" in capsys.readouterr().err
    assert rec.signature == rb.Engine(brunel, seed=7).run(20).signature


def test_ctrl_c_stops_and_leaves_a_usable_engine(brunel: rb.Network) -> None:
    eng = rb.Engine(brunel, "reference", seed=7)
    # a shell's background jobs, such as these tests may be, ignore it from the start
    former = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt() -> None:
        while eng.burst == 0:  # not before it runs
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        eng.run(bursts=10**9)
    signal.signal(signal.SIGINT, former)
    reached = eng.burst
    assert 0 < reached < 10**9
    rec = eng.run(10)
    assert rec.counters.bursts[0] == reached + 1
    whole = rb.Engine(brunel, "cpu", seed=7)
    whole.run(bursts=reached)
    assert whole.run(10).signature == rec.signature


def test_the_interpreter_is_free_meanwhile_and_a_second_user_is_refused(brunel: rb.Network) -> None:
    eng = rb.Engine(brunel, "reference", seed=7)
    over = threading.Event()

    class Over(Exception):
        pass

    def until_over(*_: object) -> None:
        if over.is_set():
            raise Over

    def work() -> None:
        with pytest.raises(Over):
            eng._core.run(10**9, until_over, "", 0.0)

    thread = threading.Thread(target=work)
    thread.start()
    refused = None
    while refused is None:
        try:
            eng.inject([0], 1.0)
        except rb.errors.InvalidArgumentError as error:
            refused = error
        time.sleep(0.001)
    assert "in use" in str(refused)
    assert 0 <= eng.burst < 10**9
    over.set()
    thread.join()
    eng.run(bursts=1)


def test_an_error_in_a_callback_reaches_the_caller(brunel: rb.Network) -> None:
    eng = rb.Engine(brunel)

    def fails(*_: object) -> None:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        eng._core.run(10**9, fails, "", 0.0)
    assert eng.run(1).counters.bursts.size == 10


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda eng: eng.run(), "either a time"),
        (lambda eng: eng.run(1, bursts=1), "either a time"),
        (lambda eng: eng.run(0.15), "0.1 and 0.2 ms"),
        (lambda eng: eng.run(-1), "too short"),
        (lambda eng: eng.inject([500], 1.0), "500 does not exist"),
        (lambda eng: eng.inject([0], float("nan")), "not finite"),
        (lambda eng: eng.inject([0, 1], [1.0]), "shape"),
        (lambda eng: eng.inject([0.5], 1.0), "float64"),
        (lambda eng: eng.inject([[0]], 1.0), "2 axes"),
        (lambda eng: eng.inject("X", 1.0), "'X'"),
        (lambda eng: eng.inject([0], 1.0, voxels=[(0, 0, 0)]), "voxels belong"),
        (lambda eng: eng.record(v=3), "neither a population"),
        (lambda eng: eng.record(v=["F"]), "F"),
        (lambda eng: eng.record(v=eng.network["E"], every=0.15), "0.1 and 0.2"),
        (lambda eng: eng.edit(3), "not an Edit"),
        (lambda eng: rb.Engine(eng.network, "nonsense"), "nonsense"),
        (lambda eng: rb.Engine(eng.network, seed=-1), "seed"),
        (lambda eng: rb.Engine(eng.network, on_device_loss="x"), "on_device_loss"),
        (lambda eng: rb.Engine(3), "not a Network"),
        (lambda eng: rb.Engine(eng.network, drives=[(eng.network["E"], 20, 1.0)]), "not a drive"),
    ],
)
def test_wrong_input(brunel: rb.Network, call: object, text: str) -> None:
    eng = rb.Engine(brunel, seed=7)
    with pytest.raises(rb.Error, match=text):
        call(eng)  # type: ignore[operator]
    assert eng.run(20).signature == rb.Engine(brunel, seed=7).run(20).signature, "nothing was lost"


def test_an_unusable_backend_says_why(brunel: rb.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(rb.errors.UnavailableError) as raised:
        rb.Engine(brunel, "wgpu:99")
    assert raised.value.code == "unavailable" and isinstance(raised.value, RuntimeError)
    assert [f.subject for f in rb.diagnose_gpu()]


def test_errors_derive_from_what_python_expects() -> None:
    codes = set()
    for kind in rb.errors.by_code.values():
        assert issubclass(kind, rb.Error) and kind.__doc__
        codes.add(kind.code)
    assert len(codes) == 9
    with pytest.raises(OSError, match="nowhere"):
        rb.load("/nowhere/at/all.genome")


def test_a_genome_from_file_and_the_command_line(tmp_path: object, program: str) -> None:
    path = os.path.join(str(tmp_path), "camera.genome")
    with open(path, "w", encoding="utf-8") as f:
        f.write(rb.generate("vision"))
    brain = rb.load(path)
    assert brain.report is not None and "genome" in brain.report.format
    assert isinstance(brain.report, rb.ImportReport)
    assert all(isinstance(n, rb.ImportNote) for n in brain.report.notes)
    assert str(brain.report).startswith(brain.report.format)
    eng = rb.Engine(brain, seed=5)
    eng.schedule([brain.dt] * 10, brain["Camera"].ids[:10], 5.0)
    rec = eng.run(bursts=300)
    rows = "".join(f"1,{i},5\n" for i in brain["Camera"].ids[:10])
    inputs = os.path.join(str(tmp_path), "in.csv")
    with open(inputs, "w", encoding="utf-8") as f:
        f.write("burst,neuron,potential\n" + rows)
    out = subprocess.run(
        [program, "run", path, "--bursts", "300", "--seed", "5", "--input", inputs, "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(rec.spikes) > 0
    assert rec.signature in out.stdout
    driven = rb.Engine(brain, seed=5, drives=[(brain["Camera"], rb.poisson(20), 1.5)])
    out = subprocess.run(
        [program, "run", path, "--bursts", "100", "--seed", "5", "--drive", "Camera=20Hz:1.5", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert driven.run(bursts=100).signature in out.stdout
    report = rb.convert(path, os.path.join(str(tmp_path), "again.genome"))
    assert report.format
    assert rb.load(os.path.join(str(tmp_path), "again.genome")).hash == brain.hash


def test_a_broken_genome_is_taken_as_far_as_it_can_be(tmp_path: object, program: str) -> None:
    head = "_____10c-cAREA_-"
    genes = {head + "cx-__name-t": "area", head + "cx-___bbx-i": 3, head + "nx-fire_t-f": "high"}
    path = os.path.join(str(tmp_path), "broken.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"version": "2.0", "blueprint": {**genes, head + "nx-lek_c-f": 1}}, f)
    with pytest.raises(rb.errors.InvalidFileError, match="or load with skip-broken"):
        rb.load(path)
    with pytest.raises(rb.Error, match="exclude each other"):
        rb.load(path, strict=True, skip_broken=True)
    brain = rb.load(path, skip_broken=True)
    assert len(brain["area"]) == 3 and brain.report is not None
    assert "left out: fire_t is" in str(brain.report) and "is leak_c-f meant?" in str(brain.report)
    out = subprocess.run([program, "info", path, "--skip-broken"], capture_output=True, text=True)
    assert out.returncode == 0 and "left out: fire_t is" in out.stdout
    both = [program, "info", path, "--skip-broken", "--strict"]
    assert subprocess.run(both, capture_output=True, text=True).returncode == 2
