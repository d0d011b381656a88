# SPDX-License-Identifier: Apache-2.0
"""Encoders and decoders, each against its formula."""

import copy
import math
import pathlib
import sys
import types

import numpy as np
import pytest

import rheobase as rb
from rheobase import decode, encode

SHARES = np.linspace(0, 1, 41).reshape(-1, 1) * np.ones((1, 3))


def test_scaled() -> None:
    values = np.array([[-5.0, 0.0], [2.5, 99.0]])
    assert encode.scaled(values, 0, 10).tolist() == [[0.0, 0.0], [0.25, 1.0]]
    assert decode.scaled([0.0, 0.25, 1.0], -2, 2).tolist() == [-2.0, -1.0, 2.0]
    with pytest.raises(rb.errors.InvalidArgumentError, match="low = 3 is not below high = 3"):
        encode.scaled(values, 3, 3)


def test_rate_has_as_many_spikes_as_it_says_after_any_number_of_bursts() -> None:
    spikes = encode.rate(SHARES, 100)
    assert spikes.dtype == np.bool_ and spikes.shape == (100, 41, 3)
    so_far = np.cumsum(spikes, axis=0)
    wanted = SHARES.astype(np.float32).astype(float) * np.arange(1, 101).reshape(-1, 1, 1)
    assert np.abs(so_far - wanted).max() <= 0.5 + 1e-6
    # burst by burst it is the same
    parts = [encode.rate(SHARES, 1, first_burst=t)[0] for t in range(1, 101)]
    assert np.array_equal(parts, spikes)


def test_bernoulli_and_poisson_have_the_moments_of_theirs() -> None:
    n = 200_000
    for p in (0.0, 0.01, 0.5, 1.0):
        share = encode.bernoulli(np.full(n, p), 1).mean()
        assert abs(share - p) <= 5 * math.sqrt(p * (1 - p) / n) + 1e-12
    for mean in (0.0, 0.1, 3.0, 40.0):
        counts = encode.poisson(np.full(n, mean), 1)
        assert counts.dtype == np.uint16
        assert abs(counts.mean() - mean) <= 5 * math.sqrt(mean / n)
        if mean:
            assert counts.var() == pytest.approx(mean, rel=0.03)
            zeros = (counts == 0).mean()
            assert zeros == pytest.approx(math.exp(-mean), abs=0.005)


def test_draws_follow_seed_id_and_burst() -> None:
    values = np.full(37, 0.5)
    for code in (encode.bernoulli, encode.poisson):
        whole = code(values, 20, seed=3)
        assert np.array_equal(whole[4:9, 5:20], code(values[5:20], 5, 3, first_id=5, first_burst=5))
        assert not np.array_equal(whole, code(values, 20, seed=4))
        assert not np.array_equal(whole[0], whole[1])
    # no release changes them: Threefry-4x32-13, four values a call
    call = threefry((2, 7, 0, 0), (0x89ABCDEF, 0x1234567, 0, 1))
    shares = np.array([w / 2**32 for w in call])
    wanted = {"seed": 0x123456789ABCDEF, "first_id": 8, "first_burst": 7}
    assert encode.bernoulli(shares - 1e-6, 1, **wanted).astype(int).tolist() == [[0, 0, 0, 0]]
    assert encode.bernoulli(shares + 1e-6, 1, **wanted).astype(int).tolist() == [[1, 1, 1, 1]]


def threefry(counter: tuple[int, ...], key: tuple[int, ...]) -> list[int]:
    """Salmon et al., SC 2011."""
    keys = [*key, 0x1BD11BDA ^ key[0] ^ key[1] ^ key[2] ^ key[3]]
    x = [(a + b) % 2**32 for a, b in zip(counter, key, strict=True)]
    turns = [(10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20)]
    for r in range(13):
        pairs = [(0, 1), (2, 3)] if r % 2 == 0 else [(0, 3), (2, 1)]
        for (a, b), turn in zip(pairs, turns[r % 8], strict=True):
            x[a] = (x[a] + x[b]) % 2**32
            x[b] = (x[b] << turn | x[b] >> 32 - turn) % 2**32 ^ x[a]
        if r % 4 == 3:
            i = r // 4 + 1
            x = [(v + keys[(i + k) % 5]) % 2**32 for k, v in enumerate(x)]
            x[3] = (x[3] + i) % 2**32
    return x


