# SPDX-License-Identifier: Apache-2.0
"""Sessions: a loop's input and edits are kept, and give the same spikes again on every backend."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import rheobase as rb

PROGRAM = os.environ.get("RHEOBASE_PROGRAM", "rheobase")
BACKENDS = [d.backend for d in rb.devices() if d.usable] + ["check:cpu,reference"]


def brain() -> rb.Network:
    nb = rb.NetworkBuilder(dt=2.0)
    nb.area("eye", (6, 5, 1), rb.Neuron(threshold=1.0), role="input")
    nb.area("mind", (8, 8, 1), rb.Neuron(threshold=1.5, leak=0.1))
    nb.area("arm", (4, 1, 1), rb.Neuron(threshold=1.0), role="output")
    nb.connect("eye", "mind", rb.fixed_indegree(4), weight=0.7)
    nb.connect("mind", "mind", rb.fixed_indegree(3), weight=-0.2)
    nb.connect("mind", "arm", rb.all_to_all(), weight=0.3)
    return nb.build()


def live(folder: pathlib.Path, bursts: int = 120) -> rb.Engine:
    """A session with a camera, a second sensor, and edits that grow the brain."""
    net = brain()
    eng = rb.Engine(net, "cpu", drives=[(net["mind"], rb.poisson(20), 1.0)], seed=7)
    eng.run(bursts=3)
    rng = np.random.default_rng(1)
    with eng.realtime(1000, late="catch_up", bursts=bursts, log=folder) as loop:
        for step, burst in enumerate(loop):
            burst.inject("eye", rng.random((5, 6)) * 2, channel="camera")
            burst.inject(net["arm"][:2], 0.4)
            if step == 5 and loop.running:
                with loop.editing() as edit:
                    grown = edit.area("grown", (3, 1, 1), rb.Neuron(threshold=1.0))
                    edit.add_synapses(net["arm"].ids[:3], grown.ids, weight=1.0)
            if step == 10 and loop.running:
                with loop.editing() as edit:
                    edit.set_neurons("mind", rb.Neuron(threshold=rb.normal(1.5, 0.2)))
                    edit.delete_neurons(net["mind"].ids[:4])
    return eng


def test_a_session_gives_the_same_spikes_on_every_backend(tmp_path: pathlib.Path) -> None:
    eng = live(tmp_path / "session")
    for backend in BACKENDS:
        again = rb.replay(tmp_path / "session", backend)
        assert isinstance(again, rb.Replayed)
        assert again.engine.signature == eng.signature, backend
        assert again.finished and again.engine.burst == eng.burst
        assert again.engine.network.hash == eng.network.hash
        assert again.recording.signature == eng.signature
        assert len(again.recording.counters.bursts) == 120
    assert eng.run(bursts=20).signature == again.engine.run(bursts=20).signature


def test_a_session_is_opened_in_why(tmp_path: pathlib.Path) -> None:
    nb = rb.NetworkBuilder(dt=1.0)
    nb.area("eye", (2, 1, 1), rb.Neuron(threshold=1.0))
    eng = rb.Engine(nb.build(), "cpu")
    with eng.realtime(500, log=tmp_path / "session") as loop:
        for burst in loop:
            if burst.counts("eye")[1]:
                break
            burst.inject(eng.network["eye"][1], 1.25)
    fired = burst.number
    if burst.bursts > 1:  # a busy machine: which of them was it?
        spikes = rb.replay(tmp_path / "session").recording.spikes["eye"]
        fired = round(float(spikes.times[0]) / 1.0)
    then = rb.replay(tmp_path / "session", "reference", burst=fired, record=False)
    assert then.engine.burst == fired - 1 and not then.finished
    why = then.engine.why(then.engine.network["eye"][1])
    assert why.fired and "1.25" in str(why)
    assert len(then.recording.spikes) == 0
    said = subprocess.run(
        [
            PROGRAM,
            "why",
            "--session",
            tmp_path / "session",
            "--neuron",
            "eye[1]",
            "--burst",
            str(fired),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(why).strip() == said.strip()
    for wrong in (0, 10**6):
        with pytest.raises(rb.Error, match="burst"):
            rb.replay(tmp_path / "session", burst=wrong)


def test_what_was_there_is_kept(tmp_path: pathlib.Path) -> None:
    live(tmp_path / "session", 3)
    eng = rb.Engine(brain(), "cpu")
    with (
        pytest.raises(rb.errors.FileError, match="holds a session already"),
        eng.realtime(100, log=tmp_path / "session"),
    ):
        pass
    eng.run(bursts=1)
    with pytest.raises(rb.errors.FileError, match="no session"):
        rb.replay(tmp_path)


KILLED = """
import sys, rheobase as rb
nb = rb.NetworkBuilder(dt=1.0)
nb.area("eye", (2, 1, 1), rb.Neuron(threshold=1.0))
eng = rb.Engine(nb.build(), "cpu")
with eng.realtime(1000, log=sys.argv[1]) as loop:
    for burst in loop:
        burst.inject("eye", 1.25)
        if burst.number >= 20:
            print(burst.number, flush=True)
