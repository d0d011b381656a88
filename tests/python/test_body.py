# SPDX-License-Identifier: Apache-2.0
"""The whole system: a brain in a small body follows a bar, with the same spikes however it is run."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import rheobase as rb

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples" / "python"))
from bodies.bar import Body
from follow_bar import take_turns, vision_brain

BURSTS = 1000
BACKENDS = [
    "reference",
    "cpu",
    *(d.backend for d in rb.devices() if d.usable and d.backend.startswith("wgpu")),
]


@pytest.fixture(scope="module")
def brain() -> rb.Network:
    return vision_brain()


@pytest.fixture(scope="module")
def followed(brain: rb.Network) -> tuple[str, float]:
    """Signature and error on the cpu."""
    body = Body(brain["Camera"].shape[0])
    return take_turns(rb.Engine(brain, "cpu", threads=2), body, BURSTS), body.error()


def test_the_camera_follows_the_bar(brain: rb.Network, followed: tuple[str, float]) -> None:
    cut = Body(brain["Camera"].shape[0], motor_is_cut=True)
    take_turns(rb.Engine(brain, "cpu"), cut, BURSTS)
    assert followed[1] < 0.5 * cut.error()


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_same_on_every_backend(
    brain: rb.Network, followed: tuple[str, float], backend: str
) -> None:
    body = Body(brain["Camera"].shape[0])
    assert (take_turns(rb.Engine(brain, backend), body, BURSTS), body.error()) == followed


class Lines:
    """A brain at the other end of two pipes."""

    def __init__(self, program: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [program, "run", "--stdio", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.hello = self.hear()

    def hear(self) -> dict[str, object]:
        assert self.process.stdout is not None
        answer: dict[str, object] = json.loads(self.process.stdout.readline())
        return answer

    def say(self, line: object) -> dict[str, object]:
        assert self.process.stdin is not None
        self.process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self) -> dict[str, object]:
        ended = self.say({"quit": True})
        assert self.process.wait() == 0
        return ended


@pytest.fixture
def genome(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "vision.genome"
    path.write_text(rb.generate("vision", neurons=2000), encoding="utf-8")
    return path


def test_the_same_over_stdio(
    program: str, genome: pathlib.Path, followed: tuple[str, float]
) -> None:
    lines = Lines(program, str(genome), "--outputs", "Motor", "--backend", "cpu")
    areas = {a["name"]: a for a in lines.hello["areas"]}  # type: ignore[attr-defined]
    width, half = areas["Camera"]["size"][0], areas["Motor"]["size"][0] // 2
    body = Body(width)
    for _ in range(BURSTS):
        picture = body.picture()
        seen = [
            [int(x), int(y), 0, float(picture[y, x])]
            for y, x in zip(*picture.nonzero(), strict=True)
        ]
        answer = lines.say({"input": {"Camera": seen}})
        fired: dict[str, list[list[int]]] = answer["fired"]  # type: ignore[assignment]
        body.move(np.array(fired["Motor"], np.int64).reshape(-1, 3), half)
    assert (lines.end()["signature"], body.error()) == followed


def test_bad_lines_leave_the_brain_alive(program: str, genome: pathlib.Path) -> None:
    lines = Lines(program, str(genome))
    assert lines.hello["protocol"] == "rheobase-stdio" and lines.hello["version"] == 1
    assert lines.hello["outputs"] == ["Motor"]
    for bad, text in (
        ("no json", "not valid JSON"),
        ("[1]", "Give an object"),
        ({"inputs": {}}, "'inputs' is not understood"),
        ({"input": {"Camra": []}}, "Did you mean 'Camera'"),
        ({"input": {"Camera": [[0, 0]]}}, "x, y, z, potential"),
        ({"input": {"Camera": [[99, 0, 0, 1]]}}, "outside"),
        ({"input": {"Camera": [[0, 0, 0, "much"]]}}, "a number was expected"),
        ('{"input": {"Camera": [[0, 0, 0, 1e999]]}}', "number"),
        ({"neurons": [[10**9, 1]]}, "there is no neuron"),
        ({"bursts": 0}, "1 to 1000000"),
        ({"bursts": -1}, "whole number"),
    ):
        answer = lines.say(bad)
        assert text in str(answer["error"]), answer
    assert lines.say({})["burst"] == 1
    assert lines.say({"bursts": 3})["burst"] == 2
    assert [lines.hear()["burst"] for _ in range(2)] == [3, 4]
    assert lines.end()["burst"] == 4


def test_a_checkpoint_goes_on(program: str, genome: pathlib.Path, tmp_path: pathlib.Path) -> None:
    state = str(tmp_path / "state")
    first = Lines(program, str(genome), "--checkpoint", state)
    first.say({"neurons": [[10, 5.0]], "bursts": 1})
    first.end()
    second = Lines(program, "--resume", state)
    assert second.hello["burst"] == 1
    assert second.say({})["burst"] == 2
    second.end()