def test_latency_and_back() -> None:
    bursts = 32
    spikes = encode.latency(SHARES, bursts)
    assert (spikes.sum(axis=0) == 1).all()
    row = spikes.argmax(axis=0)
    exact = (1 - SHARES.astype(np.float32).astype(float)) * (bursts - 1)
    assert np.array_equal(row, np.floor(exact + 0.5))
    back = decode.latency(spikes)
    assert np.abs(back - SHARES).max() <= 0.5 / (bursts - 1) + 1e-6
    assert decode.latency(np.zeros((4, 2), bool), silent=0.25).tolist() == [0.25, 0.25]


def test_first_spike_is_that_of_a_leaky_neuron() -> None:
    values = np.array([0.5, 1.0, 1.01, 1.5, 2.0, 8.0, 1000.0])
    tau, bursts = 7.0, 40
    spikes = encode.first_spike(values, bursts, tau, threshold=1.0)
    for i, v in enumerate(values.astype(np.float32).astype(float)):
        time = tau * math.log(v / (v - 1)) if v > 1 else math.inf
        row = math.ceil(time) - 1 if time <= bursts else None
        assert spikes[:, i].nonzero()[0].tolist() == ([] if row is None else [row])
    back = decode.first_spike(spikes, tau, 1.0)
    fired = spikes.any(axis=0)
    assert (back[~fired] == 0).all()
    assert (back[fired] <= values[fired] * (1 + 1e-6)).all()
    # of what it gives back, the spike is in the same row or next to it
    again = encode.first_spike(back * np.float32(1 + 1e-6), bursts, tau, 1.0)
    assert np.array_equal(again, spikes)


def test_population_is_bell_shaped_in_every_width() -> None:
    values = np.array([[0.0, 0.25], [0.5, 0.9]])
    widths = [0.1, 0.3]
    activity = encode.population(values, 5, 0, 1, width=widths)
    assert activity.shape == (2, 2, 2, 5)
    centres = np.linspace(0, 1, 5)
    away = values[:, :, None, None] - centres
    expected = np.exp(-(away**2) / (2 * np.square(widths)[:, None]))
    assert activity == pytest.approx(expected, rel=1e-5, abs=1e-12)
    assert encode.population(0.3, 5).shape == (5,)
    assert encode.population(0.25, 5)[1] == 1.0  # its width: the distance of the centres
    assert encode.population(0.0, 5)[1] == pytest.approx(math.exp(-0.5), rel=1e-6)


def test_population_and_back() -> None:
    values = np.linspace(0, 1, 50)
    activity = encode.population(values, 21, -0.5, 1.5)
    assert decode.population(activity, -0.5, 1.5) == pytest.approx(values, abs=2e-3)


def test_population_vector() -> None:
    directions = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    found = decode.population_vector([[3, 1, 0, 0], [0, 0, 0, 0]], directions, silent=9)
    assert found.tolist() == [[0.75, 0.25], [9, 9]]
    assert decode.population_vector(np.array([1, 3]), [0.0, 1.0]) == 0.75
    with pytest.raises(rb.errors.InvalidArgumentError, match="do not fit 3 neurons"):
        decode.population_vector([1, 2, 3], directions)


def test_signed_pair_and_back() -> None:
    pairs = encode.signed_pair([[-1.5, 0.0], [2.0, -0.0]])
    assert pairs.tolist() == [[[0, 1.5], [0, 0]], [[2, 0], [0, 0]]]
    assert decode.signed_pair(pairs).tolist() == [[-1.5, 0.0], [2.0, 0.0]]


def test_on_off_is_a_pixel_less_its_surround() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (9, 13)).astype(np.uint8)
    for radius in (1, 2, 20):
        found = encode.on_off(picture, radius)
        for y in range(9):
            for x in range(13):
                square = picture[
                    max(y - radius, 0) : y + radius + 1, max(x - radius, 0) : x + radius + 1
                ]
                contrast = float(picture[y, x]) - square.mean()
                expected = [max(contrast, 0), max(-contrast, 0)]
                assert found[y, x].tolist() == pytest.approx(expected, abs=1e-4)
    assert (encode.on_off(np.full((4, 4), 7.0)) == 0).all()


