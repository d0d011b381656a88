# SPDX-License-Identifier: Apache-2.0
"""Every public callable, method and setter with every sort of wrong value: it works, or is an rb.Error.

Found by looking at the package, so that a new name is tried too. A missing or unknown argument is Python's
own TypeError and is not tried."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import os
import pathlib
import types
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from foreign_units import AstropyLike, brian_like
from matplotlib import pyplot

import rheobase as rb


class Hostile:
    """Fails at whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("no")

    def __len__(self) -> int:
        raise ValueError("no")

    def __index__(self) -> int:
        raise TypeError("no")

    def __float__(self) -> float:
        raise ValueError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**64,
    -(2**70),
    10**400,
    0.5,
    -0.0,
    1e39,
    1e300,
    5e-324,
    float("nan"),
    float("inf"),
    float("-inf"),
    1 + 2j,
    Fraction(1, 3),
    "",
    "E",
    "nobody",
    "\ud800",
    "a\0b",
    "\x1b[31m<b>\u202e",
    b"E",
    [],
    [[]],
    (),
    {},
    set(),
    [1, 2],
    [[1, 2], [3]],
    [None],
    ["E", 3],
    [float("nan")],
    [True, False],
    range(3),
    slice(None, None, 0),
    slice("a", 1.5),
    Ellipsis,
    np.float32("nan"),
    np.int64(-5),
    np.bool_(True),
    np.empty(0),
    np.empty((0, 3)),
    np.zeros((2, 2, 2)),
    np.full(3, np.inf),
    np.array(["x"]),
    np.array([object()]),
    np.arange(3, dtype=np.uint64) + np.uint64(2**63),
    np.array([2**40]),
    np.ma.masked,
    np.ma.array([1.0, 2.0], mask=[0, 1]),
    np.timedelta64("NaT"),
    np.datetime64("2020-01-01"),
    brian_like(3.0, "nA"),
    brian_like([1.0, 2.0, 3.0], "mV"),
    AstropyLike(3.0, "nA"),
    object(),
    int,
    len,
    Hostile(),
    rb.LIF(),
    rb.Neuron(threshold=[1.0, 2.0]),
    rb.poisson(1.0),
    rb.all_to_all(),
    rb.Population("E", 0, 2, (2, 1, 1)),
    rb.Population("far", 7, 4, (4, 1, 1))[[1, 1]],
]


def small() -> rb.Network:
    nb = rb.NetworkBuilder(dt=0.5, quantum_bits=8)
    nb.population("E", 4, rb.LIF(t_ref=1.0))
    nb.population("I", 4)
    nb.connect("E", "I", rb.one_to_one(), 0.5)
    nb.drive("E", rb.constant(), 1.0)
    return nb.build()


NETWORK = small()


def engine() -> rb.Engine:
    eng = rb.Engine(NETWORK, "cpu", threads=1)
    eng.record(spikes=["E", "I"], v=["E"])
    return eng


def builder() -> rb.NetworkBuilder:
    nb = rb.NetworkBuilder(dt=0.5)
    nb.population("E", 2)
    nb.population("I", 2)
    return nb


RECORDING = engine().run(5.0)


def make(kind: type) -> Any:
    """An object of a public class."""
    known: dict[type, Callable[[], Any]] = {
        rb.NetworkBuilder: builder,
        rb.Engine: engine,
        rb.Network: lambda: NETWORK,
        rb.Population: lambda: NETWORK["E"],
        rb.Selection: lambda: NETWORK["E"][1:3],
        rb.Recording: lambda: RECORDING,
        rb.Spikes: lambda: RECORDING.spikes,
        rb.Traces: lambda: RECORDING.v,
        rb.Trace: lambda: RECORDING.v.only,
        rb.Counters: lambda: RECORDING.counters,
        rb.Connections: lambda: NETWORK.connections("E", "I"),
        rb.State: lambda: engine().state(),
        rb.Why: lambda: engine().why(0),
        rb.Edit: lambda: engine().editing(),
        rb.LIF: rb.LIF,
        rb.Neuron: rb.Neuron,
        rb.ConnectionRule: rb.all_to_all,
        rb.DriveRule: rb.constant,
        rb.RealtimeLoop: lambda: engine().realtime(hz=1000.0, bursts=2),
        rb.Projection: lambda: NETWORK.projections[0],
        rb.Wired: lambda: builder().connect("E", "I", rb.one_to_one()),
        rb.ImportReport: lambda: rb.ImportReport("f", "t", ()),
        rb.ImportNote: lambda: rb.ImportNote("taken", "w", "m"),
    }
    return known[kind]() if kind in known else None


