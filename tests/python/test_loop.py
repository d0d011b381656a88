# SPDX-License-Identifier: Apache-2.0
"""Real-time loops lose nothing and tell the truth: polls, slow readers, two sensors, edits, recordings."""

import asyncio
import pathlib
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

import rheobase as rb


def noisy(bursts: int = 60) -> tuple[rb.Engine, "rb.Spikes"]:
    """An engine with two areas that fire by chance, and what fires in so many steps of it."""
    nb = rb.NetworkBuilder(dt=5.0)
    nb.area("arm", (4, 1, 1), role="output")
    nb.area("eye", (2, 3, 1), role="input")
    net = nb.build()
    drives = [(net["arm"], rb.poisson(60), 1.5), (net["eye"], rb.poisson(30), 1.5)]
    plain = rb.Engine(net, "cpu", drives=drives)
    return rb.Engine(net, "cpu", drives=drives), plain.run(bursts=bursts).spikes


def wait_for_end(loop: rb.RealtimeLoop) -> None:
    """Of a loop with so many bursts; nobody reads it."""
    while loop.running:
        time.sleep(0.001)


def counted(spikes: "rb.Spikes", name: str, size: int) -> list[int]:
    return np.bincount(spikes[name].ids, minlength=size).tolist()


def test_a_game_that_polls_is_told_everything() -> None:
    eng, plain = noisy()
    seen = spikes = 0
    with eng.realtime(500, late="catch_up", bursts=60) as loop:
        while loop.running or seen < 60:
            burst = loop.next(0)  # never waits
            if burst is not None:
                seen += burst.bursts
                spikes += len(burst.ids("arm"))
    assert (seen, spikes) == (60, len(plain["arm"]))


def test_a_poll_does_not_wait() -> None:
    eng, _ = noisy()
    with eng.realtime(0.01) as loop:  # the first step is 100 s away
        assert loop.next(0) is None
        assert loop.next(0.0) is None


def test_a_slow_reader_sees_every_spike() -> None:
    eng, plain = noisy()
    with eng.realtime(1000, late="catch_up", bursts=60) as loop:
        wait_for_end(loop)
        burst = loop.next()
        assert burst is not None and loop.next() is None
    assert (burst.number, burst.bursts, burst.spikes) == (60, 60, len(plain))
    assert burst.counts("arm").tolist() == counted(plain, "arm", 4)
    assert burst.counts("eye").tolist() == counted(plain, "eye", 6)
    assert burst.counts(eng.network["eye"][[4, 1]]).tolist() == [
        counted(plain, "eye", 6)[i] for i in (4, 1)
    ]
    assert burst.ids("arm").tolist() == sorted(plain["arm"].ids.tolist())
    assert burst.fired("eye").shape == (len(plain["eye"]), 3)
    assert loop.stats.unread == 59 and "59 before it" in repr(burst)


def test_a_queue_keeps_the_newest_steps_apart() -> None:
    eng, plain = noisy(10)
    with eng.realtime(1000, late="catch_up", bursts=10, queue=3) as loop:
        wait_for_end(loop)
        told = list(loop)
    assert [(b.number, b.bursts) for b in told] == [(8, 8), (9, 1), (10, 1)]
    by_step = np.bincount(np.round(plain.times / 5.0).astype(int), minlength=11).tolist()
    assert [b.spikes for b in told] == [sum(by_step[:9]), by_step[9], by_step[10]]
    assert sum(len(b.ids("arm")) for b in told) == len(plain["arm"])


def test_what_is_no_output_is_an_error() -> None:
    eng, _ = noisy()
    net = eng.network
    with eng.realtime(500, outputs=["arm", net["eye"][:2]], bursts=1) as loop:
        burst = loop.next()
        assert burst is not None
        burst.ids("arm"), burst.fired("arm"), burst.ids("eye"), burst.counts(net["eye"][:2])
        with pytest.raises(rb.errors.InvalidArgumentError, match="only some neurons of 'eye'"):
            burst.counts("eye")
    with eng.realtime(500, outputs="arm", bursts=1) as loop:
        burst = loop.next()
        assert burst is not None
        for ask in (burst.ids, burst.fired, burst.counts):
            with pytest.raises(rb.errors.InvalidArgumentError, match="'eye' is not an output"):
                ask("eye")