def test_frame_difference() -> None:
    former = np.array([[1.0, 2.0], [3.0, 4.0]])
    now = np.array([[1.5, 2.0], [1.0, 4.25]])
    found = encode.frame_difference(now, former, threshold=0.5)
    assert found.tolist() == [[[0.5, 0], [0, 0]], [[0, 2.0], [0, 0]]]


def test_events_are_counted_by_burst_and_polarity() -> None:
    seen = encode.Events(
        (3, 4),
        np.array([1000, 1999, 2000, 5000, 999, 2500]),
        np.array([0, 0, 3, 3, 1, 3]),
        np.array([0, 0, 2, 2, 1, 2]),
        np.array([True, True, False, True, True, False]),
    )
    assert len(seen) == 6
    counts = encode.events(seen, 3, dt=1.0, begin=1000)
    assert counts.shape == (3, 3, 4, 2) and counts.sum() == 4
    assert counts[0, 0, 0].tolist() == [2, 0]
    assert counts[1, 2, 3].tolist() == [0, 2]
    assert encode.events(seen, 5, dt=1.0).sum() == 6  # from the earliest on
    narrow = encode.Events((3, 3), seen.microseconds, seen.x, seen.y, seen.on)
    with pytest.raises(rb.errors.InvalidArgumentError, match="event 2 is at x = 3"):
        encode.events(narrow, 3)


