# SPDX-License-Identifier: Apache-2.0
"""Members that are stepped together fire as engines of their own do."""

import os
import pathlib
import signal
import sys
import time

import numpy as np
import numpy.typing as npt
import pytest

import rheobase as rb


def brain(quantum_bits: int | None = 16) -> rb.Network:
    nb = rb.NetworkBuilder(dt=1.0, seed=3, quantum_bits=quantum_bits)
    lif = rb.LIF(tau_m=10, v_threshold=1, v_reset=0, t_ref=1)
    senses, left, right = (nb.population(n, 10, lif) for n in ("senses", "left", "right"))
    nb.connect(senses, left, rb.fixed_probability(0.5), weight=0.25)
    nb.connect(senses, right, rb.fixed_probability(0.5), weight=0.25, delay=2)
    nb.drive(right, rb.poisson(100), weight=0.5)
    return nb.build()


def engine_of(members: int = 5, threads: int = 2) -> rb.VectorEngine:
    return rb.VectorEngine(
        brain(), members, inputs="senses", outputs=["left", "right"], seed=7, threads=threads
    )


def potentials(members: int, step: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng(step).random((members, 10)) * 0.6


@pytest.mark.parametrize("threads", [1, 3])
def test_members_fire_as_engines_of_their_own(threads: int) -> None:
    many = engine_of(threads=threads)
    assert (many.members, many.inputs, many.outputs) == (5, 10, (10, 10))
    alone = [rb.Engine(brain(), "reference", seed=7 + m) for m in range(5)]
    for step in range(4):
        given = potentials(5, step)
        counts = many.step(6, given)
        assert counts.shape == (5, 2) and counts.dtype == np.uint32
        for m, engine in enumerate(alone):
            wanted = np.zeros(2, int)
            for _ in range(6):
                engine.inject("senses", given[m])
                spikes = engine.run(bursts=1).spikes
                wanted += len(spikes["left"]), len(spikes["right"])
            assert counts[m].tolist() == wanted.tolist()
        assert counts.any(axis=0).all()
    assert [many.signature(m) for m in range(5)] == [e.signature for e in alone]


def test_one_row_of_potentials_is_for_all_and_none_is_no_input() -> None:
    many, same = engine_of(), engine_of()
    row = potentials(1, 0)
    assert np.array_equal(many.step(5, row[0]), same.step(5, np.tile(row, (5, 1))))
    assert np.array_equal(many.step(5), same.step(5, np.zeros(10)))


def test_a_member_that_does_not_run_stays_where_it_is() -> None:
    many, rest = engine_of(), engine_of()
    mask = np.array([True, False, True, True, False])
    before = many.signature(1)
    counts = many.step(8, potentials(5, 0), running=mask)
    assert many.signature(1) == before and not counts[~mask].any() and counts[mask].any()
    # it then goes on as if nothing had been
    wanted = rest.step(8, potentials(5, 1))
    assert many.step(8, potentials(5, 1), running=~mask)[1].tolist() == wanted[1].tolist()


def test_reset_of_some_members() -> None:
    quiet = rb.NetworkBuilder()
    quiet.population("E", 3, rb.Neuron(leak=0.0, threshold=1.0))
    net = quiet.build()

    def made() -> rb.VectorEngine:
        return rb.VectorEngine(net, 4, inputs="E", outputs="E")

    for members in (2, [2], np.array([False, False, True, False])):
        many = made()
        many.step(1, np.full(3, 0.6))
        many.reset(members if not isinstance(members, int) else [members])
        assert many.step(1, np.full(3, 0.6))[:, 0].tolist() == [3, 3, 0, 3]
    many = made()
    many.step(1, np.full(3, 0.6))
    many.reset()
    assert not many.step(1, np.full(3, 0.6)).any()
    # time goes on: what a drive draws is not that of the last episode
    noisy = engine_of(1)
    first = [noisy.step(1)[0, 1] for _ in range(40)]
    noisy.reset()
    assert [noisy.step(1)[0, 1] for _ in range(40)] != first


def test_weights_shared_and_by_member() -> None:
    many = engine_of(3)
    net = brain()
    wired = net.connections("senses", "left")
    pre, post = net["senses"].first + wired.pre, net["left"].first + wired.post
    assert many.weights(pre, post).tolist() == np.tile(wired.weight, (3, 1)).tolist()
    assert net.weights(pre, post).tolist() == wired.weight.tolist()
    order = np.random.default_rng(1).permutation(pre.size)
    many.set_weights(pre[order], post[order], 0.5)
    assert (many.weights(pre, post) == 0.5).all()
    each = np.arange(3 * pre.size).reshape(3, -1) / 1024
    many.set_weights(pre, post, each)
    assert np.array_equal(many.weights(pre, post), each)
    many.set_weights(pre, post, -0.25, member=1)
    assert (many.weights(pre, post)[1] == -0.25).all()
    assert np.array_equal(many.weights(pre, post)[[0, 2]], each[[0, 2]])
    assert many.network(1).weights(pre, post)[0] == -0.25
    with pytest.raises(rb.errors.OutOfRangeError, match="finer quantum"):
        many.set_weights(pre, post, 0.1)
    many.set_weights(pre, post, 0.1, rounded=True)
    assert (many.weights(pre, post) == round(0.1 * 2**16) / 2**16).all()
    # they do what they say
    alone = rb.Engine(many.network(2), "reference", seed=9)
    alone.inject("senses", 3.0)
    alone.run(bursts=1)
    many.step(1, np.full(10, 3.0))
    assert many.signature(2) == alone.signature


def test_a_refused_change_of_weights_changes_nothing() -> None:
    many = engine_of(3)
    net = brain()
    wired = net.connections("senses", "left")
    pre, post = net["senses"].first + wired.pre, net["left"].first + wired.post
    before = many.weights(pre, post)
    wrong = np.array(post)
    wrong[-1] = 0  # no synapse ends there
    with pytest.raises(rb.errors.InvalidArgumentError):
        many.set_weights(pre, wrong, np.full((3, pre.size), 0.5))
    with pytest.raises(rb.errors.InvalidArgumentError, match="there is no synapse"):
        many.weights(pre, wrong)
    assert np.array_equal(many.weights(pre, post), before)


def test_networks_that_differ() -> None:
    nets = []
    for seed in (1, 2):
        nb = rb.NetworkBuilder(seed=seed)
        e = nb.population("E", 20, rb.LIF(v_threshold=1))
        nb.connect(e, e, rb.fixed_probability(0.3), weight=0.5)
        nets.append(nb.build())
    many = rb.VectorEngine(nets, inputs="E", outputs="E")
    given = np.linspace(0.05, 0.6, 20)
    many.step(10, given)
    for m, net in enumerate(nets):
        alone = rb.Engine(net, "reference")
        for _ in range(10):
            alone.inject("E", given)
            alone.run(bursts=1)
        assert many.signature(m) == alone.signature
    assert many.signature(0) != many.signature(1)


def test_wrong_arguments() -> None:
    net, many = brain(), engine_of(2)
    other = rb.NetworkBuilder()
    other.population("E", 30)
    cases = [
        (lambda: rb.VectorEngine([]), "there are no networks"),
        (lambda: rb.VectorEngine([net, other.build()]), "differ in their populations"),
        (lambda: rb.VectorEngine([net], 2), "does not fit 1 networks"),
        (lambda: rb.VectorEngine(net, inputs=["left", "left"]), "is an input twice"),
        (lambda: rb.VectorEngine(net, outputs=["left", net["left"][:2]]), "is an output twice"),
        (lambda: rb.VectorEngine(7), "7 is not a list"),  # type: ignore[arg-type]
        (lambda: many.step(1, np.zeros(3)), "potentials have the shape (3,)"),
        (lambda: many.step(1, np.full((2, 10), np.nan)), "not finite"),
        (lambda: many.step(1, np.full((2, 10), np.nan, np.float32)), "not a number"),
        (lambda: many.step(1, running=[1, 0]), "no mask of 2 members"),
        (lambda: many.reset([2]), "members: 2 does not exist"),
        (lambda: many.set_weights([0], [10, 11], 1.0), "differ in length"),
        (lambda: many.signature(2), "member = 2 is out of range"),
    ]
    for call, message in cases:
        with pytest.raises(rb.errors.InvalidArgumentError) as error:
            call()
        assert message in str(error.value)


# Gymnasium


def vector(**changes: object) -> "rb.gym.Vector":  # type: ignore[name-defined]
    pytest.importorskip("gymnasium")
    nb = rb.NetworkBuilder()
    nb.population("E", 2, rb.Neuron(leak=0.0, threshold=1.0))
    return rb.gym.Vector(
        nb.build(),
        3,
        inputs="E",
        outputs="E",
        bursts=1,
        **changes,  # type: ignore[attr-defined]
    )


def test_vector_is_what_gymnasium_wants() -> None:
    gymnasium = pytest.importorskip("gymnasium")
    env = vector(high=5.0)
    assert isinstance(env, gymnasium.vector.VectorEnv) and env.num_envs == 3
    assert env.single_action_space.shape == (2,) and env.action_space.shape == (3, 2)
    seen, infos = env.reset(seed=1)
    assert infos == {} and env.observation_space.contains(seen)
    env.action_space.seed(1)
    for _ in range(5):
        seen, rewards, ended, cut, _ = env.step(env.action_space.sample())
        assert env.observation_space.contains(seen)
        assert rewards.shape == ended.shape == cut.shape == (3,)
    assert not rewards.any() and not ended.any() and not cut.any()


def test_vector_resets_a_member_with_its_next_step() -> None:
    def reward(counts: np.ndarray, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return counts[:, 0] * 10.0 + 1, counts[:, 0] == 2

    env = vector(reward=reward, most_steps=3)
    env.reset()
    # member 0 fires in step 1, member 1 with two steps' input, member 2 never
    actions = np.array([[1.0, 1.0], [0.6, 0.6], [0.1, 0.1]])
    expected = [
        # spikes, rewards, ended, cut off
        ([2, 0, 0], [21, 1, 1], [1, 0, 0], [0, 0, 0]),
        ([0, 2, 0], [0, 21, 1], [0, 1, 0], [0, 0, 0]),
        ([2, 0, 0], [21, 0, 1], [1, 0, 0], [0, 0, 1]),
        ([0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]),
        ([2, 2, 0], [21, 21, 1], [1, 1, 0], [0, 0, 0]),
    ]
    for spikes, rewards, ended, cut in expected:
        found = env.step(actions)
        assert found[0][:, 0].tolist() == spikes
        assert found[1].tolist() == rewards
        assert found[2].tolist() == [bool(e) for e in ended]
        assert found[3].tolist() == [bool(c) for c in cut]


def test_vector_resets_those_of_a_mask() -> None:
    env = vector()
    env.reset()
    env.step(np.full((3, 2), 0.6))
    env.reset(options={"reset_mask": np.array([False, True, False])})
    assert env.step(np.full((3, 2), 0.6))[0][:, 0].tolist() == [2, 0, 2]


def test_actions_are_cut_off_at_their_limits() -> None:
    env = vector(high=0.5)
    env.reset()
    assert not env.step(np.full((3, 2), 9.0))[0].any()


def test_without_gymnasium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rheobase.gym", raising=False)
    monkeypatch.delattr(rb, "gym", raising=False)
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    with pytest.raises(rb.errors.UnavailableError, match=r"rheobase\[gym\]"):
        rb.gym  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="no attribute 'gymnastics'"):
        rb.gymnastics  # type: ignore[attr-defined]


def test_a_genome_takes_fractional_weights_where_its_quantum_is_finer(
    tmp_path: pathlib.Path,
) -> None:
    path = tmp_path / "vision.genome"
    path.write_text(rb.generate("vision", neurons=200), encoding="utf-8")
    plain, fine = rb.load(path), rb.load(path, quantum_bits=16)
    assert (plain.quantum, fine.quantum) == (1.0, 2.0**-16)
    engines = [rb.Engine(net, "reference") for net in (plain, fine)]
    for engine in engines:
        engine.inject("Camera", 2.0)
        engine.run(bursts=5)
    assert engines[0].signature == engines[1].signature
    wired = fine.connections("Camera", "Edges")
    pre = fine["Camera"].first + wired.pre[:3]
    post = fine["Edges"].first + wired.post[:3]
    with pytest.raises(rb.Error), engines[0].editing() as edit:
        edit.set_weights(pre, post, 0.3)
    with engines[1].editing() as edit:
        edit.set_weights(pre, post, 0.5)
    assert engines[1].network.weights(pre, post).tolist() == [0.5] * 3
    recipe = tmp_path / "net.json"
    recipe.write_text(rb.generate("balanced", neurons=100), encoding="utf-8")
    assert rb.load(recipe, quantum_bits=30).quantum == 2.0**-30
    rb.load(recipe).save(tmp_path / "net.checkpoint")
    with pytest.raises(rb.errors.InvalidArgumentError, match="is a checkpoint, whose charges"):
        rb.load(tmp_path / "net.checkpoint", quantum_bits=30)
    with pytest.raises(rb.errors.InvalidArgumentError, match="quantum_bits = 41 is out of range"):
        rb.load(path, quantum_bits=41)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_goes_on_and_ends() -> None:
    many, same = engine_of(threads=3), engine_of(threads=3)
    many.step(3, potentials(5, 0))
    same.step(3, potentials(5, 0))
    wanted = same.step(3, potentials(5, 1))
    child = os.fork()
    if child == 0:
        fine = np.array_equal(many.step(3, potentials(5, 1)), wanted)
        del many
        os._exit(0 if fine else 1)
    for _ in range(300):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.1)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the child hangs")
    assert os.waitstatus_to_exitcode(status) == 0
    assert np.array_equal(many.step(3, potentials(5, 1)), wanted)
