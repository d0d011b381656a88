# SPDX-License-Identifier: Apache-2.0
"""Real-time loops: the same spikes as a plain run, the newest input, clear errors."""

import time

import numpy as np
import pytest

import rheobase as rb


def chain() -> rb.Network:
    nb = rb.NetworkBuilder(dt=1.0)
    cell = rb.Neuron(threshold=1.0)
    eye = nb.area("eye", (4, 3, 1), cell)
    arm = nb.area("arm", (4, 3, 1), cell)
    nb.connect(eye, arm, rb.one_to_one(), weight=2.0)
    return nb.build()


def test_the_same_spikes_as_a_plain_run() -> None:
    net = chain()
    drives = [(net["eye"], rb.poisson(100), 2.0)]
    live, plain = rb.Engine(net, "cpu", drives=drives), rb.Engine(net, "cpu", drives=drives)
    with live.realtime(hz=2000, late="catch_up", bursts=100) as loop:
        bursts = list(loop)
    assert bursts[-1].number == 100 == sum(b.bursts for b in bursts)
    assert loop.stats.bursts == 100
    assert loop.stats.unread == 100 - len(bursts)
    assert live.signature == plain.run(bursts=100).signature
    assert live.run(bursts=5).signature == plain.run(bursts=5).signature


def pictures_in_voxels_out() -> bool:
    """False if this machine was too busy to send before the first step, or to read each one."""
    hz = 20.0
    eng = rb.Engine(chain(), "cpu")
    picture = np.zeros((3, 4), np.float32)
    picture[2, 1] = 5.0
    begun = time.monotonic()
    with eng.realtime(hz=hz, late="catch_up", outputs=["eye", "arm"], bursts=2) as loop:
        loop.inject("eye", 0 * picture + 9.0, channel="camera")
        loop.inject("eye", picture, channel="camera")  # the newer one counts
        was_sent = time.monotonic() - begun < 0.5 / hz
        first = loop.next()
        second = loop.next() if first is not None and first.number == 1 else None
        if not was_sent or second is None:
            return False
        assert loop.next() is None
    assert first is not None
    assert first.fired("eye").tolist() == [[1, 2, 0]]
    assert first.ids("eye").tolist() == [5]
    assert first.fired("arm").shape == (0, 3)
    assert second.fired("arm").tolist() == [[1, 2, 0]]
    assert (second.number, second.spikes) == (2, 1)
    assert isinstance(loop, rb.RealtimeLoop) and isinstance(first, rb.Burst)
    stats = loop.stats
    assert isinstance(stats, rb.RealtimeStats)
    assert (stats.frames, stats.frames_dropped) == (2, 1)
    assert stats.latency["max"] > 0 and "jitter" in str(stats)
    return True


def test_pictures_in_voxels_out() -> None:
    assert any(pictures_in_voxels_out() for _ in range(50))


def test_edits_and_the_engine_meanwhile() -> None:
    net = chain()
    eng = rb.Engine(net, "cpu")
    with eng.realtime(hz=500) as loop:
        with pytest.raises(rb.errors.InvalidArgumentError, match="in use"):
            eng.run(bursts=1)
        edit = rb.Edit(net)
        edit.delete_neurons(net["arm"].ids[:2])
        loop.edit(edit)
        assert loop.network.synapse_count == eng.network.synapse_count == 10
    assert (net.synapse_count, eng.network.synapse_count) == (12, 10)
    eng.run(bursts=1)


def test_leaving_the_loop_stops_it() -> None:
    eng = rb.Engine(chain(), "cpu")
    with eng.realtime(hz=1000) as loop:
        for burst in loop:
            if burst.number >= 5:
                break
    stopped = eng.burst
    time.sleep(0.02)
    assert eng.burst == stopped >= 5
    with pytest.raises(ValueError, match="what the body said"), eng.realtime(hz=1000) as loop:
        raise ValueError("what the body said")
    eng.run(bursts=1)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"hz": 0}, "Hz is out of range"),
        ({"hz": 40, "late": "never"}, "neither"),
        ({"hz": 40, "bursts": 0}, "bursts = 0"),
        ({"hz": 40, "outputs": "leg"}, "leg"),
        ({"hz": 40, "queue": 0}, "queue = 0"),
        ({"hz": 40, "checkpoint_every": 1}, "needs a file"),
        ({"hz": 40, "checkpoint": "/missing/folder/file"}, "cannot write"),
    ],
)
def test_wrong_arguments(given: dict[str, object], text: str) -> None:
    eng = rb.Engine(chain(), "cpu")
    with pytest.raises(rb.Error, match=text), eng.realtime(**given):  # type: ignore[arg-type]
        pass
    eng.run(bursts=1)


def test_a_loop_is_used_in_a_with_block_once() -> None:
    loop = rb.Engine(chain(), "cpu").realtime(hz=1000, bursts=1)
    with pytest.raises(rb.Error, match="has not begun"):
        loop.inject("eye", 1.0)
    with loop:
        pass
    with pytest.raises(rb.Error, match="has run"), loop:
        pass