def test_aedat4(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "seen.aedat4"
    kind = [("t", "<u8"), ("x", "<u2"), ("y", "<u2"), ("on", "?")]
    packets = [
        {"stream_id": 1, "frame": {}},
        {"stream_id": 0, "events": np.array([(5, 1, 2, True), (6, 3, 0, False)], kind)},
        {"stream_id": 2, "events": np.array([(7, 0, 0, True)], kind)},
        {"stream_id": 0, "events": np.array([(9, 0, 1, True)], kind)},
    ]
    size = {"width": 4, "height": 3}
    streams = {
        0: {"type": "events", **size},
        1: {"type": "frame", **size},
        2: {"type": "events", **size},
    }

    class Decoder(list):  # type: ignore[type-arg]
        def __init__(self, name: str) -> None:
            if pathlib.Path(name).read_bytes() != b"fine":
                raise RuntimeError("no magic number")
            super().__init__(packets)

        def id_to_stream(self) -> dict[int, object]:
            return dict(streams)

    monkeypatch.setitem(sys.modules, "aedat", types.SimpleNamespace(Decoder=Decoder))
    with pytest.raises(rb.errors.FileError, match="cannot be read"):
        encode.aedat4(path)
    path.write_bytes(b"torn")
    with pytest.raises(rb.errors.InvalidFileError, match="no magic number"):
        encode.aedat4(path)
    path.write_bytes(b"fine")
    seen = encode.aedat4(path)
    assert seen.shape == (3, 4) and seen.microseconds.tolist() == [5, 6, 9]
    assert (seen.x.tolist(), seen.y.tolist()) == ([1, 3, 0], [2, 0, 1])
    assert seen.on.tolist() == [True, False, True]
    assert len(encode.aedat4(path, stream=2)) == 1
    with pytest.raises(rb.errors.InvalidArgumentError, match="no stream of events 1"):
        encode.aedat4(path, stream=1)
    monkeypatch.setitem(sys.modules, "aedat", None)
    with pytest.raises(rb.errors.UnavailableError, match=r"rheobase\[events\]"):
        encode.aedat4(path)


# FEAGI's


@pytest.mark.parametrize(
    ("value", "depth", "positioning", "active"),
    [  # as feagi-sensorimotor's encoders place them
        (0.0, 10, "linear", [9]),
        (1.0, 10, "linear", [0]),
        (0.5, 10, "linear", [5]),
        (0.25, 4, "Linear", [3]),
        (0.5, 8, "fractional", [0]),
        (0.625, 8, "Fractional", [0, 2]),
        (1.0, 3, "fractional", [0, 1, 2]),
        (0.0, 8, "fractional", [7]),
        (0.001, 8, "fractional", [7]),
    ],
)
def test_percentage_is_feagis(
    value: float, depth: int, positioning: str, active: list[int]
) -> None:
    code = encode.percentage(value, depth, positioning)
    assert code.shape == (depth,)
    assert code.nonzero()[0].tolist() == active
    pair = encode.percentage([value, -value], depth, positioning, signed=True)
    assert pair.shape == (2, 2, depth)
    assert pair[0, 0].nonzero()[0].tolist() == active
    assert pair[1, 1].nonzero()[0].tolist() == active
    if value:
        assert not pair[0, 1].any() and not pair[1, 0].any()


@pytest.mark.parametrize(("positioning", "off"), [("linear", 1 / 16), ("fractional", 2**-16)])
def test_percentage_and_back(positioning: str, off: float) -> None:
    values = np.linspace(-1, 1, 201)
    code = encode.percentage(values, 16, positioning, signed=True)
    assert decode.percentage(code, positioning, signed=True) == pytest.approx(
        values, abs=off + 1e-6
    )
    shares = values[100:]
    back = decode.percentage(encode.percentage(shares, 16, positioning), positioning)
    assert back == pytest.approx(shares, abs=off + 1e-6)


def test_percentage_decoder_takes_the_mean_of_several() -> None:
    active = np.zeros(10)
    assert decode.percentage(active, silent=0.3) == np.float32(0.3)
    active[[2, 4]] = 1
    assert decode.percentage(active) == np.float32(0.7)  # FEAGI's mean of 1 - z / depth
    with pytest.raises(rb.errors.InvalidArgumentError, match="no two columns"):
        decode.percentage(np.zeros((3, 10)), signed=True)


# decoders


def test_counts_and_raster() -> None:
    spikes = np.array([[[1, 0], [2, 0]], [[1, 1], [300, 0]]])
    assert decode.counts(spikes).tolist() == [[2, 1], [302, 0]]
    assert decode.counts(spikes > 0).tolist() == [[2, 1], [2, 0]]
    nb = rb.NetworkBuilder()
    a = nb.population("A", 3, rb.Neuron(leak=1.0))
    nb.population("B", 2, rb.Neuron(leak=1.0))
    engine = rb.Engine(nb.build(), "reference")
    engine.schedule([1, 3, 3, 4], a.ids[[0, 1, 2, 0]], 1.0)
    seen = engine.run(4).spikes
    found = decode.raster(seen["A"], 3, bursts=4)
    assert found.astype(int).tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 1], [1, 0, 0]]
    assert decode.raster(seen["A"], 3, 2, first_burst=3).tolist() == found[2:].tolist()
    with pytest.raises(rb.errors.InvalidArgumentError, match="neuron 2 fired, of 2 neurons"):
        decode.raster(seen["A"], 2, bursts=4)


def test_winner_and_softmax() -> None:
    activity = np.array([[1, 3, 3], [0, 0, 0], [5, 1, 2]])
    assert decode.winner(activity).tolist() == [1, -1, 0]
    for temperature in (0.5, 1.0, 10.0):
        shares = decode.softmax(activity, temperature)
        weights = np.exp(activity / temperature)
        assert shares == pytest.approx(weights / weights.sum(axis=1, keepdims=True), rel=1e-5)
    # as many of each as the probabilities say
    many = np.tile(activity[2], (50_000, 1))
    chosen = decode.softmax_choice(many, 2.0, seed=5)
    shares = np.bincount(chosen, minlength=3) / chosen.size
    assert shares == pytest.approx(decode.softmax(activity[2], 2.0), abs=0.01)
    later = decode.softmax_choice(many[100:], 2.0, seed=5, first_id=100)
    assert np.array_equal(later, chosen[100:])
    assert not np.array_equal(decode.softmax_choice(many, 2.0, seed=5, burst=2), chosen)