def silent() -> rb.Network:
    nb = rb.NetworkBuilder(dt=10.0)
    nb.area("A", (4, 1, 1))
    nb.area("B", (4, 1, 1))
    nb.connect("A", "B", rb.one_to_one(), weight=0.1)
    return nb.build()


def before_the_first_step(send: Callable[[rb.RealtimeLoop, rb.Network], None]) -> tuple[int, int]:
    """(spikes of the first step, inputs dropped) if `send` sends before it; the machine may be busy."""
    for _ in range(50):
        net = silent()
        eng = rb.Engine(net, "cpu", threads=1)
        begun = time.monotonic()
        with eng.realtime(20, bursts=1) as loop:
            send(loop, net)
            in_time = time.monotonic() - begun < 0.5 / 20
            burst = loop.next()
        if in_time and burst is not None:
            return burst.spikes, loop.stats.frames_dropped
    raise AssertionError("never in time")


def test_inputs_of_two_sensors_add_up() -> None:
    def two_areas(loop: rb.RealtimeLoop, net: rb.Network) -> None:
        loop.inject(net["A"].ids, 1.5)
        loop.inject(net["B"].ids, 1.5)

    def two_parts(loop: rb.RealtimeLoop, net: rb.Network) -> None:
        loop.inject(net["A"][:2], 1.5)
        loop.inject(net["A"][2:], 1.5)

    def two_halves(loop: rb.RealtimeLoop, _net: rb.Network) -> None:
        loop.inject("A", 0.6)
        loop.inject("A", 0.6)

    def two_channels(loop: rb.RealtimeLoop, _net: rb.Network) -> None:
        loop.inject("A", 0.6, channel="left")
        loop.inject("A", 0.6, channel="right")

    def one_channel(loop: rb.RealtimeLoop, _net: rb.Network) -> None:
        loop.inject("A", 1.5, channel="eye")
        loop.inject("B", 1.5, channel="ear")
        loop.inject("A", 0.6, channel="eye")

    sent = (two_areas, two_parts, two_halves, two_channels, one_channel)
    told = [before_the_first_step(send) for send in sent]
    assert told == [(8, 0), (4, 0), (4, 0), (4, 0), (4, 1)]


def test_an_edit_that_cannot_be_is_its_callers_alone() -> None:
    net = silent()
    eng = rb.Engine(net, "cpu", threads=1)
    seen = 0
    with eng.realtime(500, bursts=20, late="catch_up") as loop:
        wrong = loop.editing()
        wrong.remove_synapse(0, 1)
        with pytest.raises(rb.errors.InvalidArgumentError, match="no synapse from neuron 0 to"):
            loop.edit(wrong)
        for burst in loop:
            seen += burst.bursts
    assert seen == 20
    assert eng.network.synapse_count == net.synapse_count


def test_areas_added_while_it_runs_can_be_used_at_once() -> None:
    net = silent()
    eng = rb.Engine(net, "cpu", threads=1)
    with eng.realtime(500, outputs="A") as loop:
        with loop.editing() as edit:
            grown = edit.area("grown", (2, 2, 1), rb.Neuron(threshold=1.0))
            edit.add_synapses(net["A"].ids, grown.ids, weight=1.0)
        assert loop.network["grown"].size == 4 and loop.population("grown").first == 8
        loop.inject("grown", 1.5)
        loop.inject(grown, 1.5)
        spikes = 0
        for burst in loop:
            spikes += int(burst.counts("grown").sum())
            if spikes:
                break
        with loop.editing() as again:
            again.set_weights(net["A"].ids, grown.ids, 0.5)
    assert spikes == 4
    assert eng.network["grown"].size == 4 and eng.network.synapse_count == 8


