# SPDX-License-Identifier: Apache-2.0
"""Processes and threads around an engine: forks, Ctrl-C, loops stopped from elsewhere, refused memory."""

import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import rheobase as rb

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and POSIX signals")


def brain(neurons: int = 200) -> rb.Network:
    nb = rb.NetworkBuilder(dt=1.0, seed=1)
    e = nb.population("E", neurons, rb.LIF(tau_m=20, v_threshold=5))
    nb.connect(e, e, rb.fixed_indegree(5), weight=0.5, delay=2)
    nb.drive(e, rb.poisson(rate=400), weight=1.0)
    return nb.build()


def in_child(work: Callable[[], object]) -> str:
    """What `work` gives, or raises, in a forked child."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()

    def call() -> None:
        try:
            answers.put(str(work()))
        except Exception as error:
            answers.put(f"{type(error).__name__}: {error}")

    child = context.Process(target=call)  # type: ignore[attr-defined]
    child.start()
    child.join(60)
    if child.is_alive():
        child.kill()
        return "hangs"
    return str(answers.get()) if child.exitcode == 0 else f"exit code {child.exitcode}"


@pytest.mark.parametrize("threads", [1, 2, 3, None])
def test_an_engine_goes_on_in_a_forked_child(threads: int | None) -> None:
    eng = rb.Engine(brain(), "cpu", threads=threads)
    eng.run(10)
    child = in_child(lambda: eng.run(50).signature)
    assert child == str(eng.run(50).signature)
    made_there = in_child(lambda: rb.Engine(brain(), "cpu", threads=2).run(60).signature)
    assert made_there == str(eng.signature)


LEAVING = """
import os, sys
import rheobase as rb
nb = rb.NetworkBuilder(dt=1.0)
e = nb.population("E", 200, rb.LIF(tau_m=20, v_threshold=5))
nb.drive(e, rb.poisson(rate=400), weight=1.0)
eng, live = rb.Engine(nb.build(), "cpu", threads=2), rb.Engine(nb.build(), "cpu", threads=2)
eng.run(10)
loop = live.realtime(hz=500)
loop.__enter__().next()
child = os.fork()
if child == 0:
    sys.exit(0)  # everything is destroyed
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
loop.__exit__(None, None, None)
eng.run(10)
live.run(bursts=1)
"""


def test_a_child_that_leaves_as_every_script_does_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAVING], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_loop_says_in_a_child_that_it_is_the_parents() -> None:
    eng = rb.Engine(brain(), "cpu", threads=2)
    with eng.realtime(hz=500) as loop:
        loop.next()
        assert "does not go on in a forked process" in in_child(lambda: loop.next())
        assert "does not go on in a forked process" in in_child(lambda: loop.stop())
        assert "UnavailableError" in in_child(lambda: loop.stats)
    eng.run(bursts=1)


def test_a_loop_is_stopped_by_another_thread_while_its_block_ends() -> None:
    for _ in range(40):
        eng = rb.Engine(brain(50), "cpu")
        with eng.realtime(hz=2000) as loop:
            others = [threading.Thread(target=loop.stop) for _ in range(3)]
            for thread in others:
                thread.start()
            for _burst in loop:
                pass
        for thread in others:
            thread.join(60)
            assert not thread.is_alive()
        eng.run(bursts=1)
        loop.stop()


def test_the_last_burst_is_handed_out() -> None:
    # bursts as far apart as `next` looks for signals: the end may come between two of its looks
    for _ in range(3):
        eng = rb.Engine(brain(50), "cpu")
        with eng.realtime(hz=10, late="catch_up", bursts=2) as loop:
            numbers = [burst.number for burst in loop]
        assert numbers[-1] == 2


@pytest.fixture
def alarm() -> Iterator[Callable[[], None]]:
    """Raises KeyboardInterrupt in a moment, as Ctrl-C does."""

    def interrupt(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGALRM, interrupt)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.2) and None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, former)


def interrupted(alarm: Callable[[], None], work: Callable[[], object]) -> bool:
    try:
        alarm()
        work()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        return True
    return False


def test_ctrl_c_is_heard_while_a_network_is_built(alarm: Callable[[], None]) -> None:
    nb = rb.NetworkBuilder(dt=1.0, seed=1)
    e = nb.population("E", 20_000, rb.LIF(t_ref=2))
    for _ in range(40):
        nb.connect(e, e, rb.fixed_indegree(100), weight=0.5)  # 80 million: it would take long
    assert interrupted(alarm, nb.build)
    nb.population("I", 5, rb.LIF())  # the builder is as before
    assert interrupted(alarm, nb.build)


def test_ctrl_c_is_heard_while_a_brain_is_loaded(
    alarm: Callable[[], None], tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "large.json"
    path.write_text(rb.generate("balanced", neurons=30_000))
    assert interrupted(alarm, lambda: rb.load(path))


def test_ctrl_c_is_heard_while_why_looks_ahead(alarm: Callable[[], None]) -> None:
    eng = rb.Engine(brain(2000), "cpu")
    assert interrupted(alarm, lambda: eng.why(eng.network["E"][0:1], 1e7))
    assert interrupted(alarm, lambda: eng.why_silent("E", 1e7))
    eng.run(bursts=1)


REFUSING = """
import ctypes, pathlib, sys
import numpy
import rheobase as rb

refuse = ctypes.CDLL(None).rheobase_refuse
refuse.restype = ctypes.c_long
folder, brain, first, step = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

net = rb.load(brain)

def work():
    eng = rb.Engine(net, "cpu", threads=2)
    rec = eng.run(bursts=5)
    eng.save(folder + "/state")
    rec.save(folder + "/recording")
    rb.Engine.load(folder + "/state", backend="cpu", threads=2).run(bursts=2)

work()
refuse(0, 0)
work()
total = refuse(0, 0)
tried = fine = 0
for every in (0, 1):
    for n in range(first, total, step):
        tried += 1
        refuse(n, every)
        try:
            work()
        except (rb.Error, MemoryError, OSError, SystemError, ImportError, RuntimeError):
            pass
        finally:
            refuse(0, 0)
print("tried", tried, "of", total)
"""


@pytest.mark.skipif("RHEOBASE_REFUSE" not in os.environ, reason="needs tests/refused/refuse.c")
def test_refused_memory_is_an_error_in_run_and_save(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "brain.json"
    path.write_text(rb.generate("balanced", neurons=200))
    done = subprocess.run(
        [sys.executable, "-c", REFUSING, tmp_path, path, "1", "1"],
        env=os.environ | {"LD_PRELOAD": os.environ["RHEOBASE_REFUSE"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    print(done.stdout)
