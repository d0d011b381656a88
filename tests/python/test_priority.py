# SPDX-License-Identifier: Apache-2.0
"""The priority of a loop's thread: for it alone, or refused in a sentence that says what allows it."""

import os
import pathlib
import resource
import subprocess
import sys

import pytest

import rheobase as rb

linux = pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="not Linux")


def engine() -> rb.Engine:
    nb = rb.NetworkBuilder(dt=1.0)
    nb.area("eye", (4, 1, 1))
    return rb.Engine(nb.build(), "cpu", threads=1)


def allowed() -> bool:
    try:
        with engine().realtime(500, priority=1, bursts=1):
            return True
    except rb.errors.UnavailableError:
        return False


@linux
def test_the_brains_thread_alone_has_it() -> None:
    if not allowed():
        pytest.skip("the system does not allow it")
    eng = engine()
    before = {int(t.name) for t in pathlib.Path("/proc/self/task").iterdir()}
    policies = {t: os.sched_getscheduler(t) for t in before}
    core = min(os.sched_getaffinity(0))
    with eng.realtime(500, priority=7, core=core):
        tasks = {int(t.name) for t in pathlib.Path("/proc/self/task").iterdir()}
        (thread,) = tasks - before
        policy = os.sched_getscheduler(thread) & ~os.SCHED_RESET_ON_FORK
        assert policy == os.SCHED_FIFO
        assert os.sched_getparam(thread).sched_priority == 7
        assert os.sched_getaffinity(thread) == {core}
        for other in before:
            assert os.sched_getscheduler(other) == policies[other]


REFUSED = """
import os, resource, sys, rheobase as rb
resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536))
if os.geteuid() == 0:
    os.setuid(65534)
nb = rb.NetworkBuilder(dt=1.0)
nb.area("eye", (4, 1, 1))
eng = rb.Engine(nb.build(), "cpu", threads=1)
for asked in ({"priority": 10}, {"lock_memory": True}, {"core": 5000}):
    try:
        with eng.realtime(500, **asked):
            print("allowed")
    except rb.errors.UnavailableError as e:
        print(e)
print(len(eng.run(bursts=3).counters.bursts))
"""


@linux
def test_what_is_refused_is_said_with_what_allows_it() -> None:
    told = subprocess.run(
        [sys.executable, "-c", REFUSED], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "does not allow a real-time priority of 10 (Operation not permitted)" in told[0]
    assert "sudo prlimit --pid $$ --rtprio=10" in told[0]
    assert "sudo prlimit --pid $$ --memlock=unlimited" in told[1]
    assert "may not use a core 5000" in told[2]
    assert told[3] == "3"  # the engine is free


@pytest.mark.parametrize(
    ("given", "text"), [({"priority": 0}, "priority = 0"), ({"priority": 100}, "100")]
)
def test_what_is_no_priority(given: dict[str, int], text: str) -> None:
    with pytest.raises(rb.Error, match=text):
        engine().realtime(500, **given)  # type: ignore[arg-type]


@linux
def test_memory_is_locked_and_freed_again() -> None:
    if (
        os.geteuid() != 0
        and resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] != resource.RLIM_INFINITY
    ):
        pytest.skip("the system does not allow it")

    def locked() -> int:
        status = pathlib.Path("/proc/self/status").read_text()
        return int(status.partition("VmLck:")[2].split()[0])

    with engine().realtime(500, lock_memory=True) as loop:
        loop.next()
        assert locked() > 0
    assert locked() == 0