#: plain records that only hold what they are given, and what belongs to a running loop
RECORDS = {
    "Burst",
    "Connections",
    "Counters",
    "Device",
    "Finding",
    "ImportNote",
    "ImportReport",
    "Projection",
    "RealtimeLoop",
    "RealtimeStats",
    "Recording",
    "Replayed",
    "State",
    "Trace",
    "Traces",
    "Why",
    "Wired",
}
#: what a right call is given, by the name of the parameter
RIGHT: dict[str, Any] = {
    "name": "E",
    "size": 3,
    "shape": (2, 1, 1),
    "pre": "E",
    "post": "I",
    "rule": rb.all_to_all(),
    "targets": "E",
    "target": "E",
    "path": "nowhere/file",
    "directory": "nowhere/file",
    "source": "nowhere/a",
    "network": NETWORK,
    "networks": [NETWORK, NETWORK],
    "time": 1.0,
    "times": [0.5],
    "ids": [1],
    "potentials": 1.0,
    "part": 1,
    "seeds": [1],
    "which": "E",
    "neuron": rb.LIF(),
    "weight": 0.5,
    "delay": 1.0,
    "psp": 1.0,
    "values": 0.5,
    "state": None,
    "edit": None,
    "hz": 1000.0,
    "bursts": 2,
    "start": 0.0,
    "stop": 1.0,
    "number": 0,
    "voxels": [(0, 0, 0)],
    "dt": 0.5,
    "count": 2,
    "matrix": np.eye(2),
    "p": 0.5,
    "indegree": 1,
    "outdegree": 1,
    "sources": [0],
    "offsets": [(1, 0, 0)],
    "list": [],
    "seed": 1,
    "pattern": [(1, 0), (1, 0), (1, 0)],
    "mapper": rb.vectors([(0, 0, 0)]),
    "percent": 50,
    "kind": "balanced",
    "n": 3,
    "kernel": rb.kernels.gaussian(1.0),
    "rate": 10.0,
    "population": "E",
    "what": "E",
    "selectors": "E",
    "rest": np.zeros(8, np.float32),
}
#: given by hand, since the parameter's name means another thing there
OWN: dict[str, dict[str, Any]] = {
    "connect_pairs": {"pre": [0], "post": [2]},
    "add_synapses": {"pre": [0], "post": [2]},
    "from_arrays": {"pre": [0], "post": [1]},
    "remove_synapse": {"pre": 0, "post": 4},
    "set_weight": {"pre": 0, "post": 4},
    "set_weights": {"pre": [0], "post": [4]},
    "set_delay": {"pre": 0, "post": 4},
    "why": {"which": 1},
    "composite": {"seed": (1, 1, 1)},
    "area": {"name": "new"},
    "population": {"name": "new"},
    "population_of": {"neuron": 1},
    "thinned": {"rule": rb.all_to_all()},
    "attractivity": {"rule": rb.all_to_all()},
    "drive": {"rule": rb.constant()},
    "Population": {"first": 0, "size": 2},
    "Selection": {"population": NETWORK["E"], "local": [1]},
    "Spikes": {
        "ids": np.zeros(0, np.uint32),
        "begin": np.zeros(2, np.uint64),
        "first_burst": 1,
        "populations": list(NETWORK.populations.values()),
    },
    "ConnectionRule": {"name": "one_to_one"},
    "DriveRule": {"kind": "poisson"},
    "between": {"start": 0.0, "stop": 1.0},
    "raster": {"source": RECORDING},
    "rates": {"source": RECORDING},
    "potentials": {"source": RECORDING},
    "activity": {"source": RECORDING},
    "colours": {"count": 3},
    "isi_cv": {},
    "set_state": {"state": engine().state()},
    "edit": {"edit": engine().editing()},
    "at": {"voxels": [(0, 0, 0)]},
    "from_networkx": {"graph": None},
    "from_pandas": {"table": None},
}
#: special methods that users call by operators
OPERATORS = ("__getitem__", "__contains__", "__eq__", "__add__", "__or__", "__and__", "__sub__")


def subjects() -> Iterator[tuple[str, str, Any]]:
    """(class or "", name, thing) of all that users can call."""
    for name in (n for n in rb.__all__ if n not in ("models", "synapses")):  # mappings
        thing = getattr(rb, name)
        if isinstance(thing, types.ModuleType):
            continue
        if not inspect.isclass(thing):
            yield "", name, thing
            continue
        if issubclass(thing, BaseException):
            continue
        if name not in RECORDS:
            yield "", name, thing
        for member, value in inspect.getmembers(thing):
            if (member.startswith("_") and member not in OPERATORS) or not callable(value):
                continue
            if getattr(value, "__module__", "") and str(value.__module__).startswith("rheobase"):
                yield name, member, value
    for name in ("raster", "rates", "potentials", "activity", "connectivity", "colours"):
        yield "plot", name, getattr(rb.plot, name)


SUBJECTS = {f"{a}.{b}".lstrip("."): (a, b) for a, b, _ in subjects()}


def bound(owner: str, name: str) -> Any:
    if owner == "plot":
        return getattr(rb.plot, name)
    if not owner:
        return getattr(rb, name)
    kind = getattr(rb, owner)
    if isinstance(inspect.getattr_static(kind, name), (classmethod, staticmethod)):
        return getattr(kind, name)
    made = make(kind)
    return None if made is None else getattr(made, name)


def parameters(call: Any) -> dict[str, inspect.Parameter]:
    return {
        k: p
        for k, p in inspect.signature(call).parameters.items()
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and not k.startswith("_")
    }