"""


def test_a_killed_session_is_replayed_as_far_as_it_was_written(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "session"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, folder], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        begun = (folder / "events_1").stat().st_size
        while (folder / "events_1").stat().st_size == begun:  # it writes about once a second
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.stdout.read()
    again = rb.replay(folder)
    assert not again.finished and (folder / "unfinished").exists()
    assert again.engine.burst >= 1 and len(again.recording.spikes) > 0
    said = subprocess.run([PROGRAM, "replay", folder], capture_output=True, text=True, check=True)
    assert "the session is not finished" in said.stderr
    assert again.engine.signature in said.stdout


def test_lines_of_stdio_are_kept(tmp_path: pathlib.Path) -> None:
    brain().save(tmp_path / "brain")
    lines = [
        {"input": {"eye": [[0, 0, 0, 1.5], [3, 2, 0, 1.5]]}},
        {"bursts": 20},
        {"neurons": [[4, 1.25]], "bursts": 5},
        {"input": {"nose": []}},  # refused, and not kept
        {},
    ]
    command = [PROGRAM, "run", "brain", "--stdio", "--log", "session", "--drive", "mind=30Hz:1"]
    said = subprocess.run(
        command, input="\n".join(map(json.dumps, lines)), capture_output=True, text=True,
        check=True, cwd=tmp_path,
    ).stdout  # fmt: skip
    end = json.loads(said.splitlines()[-1])
    assert end["burst"] == 27
    for backend in ("reference", "cpu"):
        again = rb.replay(tmp_path / "session", backend)
        assert (again.engine.signature, again.engine.burst) == (end["signature"], 27)
    told = subprocess.run(
        [PROGRAM, "replay", "session", "--backend", "reference"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert told.stdout.startswith("the same spikes: 27 bursts") and end["signature"] in told.stdout


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limits of file sizes here")
def test_a_full_disk_ends_the_session_and_not_the_brain(tmp_path: pathlib.Path) -> None:
    script = """
import resource, sys, numpy as np, rheobase as rb
nb = rb.NetworkBuilder(dt=1.0)
nb.area("eye", (40, 40, 1), rb.Neuron(threshold=1.0))
eng = rb.Engine(nb.build(), "cpu")
rng = np.random.default_rng(1)
loop = eng.realtime(1000, late="catch_up", log=sys.argv[1]).start()
resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))
sent = 0
for burst in loop:
    burst.inject("eye", rng.random((40, 40)) * 2)
    sent += 1
    if sent == 1500:
        break
before = eng.burst
try:
    loop.stop()
    print("nothing said")
except rb.errors.FileError as e:
    print(eng.burst >= 1500, "cannot write" in str(e), eng.run(bursts=1).signature == eng.signature)
"""
    told = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "session"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert told.split() == ["True", "True", "True"]
    again = rb.replay(tmp_path / "session")
    assert not again.finished
