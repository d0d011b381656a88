# SPDX-License-Identifier: Apache-2.0
"""Every public parameter that is a physical value takes values of other packages, and refuses other
dimensions; times lie on the grid, however long they are."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from foreign_units import PACKAGES

import rheobase as rb

Make = Callable[[Any, str], Any]


def builder() -> rb.NetworkBuilder:
    nb = rb.NetworkBuilder(dt=0.1, quantum_bits=8)
    nb.population("E", 3, rb.LIF(t_ref=0.2))
    nb.population("I", 3)
    nb.connect("E", "I", rb.all_to_all(), weight=0.5, delay=0.3)
    return nb


def engine() -> rb.Engine:
    return rb.Engine(builder().build(), "cpu", threads=1)


def built(**arguments: Any) -> Any:
    nb = builder()
    nb.connect("E", "I", rb.one_to_one(), **arguments)
    return nb.build().hash


def paired(**arguments: Any) -> Any:
    nb = builder()
    nb.connect_pairs([0, 1], [2, 3], **arguments)
    return nb.build().hash


def edited(change: Callable[[Any], object]) -> Any:
    eng = engine()
    with eng.editing() as edit:
        change(edit)
    return eng.network.hash


def after(act: Callable[[Any], object]) -> Any:
    eng = engine()
    eng.record(v=["E", "I"])
    act(eng)
    rec = eng.run(2.0)
    return rec.v["E"].values.tobytes() + rec.v["I"].values.tobytes(), rec.signature


def spikes() -> rb.Spikes:
    eng = engine()
    eng.schedule([0.3, 0.5, 0.9], [0, 1, 2], 90.0)
    return eng.run(2.0).spikes


def driven(rule: rb.DriveRule, weight: Any = 1.0) -> Any:
    nb = builder()
    nb.drive("E", rule, weight)
    return nb.build().hash


def state_with(v: Any) -> Any:
    eng = engine()
    state = eng.state()
    state.v = v
    eng.set_state(state)
    return eng.state().v.tolist()


def drawn(width: Any) -> Any:
    pytest.importorskip("matplotlib")
    return rb.plot.rates(spikes(), width=width).lines[0].get_xdata().tolist()


def realtime(hz: Any) -> int:
    with engine().realtime(hz=hz, bursts=1) as loop:
        return sum(1 for _ in loop)


def waited(timeout: Any) -> bool:
    with engine().realtime(hz=1000.0) as loop:
        return loop.next(timeout) is not None


#: each parameter: a plain value, its unit, and what follows from it
PARAMETERS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "NetworkBuilder dt": (0.1, "ms", lambda x: rb.NetworkBuilder(dt=x).dt),
    "LIF tau_m": (12.5, "ms", lambda x: rb.LIF(tau_m=x)),
    "LIF tau_m array": ([10.0, 20.0], "ms", lambda x: rb.LIF(tau_m=x)),
    "LIF v_rest": (-70.0, "mV", lambda x: rb.LIF(v_rest=x)),
    "LIF v_reset": (-60.0, "mV", lambda x: rb.LIF(v_reset=x)),
    "LIF v_threshold": (-50.0, "mV", lambda x: rb.LIF(v_threshold=x)),
    "LIF v_threshold array": ([1.0, 2.0, 3.0], "mV", lambda x: rb.LIF(v_threshold=x)),
    "LIF t_ref": (2.0, "ms", lambda x: rb.LIF(t_ref=x)),
    "LIF core dt": (0.1, "ms", lambda x: rb.LIF(tau_m=7).core(x).leak),
    "Neuron core dt": (0.1, "ms", lambda x: rb.Neuron().core(x).leak),
    "Neuron v_rest": (-3.0, "mV", lambda x: rb.Neuron(v_rest=x)),
    "Neuron v_reset": (-3.0, "mV", lambda x: rb.Neuron(v_reset=x)),
    "Neuron threshold": (3.0, "mV", lambda x: rb.Neuron(threshold=x)),
    "Neuron threshold_limit": (3.0, "mV", lambda x: rb.Neuron(threshold_limit=x)),
    "Neuron leak": (0.25, "dimensionless", lambda x: rb.Neuron(leak=x)),
    "Neuron excitability": (0.25, "dimensionless", lambda x: rb.Neuron(excitability=x)),
    "poisson": (20.0, "Hz", rb.poisson),
    "regular": (20.0, "Hz", rb.regular),
    "DriveRule": (20.0, "Hz", lambda x: rb.DriveRule("poisson", x)),
    "fixed_probability": (0.5, "dimensionless", rb.fixed_probability),
    "connect weight": (0.75, "mV", lambda x: built(weight=x)),
    "connect delay": (0.7, "ms", lambda x: built(delay=x)),
    "connect psp": (2.0, "dimensionless", lambda x: built(psp=x)),
    "connect_pairs weight": ([0.5, 0.75], "mV", lambda x: paired(weight=x)),
    "connect_pairs one weight": (0.75, "mV", lambda x: paired(weight=x)),
    "connect_pairs delay": ([0.3, 0.7], "ms", lambda x: paired(delay=x)),
    "connect_pairs one delay": (0.7, "ms", lambda x: paired(delay=x)),
    "connect_pairs psp": ([2.0, 3.0], "dimensionless", lambda x: paired(psp=x)),
    "drive weight": (0.5, "mV", lambda x: driven(rb.constant(), x)),
    "area gradient": (
        [1.0, 2.0, 3.0],
        "mV",
        lambda x: builder().area("A", (2, 2, 2), threshold_gradient=x).size,
    ),
    "Engine drives": (
        7.0,
        "mV",
        lambda x: rb.Engine(builder().build(), drives=[("E", rb.constant(), x)]).run(2.0).signature,
    ),
    "from_arrays dt": (0.1, "ms", lambda x: rb.Network.from_arrays([0], [1], dt=x).dt),
    "from_arrays weight": ([2.0], "mV", lambda x: rb.Network.from_arrays([0], [1], x).hash),
    "from_arrays delay": ([2.0], "ms", lambda x: rb.Network.from_arrays([0], [1], 1.0, x).hash),
    "record every": (0.5, "ms", lambda x: after(lambda e: e.record(v=["E", "I"], every=x))),
    "inject one": (5.0, "mV", lambda x: after(lambda e: e.inject("E", x))),
    "inject many": ([5.0, 6.0, 7.0], "mV", lambda x: after(lambda e: e.inject("E", x))),
    "inject ids": ([5.0, 6.0], "mV", lambda x: after(lambda e: e.inject([0, 4], x))),
    "inject a picture": (
        [[5.0, 6.0, 7.0]],
        "mV",
        lambda x: after(lambda e: e.inject("E", x)),
    ),
    "inject voxels": (
        [5.0],
        "mV",
        lambda x: after(lambda e: e.inject("E", x, voxels=[(1, 0, 0)])),
    ),
    "schedule times": ([0.3, 0.7], "ms", lambda x: after(lambda e: e.schedule(x, [0, 1], 3.0))),
    "schedule potentials": (
        [3.0, 4.0],
        "mV",
        lambda x: after(lambda e: e.schedule([0.3, 0.7], [0, 1], x)),
    ),
    "run time": (1.7, "ms", lambda x: engine().run(x).stop),
    "run checkpoint_every": (30.0, "s", None),  # type: ignore[dict-item]  # needs a folder
    "trials time": (1.7, "ms", lambda x: [r.stop for r in engine().trials([1], x)]),
    "why time": (1.7, "ms", lambda x: engine().why(0, x).burst),
    "why_silent time": (1.7, "ms", lambda x: engine().why_silent("E", x)),
    "realtime hz": (900.0, "Hz", realtime),
    "next timeout": (5.0, "s", waited),
    "set_state v": ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "mV", state_with),
    "edit set_weight": (0.25, "mV", lambda x: edited(lambda e: e.set_weight(0, 3, x))),
    "edit set_weights": (
        [0.25, 0.75],
        "mV",
        lambda x: edited(lambda e: e.set_weights([0, 1], [3, 4], x)),
    ),
    "edit set_delay": (0.7, "ms", lambda x: edited(lambda e: e.set_delay(0, 3, x))),
    "edit set_psp": (0.5, "dimensionless", lambda x: edited(lambda e: e.set_psp("E", x))),
    "edit add_synapses weight": (
        0.25,
        "mV",
        lambda x: edited(lambda e: e.add_synapses([0], [5], x)),
    ),
    "edit add_synapses delay": (
        [0.7],
        "ms",
        lambda x: edited(lambda e: e.add_synapses([0], [5], 0.5, x)),
    ),
    "between start": (0.4, "ms", lambda x: spikes().between(x, 2.0).times.tolist()),
    "between stop": (0.6, "ms", lambda x: spikes().between(0.0, x).times.tolist()),
    "plot rates width": (0.5, "ms", drawn),
}


def maker(package: str) -> Make:
    try:
        return PACKAGES[package]()
    except ImportError as e:
        pytest.skip(f"{package} is not installed ({e})")


def meant(name: str, tmp_path: Any) -> tuple[Any, str, Callable[[Any], Any]]:
    plain, unit, act = PARAMETERS[name]
    if name == "run checkpoint_every":

        def act(x: Any) -> Any:
            return engine().run(1.0, checkpoint=tmp_path / "c", checkpoint_every=x).signature

    return plain, unit, act


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("name", PARAMETERS)
def test_values_with_units(package: str, name: str, tmp_path: Any) -> None:
    make = maker(package)
    plain, unit, act = meant(name, tmp_path)
    wanted = act(plain)
    assert act(make(plain, unit)) == wanted
    if isinstance(plain, list) and not isinstance(plain[0], list):
        assert act([make(v, unit) for v in plain]) == wanted, "a list of values"
    for other in {"nA", "mV", "ms", "Hz"} - {unit} - ({"ms"} if unit == "s" else set()):
        with pytest.raises(rb.errors.InvalidArgumentError, match="has another dimension"):
            act(make(plain, other))


@pytest.mark.parametrize("package", PACKAGES)
def test_other_scales_of_the_same_dimension(package: str) -> None:
    make = maker(package)
    assert rb.LIF(tau_m=make(0.02, "s")) == rb.LIF(tau_m=20)
    assert rb.NetworkBuilder(dt=make(0.0001, "s")).dt == 0.1, "no rounding is left over"
    assert rb.NetworkBuilder(dt=make(1 / 3, "ms")).dt == pytest.approx(1 / 3, rel=1e-15)
    eng = engine()
    assert eng.run(make(0.0123, "s")).stop == pytest.approx(12.3)


@pytest.mark.parametrize("package", PACKAGES)
def test_whole_numbers_have_no_unit(package: str) -> None:
    make = maker(package)
    for call in (
        lambda x: rb.fixed_indegree(x),
        lambda x: rb.NetworkBuilder(seed=x),
        lambda x: builder().population("A", x),
        lambda x: engine().run(bursts=x),
        lambda x: engine().inject([x], 1.0),
        lambda x: builder()["E"][x],
    ):
        with pytest.raises(rb.Error):
            call(make(2, "mV"))


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        (np.timedelta64(20, "ms"), 20),
        (datetime.timedelta(milliseconds=20), 20),
        (Decimal("20.5"), 20.5),
        (Fraction(41, 2), 20.5),
        (np.float32(20.5), 20.5),
        (np.int8(20), 20),
        (np.array(20.5), 20.5),
    ],
)
def test_numbers_of_other_kinds(value: Any, ms: float) -> None:
    assert rb.LIF(tau_m=value) == rb.LIF(tau_m=ms)


@pytest.mark.parametrize(
    "value", [True, np.bool_(True), 1 + 2j, np.complex64(1), "20", b"20", None, {}, object(), [[1]]]
)
def test_what_is_no_number(value: Any) -> None:
    for call in (
        lambda x: rb.LIF(tau_m=x),
        lambda x: rb.poisson(x),
        lambda x: engine().run(x),
        lambda x: engine().inject("E", x),
        lambda x: built(weight=x),
    ):
        with pytest.raises(rb.Error):
            call(value)


def test_a_time_is_no_potential() -> None:
    for value in (np.timedelta64(20, "ms"), datetime.timedelta(1), np.timedelta64("NaT")):
        with pytest.raises(rb.Error):
            rb.LIF(v_rest=value)
    with pytest.raises(rb.Error):
        rb.LIF(tau_m=np.timedelta64("NaT"))


@pytest.mark.parametrize("dt", [0.1, 0.25, 1.0, 0.05, 0.3, 0.7, 0.01, 1 / 3])
def test_times_lie_on_the_grid_at_any_length(dt: float) -> None:
    nb = rb.NetworkBuilder(dt=dt)
    nb.population("E", 1)
    eng = rb.Engine(nb.build(), "cpu")
    for steps in (1, 10, 10**4, 10**7, 10**10, 10**13):
        for part in (0.5, 0.01, -0.01):
            if steps * 1e-15 < 0.005:
                with pytest.raises(rb.errors.InvalidArgumentError, match="off the grid"):
                    eng.run((steps + part) * dt)
                with pytest.raises(rb.errors.InvalidArgumentError, match="off the grid"):
                    eng.schedule([steps * dt, (steps + part) * dt], [0, 0], 1.0)
        eng.schedule([steps * dt], [0], 1.0)
    for k in range(1, 256):
        assert len(nb.connect_pairs([0], [0], delay=[k * dt]).numbers) == 1
        assert len(nb.connect_pairs([0], [0], delay=np.array([k * dt], np.float32)).numbers) == 1
    sums = np.cumsum(np.full(1000, dt))  # as users add times up
    eng.schedule(sums, np.zeros(1000, int), 1.0)


@pytest.mark.parametrize("delay", [[1.00005, 2.0], [1.0, 2.00001], 1.00005, [0.99999, 1.0]])
def test_delays_off_the_grid(delay: Any) -> None:
    nb = rb.NetworkBuilder(dt=1.0)
    nb.population("E", 2)
    with pytest.raises(rb.errors.InvalidArgumentError, match="off the grid"):
        nb.connect_pairs([0, 1], [1, 0], delay=delay)
    eng = rb.Engine(nb.build(), "cpu")
    with pytest.raises(rb.errors.InvalidArgumentError, match="off the grid"):
        eng.editing().add_synapses([0, 1], [1, 0], delay=delay)


def test_times_too_long_to_tell() -> None:
    for time in (1e300, 1e17, np.float32(1e30)):
        with pytest.raises(rb.errors.InvalidArgumentError, match="too long"):
            engine().run(time)
    with pytest.raises(rb.errors.InvalidArgumentError, match="too long"):
        engine().record(v="E", every=1e9)


def test_state_and_recording_mean_the_same_potential() -> None:
    nb = rb.NetworkBuilder(dt=1.0)
    nb.population("E", 4, rb.LIF(v_rest=[-70.1, -65.3, 0, 3.7], v_reset=-80, v_threshold=-50))
    eng = rb.Engine(nb.build(), "cpu")
    eng.record(v="E")
    eng.inject("E", [5.123, 20.0, -1.0, -60.0])
    rec = eng.run(3.0)
    state = eng.state()
    assert np.array_equal(state.v, rec.v["E"].values[-1])
    other = rb.Engine(nb.build(), "cpu")
    other.set_state(state)
    mine, theirs = eng._core.state()["u"], other._core.state()["u"]
    assert mine.tobytes() == theirs.tobytes(), "not even the last bit of the distance to rest"
    assert not np.array_equal(mine, state.v - eng.network._core.rest()), "which v does not hold"
    eng.run(50.0)
    other.run(50.0)
    assert other.state() == eng.state(), "bit for bit"
    state = eng.state()
    state.v[2] = -12.5
    eng.set_state(state)
    assert eng.state().v[2] == np.float32(-12.5)