def right_arguments(name: str, given: dict[str, inspect.Parameter]) -> dict[str, Any]:
    own = OWN.get(name, {})
    return {
        k: own.get(k, RIGHT.get(k))
        for k, p in given.items()
        if p.default is inspect.Parameter.empty
    }


def finish(result: Any) -> None:
    if isinstance(result, types.GeneratorType):
        next(result, None)
    elif isinstance(result, rb.RealtimeLoop):
        with result as loop:
            loop.next(1.0)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_value_works_or_is_an_error_of_ours(
    subject: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pyplot.close("all")
    owner, name = SUBJECTS[subject]
    call = bound(owner, name)
    if call is None:
        pytest.skip("no object of that class is made here")
    wrong = []
    for parameter, about in parameters(call).items():
        for value in VALUES:
            call = bound(owner, name)
            arguments = right_arguments(name, parameters(call))
            arguments[parameter] = value
            if too_much(name, parameter, value):
                continue
            positional = [arguments.pop(parameter)] if about.kind is about.POSITIONAL_ONLY else []
            try:
                finish(call(*positional, **arguments))
            except rb.Error as e:
                text = str(e)
                if "incompatible function" in text or "\n" in text or "\x1b" in text:
                    wrong.append((parameter, safe(value), text))
            except Exception as e:
                wrong.append((parameter, safe(value), f"{type(e).__name__}: {e}"))
            pyplot.close("all")
    assert not wrong


def too_much(name: str, parameter: str, value: Any) -> bool:
    """Right, but more than a test can take: 2**31 neurons or steps, or a wait without an end."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    if parameter == "size":
        return value >= 2**31 and name.startswith("from_")
    if parameter == "timeout":
        return value > 10
    return parameter in ("bursts", "time") and 2**31 <= value < 2**62


def safe(value: Any) -> str:
    try:
        return repr(value)[:60]
    except Exception:
        return type(value).__name__


def test_a_running_loop() -> None:
    wrong = []
    with engine().realtime(hz=500.0) as loop:
        burst = loop.next()
        assert burst is not None
        calls: dict[str, Callable[[Any], object]] = {
            "next": loop.next,
            "inject": loop.inject,
            "inject potential": lambda x: loop.inject("E", x),
            "inject voxels": lambda x: loop.inject("E", 1.0, voxels=x),
            "inject channel": lambda x: loop.inject("E", 1.0, channel=x),
            "edit": loop.edit,
            "record": loop.record,
            "record spikes": lambda x: loop.record(spikes=x),
            "counts": burst.counts,
            "population": loop.population,
            "ids": burst.ids,
            "fired": burst.fired,
            "burst inject": burst.inject,
        }
        for name, call in calls.items():
            for value in VALUES:
                try:
                    call(value)
                except rb.Error:
                    pass
                except Exception as e:
                    wrong.append((name, safe(value), f"{type(e).__name__}: {e}"))
    assert not wrong


def test_setters_and_fields() -> None:
    """State is what users write into; results and neurons are read-only."""
    wrong = []
    for f in dataclasses.fields(rb.State):
        if f.name.startswith("_"):
            continue
        for value in VALUES:
            eng = engine()
            state = eng.state()
            setattr(state, f.name, value)
            try:
                eng.set_state(state)
                eng.run(1.0)
            except rb.Error:
                pass
            except Exception as e:
                wrong.append((f.name, safe(value), f"{type(e).__name__}: {e}"))
    assert not wrong


@pytest.mark.parametrize("name", ["NetworkBuilder", "Engine", "Network", "LIF", "Population"])
def test_properties_are_read_only(name: str) -> None:
    thing = make(getattr(rb, name))
    for member, value in inspect.getmembers(type(thing)):
        if isinstance(value, property) and not member.startswith("_"):
            with pytest.raises(AttributeError):
                setattr(thing, member, 1)


def test_a_refused_call_changes_nothing() -> None:
    nb = builder()
    before = nb.build().hash
    for parameter in ("pre", "post", "rule", "weight", "delay", "psp"):
        for value in VALUES:
            arguments = {"pre": "E", "post": "I", "rule": rb.one_to_one(), parameter: value}
            with contextlib.suppress(rb.Error):
                nb.remove(nb.connect(**arguments))
            assert nb.build().hash == before, (parameter, safe(value))
    eng = engine()
    for value in VALUES:
        try:
            eng.inject([0, 1, 2], [5.0, 6.0, value])
            accepted = True
        except rb.Error:
            accepted = False
        assert (eng.run(bursts=1).signature == plain_run(eng.burst)) or accepted, safe(value)
        if accepted:
            eng = engine()


def plain_run(bursts: int) -> str:
    return engine().run(bursts=bursts).signature


def test_the_count_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/reliability.md says of this file."""
    calls = sum(len(parameters(c)) for a, b in SUBJECTS.values() if (c := bound(a, b)) is not None)
    assert calls * len(VALUES) > 10_000
    if os.environ.get("RHEOBASE_COUNTS"):
        with capsys.disabled():
            print(f"{len(SUBJECTS)} callables, {calls} parameters, {len(VALUES)} values")