def test_many_edit_and_inject_at_once() -> None:
    eng = rb.Engine(silent(), "cpu", threads=1)

    def body(number: int) -> None:
        with loop.editing() as edit:
            edit.area(f"of {number}", (2, 1, 1))
        loop.inject(f"of {number}", 1.0)

    with eng.realtime(2000) as loop:
        threads = [threading.Thread(target=body, args=(i,)) for i in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert loop.network.neuron_count == 8 + 12
    assert {f"of {i}" for i in range(6)} < set(eng.network)


def test_start_and_stop_without_a_block() -> None:
    eng, plain = noisy()
    loop = eng.realtime(1000, late="catch_up", bursts=60).start()
    wait_for_end(loop)
    loop.stop()
    loop.stop()  # any number of times
    assert not loop.running
    assert sum(burst.spikes for burst in loop) == len(plain)
    eng.run(bursts=1)
    with pytest.raises(rb.errors.InvalidArgumentError, match="has run"):
        loop.start()


def test_hz_is_real_time_unless_it_is_said() -> None:
    nb = rb.NetworkBuilder(dt=20.0)
    nb.area("A", (1, 1, 1))
    eng = rb.Engine(nb.build(), "cpu")
    asked = []
    core = eng._core

    class Listening:
        def realtime(self, hz: float, *rest: object) -> object:
            asked.append(hz)
            return core.realtime(hz, *rest)

        def __getattr__(self, name: str) -> object:
            return getattr(core, name)

    eng._core = Listening()  # type: ignore[assignment]
    with eng.realtime(bursts=1) as loop:
        assert loop.next() is not None
    assert asked == [50.0]


def test_asyncio_reads_while_other_tasks_go_on() -> None:
    eng, plain = noisy()

    async def main() -> tuple[int, int, int]:
        ticks = seen = spikes = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        other = asyncio.create_task(tick())
        with eng.realtime(500, late="catch_up", bursts=60) as loop:
            async for burst in loop:
                seen += burst.bursts
                spikes += len(burst.ids("arm"))
        other.cancel()
        return seen, spikes, ticks

    seen, spikes, ticks = asyncio.run(main())
    assert (seen, spikes) == (60, len(plain["arm"]))
    assert ticks > 0


def test_a_cancelled_task_takes_no_step_with_it() -> None:
    eng, plain = noisy()

    async def main() -> list[int]:
        told: list[int] = []

        async def read() -> None:
            async for burst in loop:
                told.append(burst.spikes)

        with eng.realtime(500, late="catch_up", bursts=60) as loop:
            for _ in range(10):
                task = asyncio.create_task(read())
                await asyncio.sleep(0.004)
                task.cancel()
            await read()
        return told

    assert sum(asyncio.run(main())) == len(plain)


def test_what_was_asked_for_is_recorded_in_the_loop() -> None:
    eng, plain = noisy()
    eng.record(spikes="arm", fire_count="eye")
    with eng.realtime(1000, late="catch_up", outputs="eye", bursts=60) as loop:
        parts = [loop.recording()]
        wait_for_end(loop)
        parts.append(loop.recording())
    parts.append(loop.recording())  # nothing is left
    assert [len(p.counters.bursts) for p in parts] == [
        len(parts[0].counters.bursts),
        60 - len(parts[0].counters.bursts),
        0,
    ]
    assert sum(len(p.spikes) for p in parts) == len(plain["arm"])
    ids = np.concatenate([p.spikes["arm"].ids for p in parts])
    times = np.concatenate([p.spikes["arm"].times for p in parts])
    assert ids.tolist() == plain["arm"].ids.tolist()
    assert times.tolist() == plain["arm"].times.tolist()
    assert sum(p.fire_count["eye"].values.shape[0] for p in parts) == 60
    assert parts[2].signature == eng.signature
    assert len(eng.run(bursts=1).counters.bursts) == 1  # of the run alone


def test_a_recording_can_begin_meanwhile() -> None:
    eng, _ = noisy()
    with eng.realtime(500) as loop:
        with pytest.raises(rb.errors.InvalidArgumentError, match="nothing is recorded"):
            loop.recording()
        loop.record("eye", "v")
        while loop.next() is None or loop.stats.bursts < 5:
            pass
        kept = loop.recording()
    assert kept.v["eye"].values.shape[0] >= 1 and len(kept.spikes) == 0
    assert eng.run(bursts=3).v["eye"].values.shape == (3, 6)


def test_it_saves_while_it_runs(tmp_path: pathlib.Path) -> None:
    eng, _ = noisy()
    end = tmp_path / "end"
    with eng.realtime(
        1000, late="catch_up", bursts=60, checkpoint=end, checkpoint_every=0.001
    ) as loop:
        loop.save(tmp_path / "meanwhile")
        with pytest.raises(rb.errors.FileError, match="cannot write"):
            loop.save(tmp_path / "missing" / "file")
        wait_for_end(loop)
    at_the_end = rb.Engine.load(end, "reference")
    meanwhile = rb.Engine.load(tmp_path / "meanwhile", "reference")
    assert at_the_end.burst == 60 and at_the_end.signature == eng.signature
    meanwhile.run(bursts=60 - meanwhile.burst)
    assert meanwhile.signature == eng.signature
