# SPDX-License-Identifier: Apache-2.0
"""Lines of `run --stdio` for real sensors: pictures, held input, counts, and lines that run no burst."""

import base64
import json
import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import rheobase as rb

PROGRAM = os.environ.get("RHEOBASE_PROGRAM", "rheobase")


class Client:
    def __init__(self, folder: pathlib.Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [PROGRAM, "run", "brain", "--stdio", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
        )  # fmt: skip
        self.hello = self.hear()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def say(self, **line: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self) -> dict[str, Any]:
        last = self.say(quit=True)
        assert self.process.wait() == 0
        return last


def brain() -> rb.Network:
    nb = rb.NetworkBuilder(dt=1.0)
    nb.area("eye", (4, 3, 2), rb.Neuron(threshold=1.0), role="input")
    nb.area("arm", (4, 3, 2), rb.Neuron(threshold=1.0), role="output")
    nb.connect("eye", "arm", rb.one_to_one(), weight=2.0)
    return nb.build()


@pytest.fixture
def client(tmp_path: pathlib.Path) -> Iterator[Client]:
    brain().save(tmp_path / "brain")
    found = Client(tmp_path, "--outputs", "eye,arm")
    yield found
    found.process.kill()
    found.process.communicate()


def encoded(picture: Any) -> str:
    return base64.b64encode(np.asarray(picture, np.uint8).tobytes()).decode()


def test_a_picture_is_what_python_makes_of_it(client: Client) -> None:
    rng = np.random.default_rng(3)
    eng = rb.Engine(brain(), "cpu")
    for _ in range(6):
        picture = rng.integers(0, 256, (3, 4, 2), np.uint8)  # rows, columns, channels
        picture[rng.random((3, 4, 2)) < 0.4] = 0
        said = client.say(pictures={"eye": {"bytes": encoded(picture), "scale": 0.0078125}})
        eng.inject("eye", picture.astype(np.float32) * np.float32(0.0078125))
        spikes = eng.run(bursts=1).spikes
        for name in ("eye", "arm"):
            p = eng.network[name]
            assert said["fired"][name] == p.voxels(spikes[name].ids).tolist()
    assert client.end()["signature"] == eng.signature


def test_held_input_belongs_to_every_burst(client: Client) -> None:
    eng = rb.Engine(brain(), "cpu")
    for _ in range(7):
        eng.inject(np.array([3]), 1.25)
        eng.run(bursts=1)
    counted = client.say(neurons=[[3, 1.25]], bursts=7, hold=True, answer="counts")
    voxel = eng.network["eye"].voxels([3])[0].tolist()
    assert counted == {
        "burst": 7, "bursts": 7, "spikes": 13,
        "counts": {"eye": [[*voxel, 7]], "arm": [[*voxel, 6]]},
    }  # fmt: skip
    assert client.end()["signature"] == eng.signature


def test_answers_as_the_last_and_as_counts(client: Client) -> None:
    last = client.say(neurons=[[0, 1.25]], bursts=2, answer="last")
    assert (last["burst"], last["fired"]) == (2, {"eye": [], "arm": [[0, 0, 0]]})
    counts = client.say(neurons=[[0, 1.25]], bursts=2000, answer="counts")
    assert (counts["burst"], counts["bursts"], counts["spikes"]) == (2002, 2000, 2)
    every = client.say(neurons=[[0, 1.25]], bursts=2)
    assert every["burst"] == 2003 and client.hear()["fired"]["arm"] == [[0, 0, 0]]
    assert client.end()["burst"] == 2004


def test_it_saves_resets_edits_and_explains(client: Client, tmp_path: pathlib.Path) -> None:
    assert set(client.hello["keys"]) >= {"pictures", "hold", "answer", "why", "save", "edit"}
    client.say(neurons=[[0, 1.25]])
    assert client.say(save="kept") == {"saved": "kept", "burst": 1}
    assert rb.Engine.load(tmp_path / "kept").burst == 1
    first = client.say()
    assert client.say(reset=True) == {"reset": True, "burst": 0}
    client.say(neurons=[[0, 1.25]])
    assert client.say() == first
    post = 24
    assert client.say(edit={"remove": [[0, post]], "add": [[1, post, 3, 2]]})["edited"] == 2
    client.say(neurons=[[0, 1.25], [1, 1.25]])
    assert client.say()["fired"]["arm"] == [[0, 0, 1]]  # of 1 -> 25
    assert client.say()["fired"]["arm"] == [[0, 0, 0]]  # by the new one, after two
    why = client.say(neurons=[[0, 1.25]], why="eye[0]")
    assert (why["why"], why["fired"]) == (0, True) and "1.25" in why["text"]
    assert client.hear()["burst"] == why["burst"]
    client.end()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ({"pictures": {"eye": {"bytes": "AAAA"}}}, "has 3 bytes (24 bytes were expected"),
        ({"pictures": {"eye": {"bytes": "A?=="}}}, "is no base64"),
        ({"pictures": {"eye": {"bytes": "AAA"}}}, "is no base64"),
        ({"pictures": {"eye": {"bytes": "A==="}}}, "is no base64"),
        ({"pictures": {"eye": {"bytes": "", "size": 3}}}, "has a key 'size'"),
        ({"pictures": {"eye": "AAAA"}}, 'give {"bytes"'),
        ({"pictures": 3}, '"pictures" is'),
        ({"pictures": {"nose": {"bytes": ""}}}, "no area is called 'nose'"),
        ({"answer": "some"}, "all, last or counts"),
        ({"hold": 1}, "true or false"),
        ({"why": "arm[99]"}, "arm"),
        ({"save": "kept", "bursts": 2}, "a line of its own"),
        ({"save": "missing/folder/kept"}, "cannot write"),
        ({"edit": {"remove": [[0, 1]]}}, "no synapse"),
        ({"edit": {"add": [[0, 999, 1]]}}, "999"),
        ({"edit": {"grow": []}}, "'grow'"),
        ({"edit": {"weights": [[0, 1]]}}, "an entry of 'weights'"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_done(
    client: Client, line: dict[str, object], text: str
) -> None:
    said = client.say(**line)
    assert text in said["error"] and said["line"] == 1
    assert client.say()["burst"] == 1
    client.end()