def test_low_pass() -> None:
    tau, dt = 20.0, 0.5
    trace = decode.LowPass((2, 1), tau, dt)
    keep = math.exp(-dt / tau)
    for n in range(100):
        value = trace.step([[1.0], [1.0 if n == 0 else 0.0]])
        assert value[:, 0] == pytest.approx([1 - keep ** (n + 1), (1 - keep) * keep**n], rel=1e-4)
    assert np.array_equal(trace.value, value)
    trace.reset()
    assert (trace.value == 0).all()
    assert decode.LowPass(1, tau=1e-9).step(3.0) == 3.0
    with pytest.raises(rb.errors.InvalidArgumentError, match=r"shape \(3,\)"):
        trace.step([1, 2, 3])
    with pytest.raises(rb.errors.InvalidArgumentError, match="Make another"):
        copy.copy(trace)


def test_actuator() -> None:
    # no faster than 100 units a second: 0.2 in a burst of 2 ms
    fast = decode.Actuator(2, -1, 0.5, most_speed=100, dt=2.0)
    steps = [fast.step([9.0, -0.3]).tolist() for _ in range(4)]
    assert np.array(steps) == pytest.approx(
        np.array([[0.2, -0.2], [0.4, -0.3], [0.5, -0.3], [0.5, -0.3]]), abs=1e-6
    )
    slow = decode.Actuator(1, 0, 180, tau=50, rest=90, dt=10)
    keep = math.exp(-10 / 50)
    for n in range(1, 30):
        assert slow.step(120.0) == pytest.approx([120 - 30 * keep**n], rel=1e-5)
    slow.reset()
    assert slow.value.tolist() == [90]
    assert decode.Actuator(1, 2, 5).value.tolist() == [2]
    with pytest.raises(rb.errors.InvalidArgumentError, match="rest = 200 is not within"):
        decode.Actuator(1, 0, 180, rest=200)
    with pytest.raises(rb.errors.InvalidArgumentError, match="most_speed = 0 is out of range"):
        decode.Actuator(1, most_speed=0)


# what cannot be


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: encode.rate([0.5, 1.5], 3), "shares: number 1, 1.5, is out of range"),
        (lambda: encode.bernoulli([math.nan], 3), "shares: number 0, nan, is not finite"),
        (lambda: encode.poisson([-1], 3), "means: number 0, -1, is out of range"),
        (lambda: encode.poisson([1], -1), "bursts = -1 is out of range"),
        (lambda: encode.latency([1], 0), "bursts = 0 is out of range"),
        (lambda: encode.first_spike([1], 3, tau=0), "tau = 0 is out of range"),
        (lambda: encode.population([1], 3, 1, 1), "low = 1 is not below high = 1"),
        (lambda: encode.population([1], 3, width=[[1]]), "neither a number nor a list"),
        (lambda: encode.percentage([1], 25, "fractional"), "depth = 25 is out of range"),
        (lambda: encode.percentage([1], 8, "log"), "positioning = 'log' is not known"),
        (lambda: encode.on_off(np.zeros((2, 2, 3))), "(height, width) is expected"),
        (lambda: encode.on_off(np.zeros((2, 2)), 0), "radius = 0 is out of range"),
        (lambda: encode.frame_difference([[1]], [[1, 2]]), "do not match"),
        (lambda: encode.events(np.zeros(3), 3), "are not Events"),  # type: ignore[arg-type]
        (lambda: encode.rate("half", 3), "is not a number"),
        (lambda: decode.counts(np.zeros(3)), "of type float64"),
        (lambda: decode.counts([[-1]]), "outside 0 to 65535"),
        (lambda: decode.winner(np.zeros((2, 0))), "there are no values"),
        (lambda: decode.winner([1, -2]), "activity: number 1, -2, is out of range"),
        (lambda: decode.softmax([1, 2], 0), "temperature = 0 is out of range"),
        (lambda: decode.signed_pair([1, 2, 3]), "no last axis of 2"),
        (lambda: decode.raster([1], 1, 1), "are no spikes"),  # type: ignore[arg-type]
    ],
)
def test_wrong_input(call: object, message: str) -> None:
    with pytest.raises(rb.errors.InvalidArgumentError) as error:
        call()  # type: ignore[operator]
    assert message in str(error.value)


def test_empty_values() -> None:
    assert encode.rate(np.empty((0, 3)), 5).shape == (5, 0, 3)
    assert encode.population([], 4).shape == (0, 4)
    assert encode.poisson([0.5], 0).shape == (0, 1)
